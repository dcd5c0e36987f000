/// When keys exist that not every file has.
enum KeyCondition: Sendable {
  /// With a value of another key: `kind: sgd`.
  case with(String)
  /// Without the key beside it: a file gives one of the two.
  case without(String)
}
