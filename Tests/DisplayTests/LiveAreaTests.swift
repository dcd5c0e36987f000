import Display
import Testing

@Suite struct LiveAreaTests {
  /// Emulates a terminal of `width` columns: wraps lines and understands the escape sequences used in frames.
  private struct Screen {
    var width: Int
    var rows: [String] = [""]
    private var row = 0

    init(width: Int) { self.width = width }

    mutating func write(_ text: String) {
      var rest = Substring(text)
      while let character = rest.popFirst() {
        switch character {
        case "\n":
          row += 1
          if row == rows.count { rows.append("") }
          column = 0
        case "\r": column = 0
        case "\u{1b}":
          let sequence = rest.prefix { !$0.isLetter }
          rest = rest.dropFirst(sequence.count)
          switch rest.popFirst() {
          case "A": row = max(0, row - (Int(sequence.dropFirst()) ?? 1))
          case "K": rows[row] = String(rows[row].prefix(column))
          case "J": rows = Array(rows.prefix(row)) + [String(rows[row].prefix(column))]
          default: break
          }
        default:
          if column == width {
            row += 1
            if row == rows.count { rows.append("") }
            column = 0
          }
          var cells = Array(rows[row])
          if column < cells.count { cells[column] = character } else { cells.append(character) }
          rows[row] = String(cells)
          column += 1
        }
      }
    }
    private var column = 0

    /// Makes it narrower: long lines wrap, the cursor stays at the end.
    mutating func resize(to width: Int) {
      let old = rows
      rows = []
      for line in old {
        var rest = Substring(line)
        repeat {
          rows.append(String(rest.prefix(width)))
          rest = rest.dropFirst(width)
        } while !rest.isEmpty
      }
      self.width = width
      row = rows.count - 1
    }
  }

  @Test func linesAreRedrawnInPlace() {
    var (area, screen) = (LiveArea(), Screen(width: 20))
    screen.write("before\n")
    screen.write(area.frame(["one", "two long", "all"], width: 20))
    #expect(screen.rows == ["before", "one", "two long", "all", ""])
    screen.write(area.frame(["1", "2"], width: 20))
    #expect(screen.rows == ["before", "1", "2", ""])
    screen.write(area.frame(["3", "4", "5"], width: 20))
    #expect(screen.rows == ["before", "3", "4", "5", ""])
    screen.write(area.frame([], width: 20))
    #expect(screen.rows == ["before", ""])
  }

  @Test func textScrollsAbove() {
    var (area, screen) = (LiveArea(), Screen(width: 10))
    screen.write(area.frame(["a", "all"], width: 10))
    screen.write(area.frame(["b", "all"], above: "done: longer than a row", width: 10))
    #expect(screen.rows == ["done: long", "er than a ", "row", "b", "all", ""])
  }

  @Test func aNarrowedTerminalIsCleaned() {
    var (area, screen) = (LiveArea(), Screen(width: 20))
    screen.write("before\n")
    screen.write(area.frame(["0123456789abcdef", "\u{1b}[36mxy\u{1b}[0m"], width: 20))
    screen.resize(to: 6)
    screen.write(area.frame(["012", "xy"], width: 6))
    #expect(screen.rows == ["before", "012", "xy", ""])
  }

  @Test func otherTextBelowIsLeftAlone() {
    var (area, screen) = (LiveArea(), Screen(width: 40))
    screen.write(area.frame(["a", "b"], width: 40))
    screen.write("\nfinishing the batch\n")
    area.abandon()
    screen.write(area.frame(["c"], width: 40))
    #expect(screen.rows == ["a", "b", "", "finishing the batch", "c", ""])
  }
}
