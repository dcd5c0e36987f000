import Networks

/// The sweep of an experiment and everything its points share, for writing.
struct SweepText {
  /// Tree of the first point.
  var tree: SpecificationNode
  var axes: [Sweep.Axis]
  var zipped: Int
  /// Exclusions that exclude points.
  var exclusions: [[(key: String, value: SpecificationNode)]]

  var yaml: String {
    var configuration = Configuration()
    // The default of data.max_time may follow from it, and data are written before the network.
    if let node = tree["network"]?["time_step"], let step = try? ValueType<TimeStep>.timeStep.read(node) {
      configuration.run.timeStep = step
    }
    var writer = ConfigurationWriter(swept: axes.flatMap(\.keys), tree: tree)
    configuration.visit(&writer)
    guard !axes.isEmpty else { return writer.text }
    var text = writer.text + "sweep:\n"
    func lists(_ axis: Sweep.Axis) -> [String] {
      axis.keys.enumerated().map { column, key in
        "\(key): [\(axis.values.map { KeyTexts.yaml($0[column], of: key) }.joined(separator: ", "))]"
      }
    }
    func add(_ title: String, _ lines: [String]) {
      if !lines.isEmpty { text += "  \(title):\n" + lines.map { "    \($0)\n" }.joined() }
    }
    // Grid axes come before zip axes.
    add("grid", axes.dropLast(zipped).flatMap(lists))
    add("zip", axes.suffix(zipped).map { "- {\(lists($0).joined(separator: ", "))}" })
    add(
      "exclude",
      exclusions.map { entries in
        "- {" + entries.map { "\($0.key): \(KeyTexts.yaml($0.value, of: $0.key))" }.joined(separator: ", ") + "}"
      })
    return text
  }
}
