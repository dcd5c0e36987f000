import KernelTable
import Networks

/// Scales and amplitudes that a file gives for one kind of surrogate, and that stay where an override or a sweep sets
/// another kind: each kind means something else by them.
struct KeptSurrogates {
  /// The kind that the values were written for.
  private let own: SurrogateKind
  /// The values that stay, in order of first occurrence: with the kinds that have them.
  private var kept: [(key: String, value: Double, kinds: [SurrogateKind])] = []
  /// Sweep points with such a value, and all.
  private var points = (kept: 0, all: 0)

  /// - Parameter root: the file, before overrides.
  init(file root: SpecificationNode) {
    own = Self.kind(root["network"]?["surrogate"]?["kind"]) ?? HiddenLayerSpecification.standard.surrogate.kind
  }

  private static func kind(_ node: SpecificationNode?) -> SurrogateKind? {
    guard case .string(let name) = node?.scalar else { return nil }
    return SurrogateKind(rawValue: name)
  }

  /// Looks at the tree of a sweep point, with overrides.
  mutating func add(_ tree: SpecificationNode) {
    points.all += 1
    let network = tree["network"]
    guard let node = network?["surrogate"]?["kind"], node.isSubstituted, let kind = Self.kind(node), kind != own else {
      return
    }
    var isKept = false
    func add(_ surrogate: SpecificationNode?, _ name: String) {
      for (key, standard) in [("scale", kind.standard.scale), ("amplitude", kind.standard.amplitude)] {
        // Only the straight-through derivative has no scale.
        guard let given = surrogate?[key], !given.isSubstituted, key != "scale" || kind != .straightThrough,
          let value = try? ValueType<Double>.single(.above(0)).read(given), value != standard
        else { continue }
        isKept = true
        let path = "\(name).surrogate.\(key)"
        let place = kept.firstIndex { $0.key == path } ?? kept.endIndex
        if place == kept.endIndex { kept.append((path, value, [])) }
        if !kept[place].kinds.contains(kind) { kept[place].kinds.append(kind) }
      }
    }
    add(network?["surrogate"], "network")
    // Layers that take the network's kind.
    let hidden = network?["hidden"]
    for (index, layer) in (hidden?.items ?? hidden.map { [$0] } ?? []).enumerated() {
      guard let surrogate = layer["surrogate"], surrogate["kind"] == nil else { continue }
      add(surrogate, hidden?.items == nil ? "network.hidden" : "network.hidden[\(index)]")
    }
    if isKept { points.kept += 1 }
  }

  var findings: [Finding] {
    kept.map { key, value, kinds in
      let isScale = key.hasSuffix("scale")
      let standards = kinds.map { kind in
        "\(kind.rawValue) \(NumberText.number(isScale ? kind.standard.scale : kind.standard.amplitude))"
      }
      let some = points.all > 1 ? " in \(points.kept) of \(points.all) sweep points" : ""
      return Finding(
        "kept_surrogate_\(isScale ? "scale" : "amplitude")",
        "\(key) stays \(NumberText.number(value)), which the file gives for \(own.rawValue), where "
          + "network.surrogate.kind is set to \(KeyCondition.list(kinds.map(\.rawValue), last: "or"))\(some)",
        consequence: isScale
          ? "the same scale is another width for each kind (defaults: \(standards.joined(separator: ", ")))"
          : "the same amplitude is another size of gradients (defaults: \(standards.joined(separator: ", ")))",
        remedy: "set \(isScale ? "scale" : "amplitude") along with kind, on the command line or as a zip item of the "
          + "sweep, if it should differ")
    }
  }
}
