/// The columns of swept keys in result tables: values as written in the experiment file, plus, for times written like
/// `5 ms`, a column in seconds, so that other programs can compute and plot with them.
public enum SweptColumns {
  /// The name of the column with a swept key's times in seconds.
  public static func seconds(of key: String) -> String { key + "_s" }

  /// `names` without the columns in seconds.
  public static func withoutSeconds(_ names: [String]) -> [String] {
    let all = Set(names)
    return names.filter { !isSeconds($0, beside: all) }
  }

  /// Whether a column has the values of another one in seconds. Names of keys contain a dot, names of results don't.
  public static func isSeconds(_ name: String, beside names: Set<String>) -> Bool {
    name.hasSuffix("_s") && name.utf8.contains(UInt8(ascii: ".")) && names.contains(String(name.dropLast(2)))
  }
}
