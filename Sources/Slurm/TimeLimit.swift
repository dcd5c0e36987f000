/// A time limit as Slurm writes it: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`,
/// `days-hours:minutes` or `days-hours:minutes:seconds`.
public struct TimeLimit: Sendable, Equatable {
  public var seconds: Int

  public init(seconds: Int) { self.seconds = seconds }

  /// nil if malformed.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    func numbers(_ text: Substring) -> [Int]? {
      let fields = text.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count <= 3 else { return nil }
      var numbers: [Int] = []
      for field in fields {
        guard (1...6).contains(field.utf8.count), field.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
          let number = Int(field)
        else { return nil }
        numbers.append(number)
      }
      return numbers
    }
    switch parts.count {
    case 1:
      guard let found = numbers(parts[0]) else { return nil }
      switch found.count {
      case 1: seconds = found[0] * 60
      case 2: seconds = found[0] * 60 + found[1]
      default: seconds = found[0] * 3600 + found[1] * 60 + found[2]
      }
    case 2:
      guard let days = numbers(parts[0]), days.count == 1, let found = numbers(parts[1]) else { return nil }
      let rest = found + [0, 0]
      seconds = days[0] * 86400 + rest[0] * 3600 + rest[1] * 60 + rest[2]
    default: return nil
    }
  }

  /// `days-hours:minutes:00` or `hours:minutes:00`, rounded up to a minute.
  public var text: String {
    let minutes = (seconds + 59) / 60
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (days, hours) = (minutes / 1440, minutes / 60 % 24)
    return (days > 0 ? "\(days)-\(two(hours))" : "\(hours)") + ":\(two(minutes % 60)):00"
  }
}
