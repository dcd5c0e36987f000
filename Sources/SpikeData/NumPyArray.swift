import SafeText

/// A one-dimensional array of numbers in NumPy's `.npy` format. Arrays of objects, which are Python pickles and could run
/// commands, are refused.
struct NumPyArray {
  enum Kind: Character {
    case signed = "i"
    case unsigned = "u"
    case float = "f"
  }

  /// What an array's header tells.
  struct Layout {
    let kind: Kind
    /// Bytes per element.
    let size: Int
    let count: Int
    /// Where the elements begin.
    fileprivate let start: Int

    /// As NumPy names it.
    var type: String {
      let name =
        switch kind {
        case .signed: "int"
        case .unsigned: "uint"
        case .float: "float"
        }
      return "\(name)\(8 * size)"
    }
  }

  private let layout: Layout
  private let bytes: [UInt8]

  var count: Int { layout.count }
  var type: String { layout.type }

  /// Why bytes are not such an array.
  struct Problem: Error {
    var text: String
  }

  /// - Throws: `Problem`.
  init(_ bytes: [UInt8]) throws {
    layout = try Layout(bytes, total: bytes.count)
    self.bytes = bytes
  }

  private static let mostDictionaryBytes = 1 << 16
  /// As many bytes suffice for a `Layout`.
  static let mostHeaderBytes = mostDictionaryBytes + 12

  private func bits(_ index: Int) -> UInt64 {
    let place = layout.start + index * layout.size
    return (place..<place + layout.size).reversed().reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
  }

  /// An element as a number; integers beyond 2^53 are rounded.
  func number(_ index: Int) -> Double {
    let bits = bits(index)
    switch layout.kind {
    case .unsigned: return Double(bits)
    case .signed:
      let shift = UInt64(64 - 8 * layout.size)
      return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
    case .float:
      switch layout.size {
      case 2: return Double(HalfPrecision.float(UInt16(truncatingIfNeeded: bits)))
      case 4: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      default: return Double(bitPattern: bits)
      }
    }
  }

  /// A Python dictionary with the keys `descr`, `fortran_order` and `shape`, of which order does not matter for one
  /// dimension.
  fileprivate struct Header {
    private var text: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { self.text = text }

    private static let damaged = Problem(text: "its header is not as NumPy writes it")

    mutating func read() throws -> (type: String, shape: [Int]) {
      var (type, shape, order): (String?, [Int]?, Bool?) = (nil, nil, nil)
      try expect("{")
      while !skips("}") {
        let key = try string()
        try expect(":")
        switch key {
        case "descr":
          if peek == UInt8(ascii: "[") { throw Problem(text: "it is a structured array; save one array per column") }
          type = try string()
        case "fortran_order": order = try boolean()
        case "shape": shape = try tuple()
        default: throw Self.damaged
        }
        _ = skips(",")
      }
      guard let type, let shape, order != nil, peek == nil else { throw Self.damaged }
      return (type, shape)
    }

    private var peek: UInt8? {
      mutating get {
        text = text.drop { $0 == 0x20 || $0 == 0x0a }
        return text.first
      }
    }

    private mutating func skips(_ character: Character) -> Bool {
      guard peek == character.asciiValue else { return false }
      text.removeFirst()
      return true
    }

    private mutating func expect(_ character: Character) throws {
      guard skips(character) else { throw Self.damaged }
    }

    private mutating func string() throws -> String {
      guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { throw Self.damaged }
      text.removeFirst()
      guard let end = text.firstIndex(of: quote), end - text.startIndex <= 64 else { throw Self.damaged }
      defer { text = text[(end + 1)...] }
      return String(decoding: text[..<end], as: UTF8.self)
    }

    private mutating func boolean() throws -> Bool {
      _ = peek
      for (word, value) in [("True", true), ("False", false)] where text.starts(with: word.utf8) {
        text.removeFirst(word.utf8.count)
        return value
      }
      throw Self.damaged
    }

    private mutating func tuple() throws -> [Int] {
      var sizes: [Int] = []
      try expect("(")
      while !skips(")") {
        _ = peek
        let digits = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let size = Int(String(decoding: digits, as: UTF8.self)), sizes.count < 64 else { throw Self.damaged }
        text.removeFirst(digits.count)
        sizes.append(size)
        _ = skips(",")
      }
      return sizes
    }
  }
}

extension NumPyArray.Layout {
  private typealias Problem = NumPyArray.Problem

  /// - Parameters:
  ///   - bytes: the beginning of the array, at least its header.
  ///   - all: the bytes that it has.
  /// - Throws: `NumPyArray.Problem`.
  init(_ bytes: [UInt8], total all: Int) throws {
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12 else {
      throw Problem(text: "not in NumPy's .npy format")
    }
    let lengthBytes = bytes[6] == 1 ? 2 : 4
    guard (1...3).contains(bytes[6]) else { throw Problem(text: "version \(bytes[6]) of NumPy's format is not known") }
    let length = (8..<8 + lengthBytes).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    start = 8 + lengthBytes + length
    guard length <= NumPyArray.mostDictionaryBytes, start <= bytes.count else {
      throw Problem(text: "its header is damaged")
    }
    var header = NumPyArray.Header(bytes[(8 + lengthBytes)..<start])
    let (type, shape) = try header.read()
    guard shape.count == 1 else {
      throw Problem(
        text: "it has the shape (\(SafeText.list(shape.map(String.init), most: 8))), but must have one dimension")
    }
    var letters = Array(type)
    if let order = letters.first, "<|=>".contains(order) {
      letters.removeFirst()
      guard order != ">" else {
        throw Problem(text: "its numbers are big-endian; save array.astype(array.dtype.newbyteorder('<'))")
      }
    }
    guard letters.first != "O" else {
      throw Problem(
        text:
          "it is an array of Python objects, a pickle, which could run commands and is never read; save plain numbers")
    }
    guard let kind = letters.first.flatMap(NumPyArray.Kind.init), let size = Int(String(letters.dropFirst())),
      (kind == .float ? [2, 4, 8] : [1, 2, 4, 8]).contains(size)
    else {
      throw Problem(text: "its type is \(SafeText.excerpt(type, limit: 20)), but must be integers or floats")
    }
    let (total, overflows) = shape[0].multipliedReportingOverflow(by: size)
    guard !overflows, total == all - start else {
      throw Problem(text: "it claims \(shape[0]) numbers, but has \(all - start) bytes of \(size) each")
    }
    (self.kind, self.size, self.count) = (kind, size, shape[0])
  }
}
