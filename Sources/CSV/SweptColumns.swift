/// The columns of swept keys in the tables of results: the values as the file has them, and beside times, as text like
/// `5 ms`, the same in seconds, so that other programs can compute and draw with them.
public enum SweptColumns {
  /// The column of a swept key's times in seconds.
  public static func seconds(of key: String) -> String { key + "_s" }

  /// `names` without the columns of seconds.
  public static func withoutSeconds(_ names: [String]) -> [String] {
    let all = Set(names)
    return names.filter { !isSeconds($0, beside: all) }
  }

  /// Whether a column has the seconds of another one. Keys have a dot, results don't.
  public static func isSeconds(_ name: String, beside names: Set<String>) -> Bool {
    name.hasSuffix("_s") && name.utf8.contains(UInt8(ascii: ".")) && names.contains(String(name.dropLast(2)))
  }
}
