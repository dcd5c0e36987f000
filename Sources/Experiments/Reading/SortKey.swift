import Quantities
import SafeText

/// Sort key of a table field: times by duration, numbers by value, text alphabetically; missing values and NaN come
/// last.
public enum SortKey: Sendable {
  case number(Double)
  case text(String)
  case missing

  public init(_ field: String?) {
    guard let field, !field.isEmpty else {
      self = .missing
      return
    }
    guard let quantity = Quantity(field) else {
      self = Double(field).map { $0.isNaN ? .missing : .number($0) } ?? .text(field)
      return
    }
    self = .number(quantity.seconds ?? quantity.value)
  }

  /// Positions of `keys` in sorted order; the sort is stable.
  public static func order(_ keys: [SortKey], descending: Bool) -> [Int] {
    keys.indices.sorted { a, b in
      switch (keys[a], keys[b]) {
      case (.missing, .missing): a < b
      case (.missing, _): false
      case (_, .missing): true
      case (.number(let x), .number(let y)): x == y ? a < b : (x < y) != descending
      case (.text(let x), .text(let y)): x == y ? a < b : (x < y) != descending
      case (.number, .text): !descending
      case (.text, .number): descending
      }
    }
  }
}
