import CYAML

/// A piece of YAML as libyaml's parser reports it.
struct YAMLEvent {
  enum Kind {
    case streamEnd, documentStart
    case alias(String)
    case scalar(String, isPlain: Bool)
    case sequenceStart, mappingStart
    /// The end of a sequence or mapping.
    case end
    case other
  }

  var kind: Kind
  var mark: YAMLMark
  var anchor: String?
  var tag: String?
}
