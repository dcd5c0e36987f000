import KernelTable
import Quantities
import SafeText

/// Finds the column that a user means.
public enum ResultColumn {
  /// The column called `name`: one of `columns` in full or, for a dotted key, its last parts (`tau_mem` for
  /// `network.tau_mem`).
  ///
  /// - Parameter title: what the columns are called in the message.
  /// - Throws: `InputError` listing the choices and the nearest name.
  public static func resolve(_ name: String, among columns: [String], title: String) throws -> String {
    if columns.contains(name) { return name }
    let ends = columns.filter { $0.hasSuffix("." + name) }
    if let only = ends.first, ends.count == 1 { return only }
    guard ends.isEmpty else { throw InputError("\(name) is ambiguous: \(ends.joined(separator: ", "))") }
    let choices = "\(title): " + (columns.isEmpty ? "none" : columns.joined(separator: ", "))
    var lines = ["no \(title.hasSuffix("s") ? String(title.dropLast()) : title) \(SafeText.excerpt(name))"]
    if let key = KeyHelp.all.contains(name) ? name : nil {
      lines[0] = "\(key) is not swept"
    } else if let near = nearest(to: name, among: columns) {
      lines.append("  did you mean \(near)?")
    }
    throw InputError((lines + ["  " + choices]).joined(separator: "\n"))
  }

  /// The full name of the column that differs from `name` by a typo, or the few that contain it as a word or its
  /// beginning, as `test_accuracy` contains `accuracy` and `acc`.
  private static func nearest(to name: String, among columns: [String]) -> String? {
    let shorts = columns.map(short)
    if let near = NearestName.nearest(to: name, among: columns) { return near }
    let last = short(name)
    if let near = NearestName.nearest(to: last, among: shorts), let index = shorts.firstIndex(of: near) {
      return columns[index]
    }
    let parts = columns.filter { column in
      short(column).split(separator: "_").contains { $0 == name || name.count >= 3 && $0.hasPrefix(name) }
    }
    guard (1...4).contains(parts.count) else { return nil }
    return parts.count == 1
      ? parts[0] : parts.dropLast().joined(separator: ", ") + " or " + parts[parts.count - 1]
  }

  /// A dotted key as the title of a column: its last part, after those of the neuron parameter, the delays or the
  /// initialization if it is a part of one.
  public static func title(_ key: String) -> String {
    let parts = key.split(separator: ".")
    let whole = parts.dropLast().lastIndex {
      NeuronParameter.mappings.contains(String($0)) || ["delays", "init"].contains($0)
    }
    return whole.map { parts[$0...].joined(separator: ".") } ?? short(key)
  }

  /// The last part of a dotted key.
  public static func short(_ key: String) -> String { key.split(separator: ".").last.map(String.init) ?? key }
}
