import CYAML

/// Owns libyaml's parser and its input; returns one event after another.
final class YAMLEvents {
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let text: YAMLText

  init(_ text: YAMLText) throws(YAMLError) {
    self.text = text
    input = .allocate(capacity: max(1, text.bytes.count))
    _ = input.initialize(from: text.bytes)
    parser.initialize(to: yaml_parser_t())
    guard yaml_parser_initialize(parser) == 1 else {
      throw YAMLError("out of memory", at: YAMLMark(line: 1, column: 1))
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, text.bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  /// There is no next event after the end of the stream or an error.
  func next() throws(YAMLError) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw error() }
    defer { yaml_event_delete(&event) }
    let mark = YAMLMark(event.start_mark)
    switch event.type {
    case YAML_STREAM_END_EVENT: return YAMLEvent(kind: .streamEnd, mark: mark)
    case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, mark: mark)
    case YAML_ALIAS_EVENT: return YAMLEvent(kind: .alias(Self.string(event.data.alias.anchor) ?? ""), mark: mark)
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return YAMLEvent(
        kind: .scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE), mark: mark,
        anchor: Self.string(scalar.anchor), tag: Self.string(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return YAMLEvent(
        kind: .sequenceStart, mark: mark, anchor: Self.string(start.anchor), tag: Self.string(start.tag))
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return YAMLEvent(
        kind: .mappingStart, mark: mark, anchor: Self.string(start.anchor), tag: Self.string(start.tag))
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .end, mark: mark)
    default: return YAMLEvent(kind: .other, mark: mark)
    }
  }

  private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { UnsafeRawPointer($0).withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) } }
  }

  private func error() -> YAMLError {
    let state = parser.pointee
    var message = state.problem.map { String(cString: $0) } ?? "not YAML"
    if state.error == YAML_READER_ERROR {
      // The reader reports an offset, not a mark.
      return YAMLError(message, at: text.mark(at: Int(state.problem_offset)))
    }
    var mark = YAMLMark(state.problem_mark)
    if let tab = tab(in: mark.line, before: mark.column) {
      message = "a tab in the indentation; YAML allows only spaces"
      mark.column = tab
    } else if let error = YAMLAdvice(text, upTo: mark.line).error(
      message, at: mark, context: YAMLMark(state.context_mark))
    {
      return error
    } else if let context = state.context {
      message += " (\(String(cString: context)) that begins at line \(state.context_mark.line + 1))"
    }
    return YAMLError(message, at: mark)
  }

  /// The column of a tab in the indentation of `line`, or of one at `column`.
  private func tab(in line: Int, before column: Int) -> Int? {
    let scalars = Array(text.line(line).unicodeScalars)
    if let index = scalars.prefix(while: { $0 == " " || $0 == "\t" }).firstIndex(of: "\t") { return index + 1 }
    return column <= scalars.count && scalars[column - 1] == "\t" ? column : nil
  }
}

extension YAMLMark {
  init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}
