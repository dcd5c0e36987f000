import Experiments
import Testing

struct KeyReferenceTests {
  /// The cells of each row of a table whose key is set in code.
  private var rows: [[String]] {
    var (rows, hasFour) = ([Substring](), false)
    for line in KeyReference.markdown.split(separator: "\n") {
      // Tables of models and surrogates have other columns.
      if line.hasPrefix("| key |") || line.hasPrefix("| `kind` |") { hasFour = line.hasSuffix("| default | effect |") }
      if hasFour, line.hasPrefix("| `") { rows.append(line) }
    }
    return rows.map { line in
      // An escaped bar does not end a cell.
      line.replacing("\\|", with: "/").split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimming { $0 == " " } }
    }
  }

  @Test func everyKeyHasOneRowOfFourCells() {
    let rows = rows
    for row in rows { #expect(row.count == 6 && row.first == "" && row.last == "", "\(row)") }
    let keys = rows.map { $0[1].prefix { $0 != "*" }.filter { $0 != "`" } }
    #expect(Set(keys).count == keys.count)
    // Sections such as network have no row of their own, only their keys.
    let sections = ["data", "network", "training", "record"]
    // The keys of a parameter's mapping are described once.
    func described(_ key: String) -> Bool {
      var parts = key.split(separator: ".")
      if parts.count == 3 { parts[1] = "PARAMETER" }
      return keys.contains(key) || keys.contains(parts.joined(separator: "."))
    }
    let missing = ExperimentSchema.keys.filter { !described($0) && !sections.contains($0) }
    #expect(missing == [])
    #expect(keys.contains("network.hidden[].surrogate.scale"))
  }

  @Test func defaultsAreValuesOrKeys() throws {
    func cells(_ key: String) throws -> [String] {
      try #require(rows.first { $0[1].hasPrefix("`\(key)`") }, "\(key)")
    }
    // Further models may follow in each list.
    let tauMem = try cells("network.tau_mem")[3]
    #expect(tauMem.hasPrefix("`10 ms` (lif") && tauMem.contains("`20 ms` (alif, adlif, ef_adlif, se_adlif"))
    let scale = try cells("network.adapt_scale")[3]
    #expect(scale.hasPrefix("`60` (ef_adlif") && scale.contains("`120` (se_adlif"))
    #expect(try cells("network.adapt_a")[4].hasPrefix("Only adlif, ef_adlif, se_adlif"))
    #expect(try cells("network.readout.tau_mem")[3] == "`network.tau_mem` if given, else `10 ms`")
    #expect(
      try cells("network.readout.tau_syn")[3]
        .hasPrefix("`network.tau_syn` if given, else `5 ms`; required with alif, adlif, ef_adlif, se_adlif"))
    #expect(try cells("network.hidden[].tau_syn")[3] == "`network.tau_syn`")
    #expect(try cells("data.train")[3] == "required")
    #expect(try cells("data.train")[4].hasPrefix("Only with `source: files`."))
    #expect(try cells("record.samples")[1].hasSuffix("*"))
    #expect(try !cells("training.epochs")[1].hasSuffix("*"))
  }
}

extension StringProtocol {
  fileprivate func trimming(_ isBlank: (Character) -> Bool) -> String {
    String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
