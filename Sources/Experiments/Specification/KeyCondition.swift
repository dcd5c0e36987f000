/// When conditional keys exist.
enum KeyCondition: Sendable {
  /// With a value of another key: `kind: sgd`.
  case with(String)
  /// Without a sibling key: a file gives one of the two.
  case without(String)
}
