import KernelTable
import Networks
import Quantities

/// `docs/keys.md`: all keys of experiment files, from the table in `ConfigurationKeys.swift`.
public struct KeyReference {
  private struct Row {
    var key: String
    var value: String
    var fallback: String
    var effect: String

    /// Adds what the key is in another variant.
    mutating func add(_ other: Row) {
      if other.value != value { value += "; or " + other.value }
      if other.fallback != fallback { fallback += "; or " + other.fallback }
      effect += " " + other.effect
    }
  }

  /// Grouped by section; keys outside sections come first.
  private var tables: [(heading: String?, about: String, rows: [Row])] = [(nil, "", [])]
  private var path: [String] = []
  /// The conditions of the variants around the visited keys, and the keys that select them.
  private var variants: [(selector: String, condition: KeyCondition)] = []

  /// The whole page.
  public static var markdown: String {
    var reference = KeyReference()
    var configuration = Configuration()
    configuration.visit(&reference)
    return reference.page
  }

  private var page: String {
    var text = """
      # Keys of experiment files

      <!-- Written by `snnexp schema --markdown`; `make docs` regenerates it and `make check` compares it. -->

      Every key with its possible values, default and effect. Any key can be set on the command line under the name
      given here (`network.tau_mem=5ms`). Every key below `data`, `network` and `training` can be swept.

      - A time is written with its unit: \(TimeUnit.list). A rate is written in Hz. All other numbers are counts or dimensionless.
      - A default that is the name of a key means the value of that key.
      - A key marked * does not affect a run's numbers: changing it retrains nothing. (For data and weights files,
        the content counts, not the path.)
      - `snnexp config FILE` prints every key with its value for FILE.

      """
    for table in tables {
      if let heading = table.heading { text += "\n## `\(heading)`\n\n\(table.about)\n" }
      text += "\n| key | values, unit | default | effect |\n| --- | --- | --- | --- |\n"
      for row in table.rows { text += "| \(row.key) | \(row.value) | \(row.fallback) | \(row.effect) |\n" }
    }
    return text + Self.neurons + Self.surrogates + Self.sweep
  }

  /// Which models have which key, with its default there.
  private static var neurons: String {
    let models = NeuronModel.allCases.map { ($0.rawValue, $0.description) }
    var text = """

      ## Neuron models

      The keys of `network`, or of a layer, that depend on `neuron`, with their defaults. A dash: the model does not have
      the key; giving it to a layer, or in `network` where no layer's model has it, is an error. A layer inherits what
      `network` gives and its model has, and otherwise takes its own model's defaults; so it does for a `reset` that its
      model cannot do.

      | key | \(models.map { "`\($0.0)`" }.joined(separator: " | ")) |
      | --- |\(String(repeating: " --- |", count: models.count))

      """
    func add(_ key: String, _ value: (NeuronDescription) -> String?) {
      text += "| `\(key)` | \(models.map { value($0.1) ?? "-" }.joined(separator: " | ")) |\n"
    }
    add("reset") { model in model.resets.map { "`\($0.rawValue)`" }.joined(separator: ", ") }
    add("reset_gradient") { "`\($0.resetGradient.rawValue)`" }
    add("scaled_input") { $0.hasScaledInput ? "`false`" : nil }
    for parameter in NeuronParameter.all {
      add(parameter.name) { model in
        model.parameters.first { $0.name == parameter.name }.map {
          let none = model.hasOptionalSynapse && $0.name == "tau_syn" ? ", or `none`" : ""
          return "`\(ValueType<Double>.scalar(of: $0).text($0.standard))`" + none
        }
      }
    }
    let isFixed = NeuronParameter.all.filter(\.isFixed).map { "`\($0.name)`" }
    text += """

      Of several resets, the first is the default. \(KeyCondition.list(isFixed)) take one number. Each other
      parameter takes a value or a mapping, `PARAMETER` below being its name:

      ```yaml
      tau_mem: {init: {uniform: [20 ms, 100 ms]}, bounds: [20 ms, 100 ms], trained: true, per: unit}
      ```

      | key | values | default | effect |
      | --- | --- | --- | --- |

      """
    var rows = KeyReference()
    rows.path = ["network", "PARAMETER"]
    if let parameter = NeuronParameter.all.first(where: { $0.isTime && !$0.isFixed }) {
      var keys = ParameterKeys()
      keys.visit(&rows, of: parameter)
    }
    for row in rows.tables[0].rows {
      let value = row.value.replacing("time in \(TimeUnit.list)", with: "time or number")
      let note = row.key.hasSuffix(".via`") ? " Only for time constants: the others are trained as they are." : ""
      text += "| \(row.key) | \(value) | \(row.fallback) | \(row.effect)\(note) |\n"
    }
    return text
  }

  /// The shapes of the surrogate derivative.
  private static var surrogates: String {
    var text = """

      ## Surrogates

      The derivative of a spike by x = membrane - threshold in the backward pass: `amplitude` times the formula. Names
      differ between libraries: the formula counts. A layer of another kind than the network's takes its kind's scale and
      amplitude unless it gives its own.

      | `kind` | formula | `scale` | `amplitude` |
      | --- | --- | --- | --- |

      """
    for kind in SurrogateKind.allCases {
      let standard = kind.standard
      let scale = kind == .straightThrough ? "-" : NumberText.number(standard.scale)
      text +=
        "| `\(kind.rawValue)` | \(kind.formula) | \(scale) | \(NumberText.number(standard.amplitude)) |\n"
    }
    return text
  }

  private static let sweep = """

    ## `sweep`

    Keys that take several values. Every combination of the grid and of each item of `zip`, minus what `exclude` names,
    is a sweep point, and each point runs with every seed.

    | key | values | default | effect |
    | --- | --- | --- | --- |
    | `sweep.grid` | mapping of keys to lists or ranges | none | All combinations of the values. |
    | `sweep.zip` | list of mappings of keys to lists or ranges | none | Within an item, the first values go together, then the second ones, and so on; items are crossed with each other and with the grid. |
    | `sweep.exclude` | list of mappings of keys to values | none | Drops the points that match all values of an item. |

    Ranges include both ends: `{from: 1, to: 5, step: 1}`, `{linspace: [a, b, n]}`, `{geomspace: [a, b, n]}`.

    ```yaml
    sweep:
      grid:
        network.tau_mem: [5 ms, 10 ms, 20 ms]
        network.surrogate.scale: {geomspace: [1, 1000, 7]}
      zip:
        - network.hidden: [64, 128]
          training.optimizer.learning_rate: [2e-3, 1e-3]
      exclude:
        - {network.tau_mem: 5 ms, network.hidden: 64}
    ```

    """

  private mutating func add(_ key: String, _ value: String, _ fallback: String, _ about: String, isHashed: Bool = true)
  {
    let name = (path + [key]).joined(separator: ".").replacing(".[].", with: "[].")
    // Of conditions on the same key, the innermost says the most.
    let innermost = variants.indices.filter { index in
      !variants[(index + 1)...].contains { $0.selector == variants[index].selector }
    }
    let conditions = innermost.map { variants[$0] }.filter { $0.selector != key }.map { variant in
      switch variant.condition {
      case .without(let others): "Not together with \(others.map { "`\($0)`" }.joined(separator: ", ")). "
      case .with(let value): value.contains(": ") ? "Only with `\(value)`. " : "Only with \(value). "
      case .models(_, let option):
        option.models.count == NeuronModel.allCases.count ? "" : "Only \(option.models.joined(separator: ", ")). "
      }
    }
    let row = Row(
      key: "`\(name)`\(isHashed ? "" : "*")", value: value, fallback: fallback,
      effect: conditions.joined() + Self.escaped(about))
    let table = tables.count - 1
    // A key that exists in two variants is described once.
    if let first = tables[table].rows.firstIndex(where: { $0.key == row.key }) {
      tables[table].rows[first].add(row)
    } else {
      tables[table].rows.append(row)
    }
  }

  /// A text from the key table, escaped for a Markdown table.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "|<*".contains(character) { result += "\\" }
      result.append(character)
    }
    return result
  }
}

extension KeyReference: KeyVisitor {
  mutating func value<Value: Equatable>(
    _ key: String, _ value: inout Value, _ type: @autoclosure () -> ValueType<Value>, default: KeyDefault<Value>,
    affectsNumbers: Bool, _ about: String
  ) {
    let type = type()
    let fallback =
      switch `default` {
      case .value(let value): "`\(type.yaml(value))`"
      case .inherited(_, let from): "`\(from)`"
      case .dependent(_, _, let words): words.text
      case .required: "required"
      }
    add(key, type.words, fallback, about, isHashed: affectsNumbers)
  }

  mutating func parameter(
    _ key: String, _ value: inout ParameterKeys, of parameter: NeuronParameter, hasNone: Bool,
    default: KeyDefault<ParameterKeys>, _ about: String
  ) {
    let type = ValueType<ParameterKeys>.parameter(parameter, hasNone: hasNone)
    self.value(key, &value, type, default: `default`, about)
  }

  mutating func section(
    _ key: String, none: inout Bool?, unlessGiven isNone: Bool, _ about: String, _ body: (inout Self) -> Void
  ) {
    if path.isEmpty {
      tables.append((key, about, []))
    } else {
      add(key, none == nil ? "mapping" : "`none` or a mapping", none == true ? "`none`" : "", about)
    }
    path.append(key)
    body(&self)
    path.removeLast()
  }

  mutating func section(_ key: String, selectedBy selector: String, _ about: String, _ body: (inout Self) -> Void) {
    let place = tables[tables.count - 1].rows.count
    add(key, "`\(selector)` or a mapping", "", about)
    path.append(key)
    body(&self)
    path.removeLast()
    // The selector is the first key.
    let rows = tables[tables.count - 1].rows
    if place + 1 < rows.count { tables[tables.count - 1].rows[place].fallback = rows[place + 1].fallback }
  }

  mutating func variant(of selector: String, _ condition: KeyCondition, isActive: Bool, _ body: (inout Self) -> Void) {
    variants.append((selector, condition))
    body(&self)
    variants.removeLast()
  }

  func isGiven(_ key: String, current: Bool) -> Bool { current }

  mutating func inherited(_ body: (inout Self) -> Void) { body(&self) }

  mutating func layers(
    _ key: String, _ layers: inout [HiddenLayerSpecification], template: HiddenLayerSpecification, _ about: String,
    _ body: (inout Self, inout HiddenLayerSpecification) -> Void
  ) {
    let units = ValueType<Int>.units
    add(
      key, "units of one layer (\(units.words)), a mapping, or a list of these", "`\(units.yaml(template.units))`",
      about)
    path += [key, "[]"]
    var layer = template
    body(&self, &layer)
    path.removeLast(2)
  }
}

extension SurrogateKind {
  /// As Markdown, in a cell of a table.
  fileprivate var formula: String {
    switch self {
    case .fastSigmoid: "1 / (scale \\|x\\| + 1)^2"
    case .sigmoid: "scale p (1 - p), p = 1 / (1 + exp(-scale x))"
    case .arctan: "(scale / 2) / (1 + (pi / 2 scale x)^2)"
    case .triangle: "max(0, 1 - scale \\|x\\|)"
    case .boxcar: "1 if -1/2 \\< scale x \\<= 1/2, else 0"
    case .exponential: "exp(-scale \\|x\\|)"
    case .gaussian: "exp(-(scale x)^2 / 2)"
    case .multiGaussian:
      "1.15 N(x; 0, s) - 0.15 N(x; s, 6 s) - 0.15 N(x; -s, 6 s), s = 1 / scale, N(x; m, s) the normal density"
    case .straightThrough: "1"
    }
  }
}
