/// Counts in sentences.
public enum CountText {
  /// `3 runs`, `1 run`, `2 classes`: a number and its noun, which is given in the singular.
  public static func count(_ number: Int, _ noun: String) -> String { "\(number) \(form(number, of: noun))" }

  /// `run` or `runs`, `class` or `classes`, as a number demands.
  public static func form(_ number: Int, of noun: String) -> String {
    number == 1 ? noun : noun + (noun.hasSuffix("s") ? "es" : "s")
  }

  /// The verb of a number of things: `has` or `have`, `is` or `are`.
  public static func verb(_ number: Int, _ one: String, _ many: String) -> String { number == 1 ? one : many }
}
