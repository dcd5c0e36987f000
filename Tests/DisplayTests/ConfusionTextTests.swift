import Display
import Testing

@Suite struct ConfusionTextTests {
  private func text(_ pairs: [(Int, Int)], classes: Int) -> [String] {
    ConfusionText(
      classes: classes, samples: pairs.map { (label: $0.0, predicted: $0.1) }, name: { $0 == 1 ? "one" : "" }
    ).lines(width: nil)
  }

  @Test func fewClassesAreAMatrix() {
    #expect(
      text([(0, 0), (0, 1), (1, 1), (1, 1), (0, 1)], classes: 3) == [
        "confusion matrix (rows: label, columns: predicted)", "       0  1  2    right", "0      1  2  0   33.3 %",
        "1 one  0  2  0  100.0 %", "2      0  0  0        -",
      ])
    #expect(text([(49, 0)], classes: 50).count == 52)
    // A matrix that would wrap is no matrix.
    let wide = ConfusionText(classes: 20, samples: [(label: 0, predicted: 1)], name: { _ in "" })
    #expect(wide.lines(width: 200).count == 22 && wide.lines(width: 60)[0] == "20 classes, 1 kind of confusion")
  }

  @Test func ofManyClassesTheMostFrequentConfusions() {
    var pairs = [(Int, Int)](repeating: (1, 65534), count: 3) + [(1, 1), (7, 9), (7, 7), (3, 9)]
    #expect(
      text(pairs, classes: 65535) == [
        "65535 classes, 3 kinds of confusion", "confusions (label -> predicted):", "  1 one -> 65534: 3 of 4",
        "  3 -> 9: 1 of 1", "  7 -> 9: 1 of 2",
      ])
    pairs += (100..<200).map { ($0, 0) }
    let many = text(pairs, classes: 65535)
    #expect(many.count == 22 && many[1].hasPrefix("the 20 most frequent") && many[2].hasSuffix("3 of 4"))
    #expect(text([(5, 5)], classes: 51) == ["51 classes, 0 kinds of confusion"])
  }
}
