import SafeText

/// How many samples each class and each speaker of a file has.
struct ClassCounts {
  /// Ascending.
  let labels: [(value: Int64, count: Int)]
  let names: [String]?
  /// Ascending; nil if the file has none.
  let speakers: [(value: Int64, count: Int)]?

  init(labels: [Int64], names: [String]?, speakers: [Int64]?) {
    self.labels = Self.counted(labels)
    self.names = names
    self.speakers = speakers.map(Self.counted)
  }

  /// The most labels or speakers to list: a file may have any number.
  private static let mostLines = 200

  /// The distinct values, ascending, and how often each occurs.
  private static func counted(_ values: [Int64]) -> [(value: Int64, count: Int)] {
    let counts = values.reduce(into: [Int64: Int]()) { $0[$1, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func name(_ label: Int64) -> String? {
    names.flatMap { names in Int(exactly: label).flatMap { names.indices.contains($0) ? names[$0] : nil } }
  }

  var labelFacts: [(label: Int, name: String?, samples: Int)] {
    labels.map { (Int($0.value), name($0.value), $0.count) }
  }

  var speakerFacts: [(speaker: Int, samples: Int)]? { speakers?.map { (Int($0.value), $0.count) } }

  /// The classes, their names and how many samples each has.
  var classLines: [String] {
    let shown = labels.prefix(Self.mostLines)
    let words = shown.map { name($0.value).map { SafeText.line($0) } ?? "" }
    let width = words.map(\.count).max() ?? 0
    let digits = shown.map { "\($0.value)".count }.max() ?? 0
    func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: width - text.count) }
    return ["\(CountText.count(labels.count, "class")), \(width == 0 ? "" : "words, ")samples:"]
      + zip(shown, words).map { label, word in
        "  \(padded("\(label.value)", digits))\(label.value)  \(word)\(padded(word, width))\(width == 0 ? "" : "  ")\(label.count)"
      } + (labels.count > Self.mostLines ? ["  ... and \(labels.count - Self.mostLines) more"] : [])
  }

  var speakerLine: String? {
    speakers.map { speakers in
      let list = SafeText.list(speakers.map { "\($0.value) (\($0.count))" }, most: Self.mostLines)
      return "\(CountText.count(speakers.count, "speaker")), with samples: \(list)"
    }
  }

  /// What training refuses, and what users should know, about the labels.
  var remarks: (bad: [String], odd: [String]) {
    var (bad, odd): ([String], [String]) = ([], [])
    guard let smallest = labels.first?.value, let largest = labels.last?.value else { return (bad, odd) }
    if smallest < 0 { bad.append("negative labels") }
    if largest > 65535 { bad.append("label \(largest) is above 65535, the largest allowed") }
    if smallest > 0 { odd.append("no label 0: labels start at \(smallest)") }
    guard (0...65535).contains(smallest), (0...65535).contains(largest) else {
      odd.append(
        "labels with gaps: \(labels.count) different \(CountText.form(labels.count, of: "label")) from \(smallest) to \(largest)"
      )
      return (bad, odd)
    }
    let classes = Int(largest) + 1
    let missing = classes - labels.count
    if missing > 0 {
      odd.append(
        "labels with gaps: \(labels.count) different \(CountText.form(labels.count, of: "label")) up to \(largest), so "
          + "\(missing) of \(classes) classes \(CountText.verb(missing, "has", "have")) no samples (the network gets an "
          + "output for \(CountText.verb(missing, "it", "each of them")); renumber the labels from 0)")
    }
    if let words = names?.count, words < classes {
      odd.append("extra/keys has \(CountText.count(words, "word")) for \(classes) classes; the others have no name")
    }
    return (bad, odd)
  }
}
