import CSV
import Plotting
import Quantities
import Testing

/// Names of mappings among swept values.
@Suite struct ShortMappingsTests {
  private static let uniform = "{init: {uniform: [5 ms, 25 ms]}, bounds: [5 ms, 25 ms], trained: true, per: unit}"

  @Test func namesAreShort() {
    #expect(
      ShortMappings.of([
        "10 ms", Self.uniform, "{init: {normal: [20 ms, 4 ms]}, trained: true}", "{init: 5 ms, trained: true}",
        "{kind: step, epochs: 10, factor: 0.5}", "{mean_spikes: 1e-3}", "{init: {uniform: [1, 25 ms]}}",
        "{init: {gamma: [3, 20 ms]}}",
      ]) == [
        "10 ms", "uniform 5–25 ms trained", "normal 20±4 ms trained", "5 ms trained", "step", "mean_spikes 1e-3",
        "uniform 1–25 ms", "gamma 3,20 ms",
      ])
    #expect(ShortMappings.of([Self.uniform], separator: "_") == ["uniform_5–25 ms_trained"])
  }

  @Test func differentValuesHaveDifferentNames() {
    let texts = [
      "{init: 5 ms, bounds: [1 ms, 9 ms], trained: true}", "{init: 5 ms, bounds: [1 ms, 90 ms], trained: true}",
      "{init: 5 ms, trained: true}", "5 ms trained", "{kind: step, epochs: 5}", "{kind: step, epochs: 10}",
      "{kind:  step, epochs: 10}", "{init: 5 ms, trained: true}",
    ]
    let names = ShortMappings.of(texts)
    #expect(names[0] == "5 ms trained bounds 1–9 ms" && names[4] == "step epochs 5", "\(names)")
    #expect(names[2] == names[7])
    #expect(Set(names).count == Set(texts).count, "\(names)")
  }

  @Test func columnsAreShortenedEachForItself() {
    let rows = [[Self.uniform, "1", "{a: 1}"], ["20 ms", "1", "{a: 2}"], [Self.uniform, "2", "{a: 1}"]]
    let short = ShortMappings.Columns(rows)
    #expect(rows.map(short.short).map { $0[0] } == ["uniform 5–25 ms trained", "20 ms", "uniform 5–25 ms trained"])
    #expect(rows.map(short.short).map { $0[2] } == ["a 1", "a 2", "a 1"])
    // A row that was not among them stays as it is.
    #expect(short.short(["{b: 1}", "3"]) == ["{b: 1}", "3"])
    #expect(ShortMappings.Columns([]).short(["{b: 1}"]) == ["{b: 1}"])
    // A mapping whose shortest name is another value.
    let kinds = [["cosine"], ["{kind: cosine, warmup_epochs: 5}"], ["{kind: step, every: 10}"]]
    #expect(ShortMappings.ofColumns(kinds) == [["cosine"], ["cosine warmup_epochs 5"], ["step"]])
  }

  @Test(arguments: [
    "[128, 64]", "lif", "", "{", "{}", "{a: [", "{a}: b", String(repeating: "{a: ", count: 200), "{a: *b}",
    "{a: " + String(repeating: "x", count: 5000) + "}",
  ])
  func otherTextsStay(text: String) { #expect(ShortMappings.of([text, "10 ms"]) == [text, "10 ms"]) }

  @Test func figuresHaveThem() {
    let rows = ["10 ms", Self.uniform].map { ["r", "0", $0] }
    let axis = SweepDesign(CSVTable(header: ["run_id", "seed", "network.tau_mem"], rows: rows)).axes[0]
    #expect(axis.names == ["10 ms", "uniform 5–25 ms trained"] && axis.label == "tau_mem")
    #expect(axis.values[1] == [Self.uniform])
    for (key, name) in [
      ("network.delays.input", "delays.input"), ("network.delays.input.max", "delays.input.max"),
      ("network.delays", "delays"), ("network.recurrent", "recurrent"), ("network.init.gain", "init.gain"),
    ] {
      let table = CSVTable(header: ["run_id", "seed", key], rows: [["r", "0", "1"], ["s", "0", "2"]])
      #expect(SweepDesign(table).axes[0].label == name)
    }
  }
}
