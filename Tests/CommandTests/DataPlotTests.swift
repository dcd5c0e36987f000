import Foundation
import HDF5
import TestSupport
import Testing

/// `snnexp data plot`, and the histograms of `snnexp data info`.
@Suite struct DataPlotTests {
  /// Spikes on 40 channels: those of class c around channel 10 c, and later for a higher class.
  private static func file() -> BadDataTests.SpikeFile {
    var random = SplitMix(state: 2)
    let labels = (0..<30).map { Int32($0 % 3) }
    let counts = labels.indices.map { 20 + $0 }
    return BadDataTests.SpikeFile(
      times: labels.indices.map { s in
        (0..<counts[s]).map { _ in Float(labels[s]) * 0.2 + Float(random.below(200)) / 1000 }
      },
      units: labels.indices.map { s in (0..<counts[s]).map { _ in UInt16(10 * Int(labels[s]) + random.below(20)) } },
      labels: labels)
  }

  private func plot(_ folder: Folder, _ more: String...) throws -> Program.Output {
    try Program.run(["data", "plot", "a.h5"] + more, in: folder.path)
  }

  private static let hasGnuplot = (try? Shell.run(["/bin/sh", "-c", "command -v gnuplot"]).status) == 0

  @Test func scriptsAndTheirData() throws {
    let folder = try Folder()
    try folder.write(Self.file().image(), "a.h5")
    let output = try plot(folder, "--samples", "0,5,29")
    #expect(output.status == 0, "\(output)")
    let table = String(decoding: try folder.contents("a_figures/plots/data/samples.csv"), as: UTF8.self)
    let rows = table.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows[0] == ["panel", "time_ms", "channel"] && rows.count == 1 + 20 + 25 + 49)
    #expect(rows.filter { $0[0] == "3" }.count == 49)
    let script = String(decoding: try folder.contents("a_figures/plots/samples.gp"), as: UTF8.self)
    #expect(script.contains("\"sample 0, label 0\", \"sample 5, label 2\", \"sample 29, label 2\""), "\(script)")
    // Each class is where its spikes are: the mean rate times channels, bins and samples is their number.
    let profile = String(decoding: try folder.contents("a_figures/plots/data/classes.csv"), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(profile[0] == ["time_ms", "channel", "class_0", "class_1", "class_2"])
    let binWidth = (Double(profile[profile.count - 1][0]) ?? 0) / 49.5 / 1000
    for group in 0..<3 {
      let rates = profile.dropFirst().map { (Double($0[0]) ?? 0, Double($0[1]) ?? 0, Double($0[2 + group]) ?? 0) }
      let spikes = rates.reduce(0) { $0 + $1.2 } * binWidth * 10
      let expected = Double((0..<30).filter { $0 % 3 == group }.map { 20 + $0 }.reduce(0, +))
      #expect(abs(spikes - expected) <= 3, "\(group): \(spikes), \(expected)")
      for (time, channel, rate) in rates where rate > 0 {
        #expect((Double(group) * 200 - 12...Double(group) * 200 + 212).contains(time))
        #expect((Double(group) * 10...Double(group) * 10 + 20).contains(channel))
      }
    }
    let classes = String(decoding: try folder.contents("a_figures/plots/classes.gp"), as: UTF8.self)
    #expect(classes.contains("\"label 0 (10)\", \"label 1 (10)\", \"label 2 (10)\""), "\(classes)")
    // The last number is away from the edge, where it would touch that of the next panel.
    let ticks = try #require(classes.firstMatch(of: /set xtics 0,([0-9.]+),([0-9.]+)/))
    let duration = try #require(classes.firstMatch(of: /set xrange \[0:([0-9.]+)\]/))
    let (step, last, end) = (Double(ticks.1) ?? 0, Double(ticks.2) ?? 0, Double(duration.1) ?? 0)
    #expect(step > 0 && step <= last && last <= 0.851 * end, "\(ticks.0) \(duration.0)")
    #expect(folder.exists("a_figures/plots/samples.svg") == Self.hasGnuplot)
    #expect(folder.exists("a_figures/plots/classes.svg") == Self.hasGnuplot)
    // A script that was edited stays.
    try folder.write(script + "# mine\n", "a_figures/plots/samples.gp")
    let kept = try plot(folder)
    #expect(kept.status == 0 && kept.err.contains("was edited") && kept.err.contains("snnexp data plot --force"))
    #expect(try plot(folder, "--force", "--to", "b", "--terminal", "png").status == 0)
    #expect(folder.exists("b/plots/classes.png") == Self.hasGnuplot)
  }

  /// An experiment whose training data are half of `file`, on 50 steps of 20 ms.
  private static let experiment = """
    experiment: shown
    data:
      train: a.h5
      test: a.h5
      channels: 40
      time_bins: 50
      max_time: 1 s
      binning: uniform
      validation: {fraction: 0.5}
      augment: {channel_shift: 3, time_stretch: 0.5}
    network: {hidden: 4}
    training: {epochs: 1, batch_size: 5}

    """

  /// Time and channel of each spike, by panel.
  private func panels(_ folder: Folder, _ path: String) throws -> [String: [(time: Double, channel: Int)]] {
    let rows = String(decoding: try folder.contents(path), as: UTF8.self).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").map(String.init) }
    return Dictionary(grouping: rows) { $0[0] }.mapValues { rows in
      rows.map { (Double($0[1]) ?? -1, Int($0[2]) ?? -1) }
    }
  }

  @Test func whatTheNetworkGets() throws {
    let folder = try Folder()
    try folder.write(Self.file().image(), "a.h5")
    try folder.write(Self.experiment, "e.yaml")
    let output = try Program.run(["data", "plot", "e.yaml"], in: folder.path)
    #expect(output.status == 0, "\(output)")
    // The first sample of each class that is trained on; times are the middles of bins.
    let samples = try panels(folder, "e_figures/plots/data/samples.csv")
    #expect(samples.count == 3)
    for spikes in samples.values { #expect(spikes.allSatisfy { ($0.time - 10).remainder(dividingBy: 20) == 0 }) }
    // The mean activity of each class over the 15 training samples, times their duration, is their spikes.
    let profile = String(decoding: try folder.contents("e_figures/plots/data/classes.csv"), as: UTF8.self)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",").map { Double($0) ?? -1 } }
    #expect(profile.count == 50 * 40)
    for group in 0..<3 {
      let rates = profile.reduce(0) { $0 + $1[2 + group] }
      // Five samples of the class, bins of 20 ms.
      let spikes = rates * 0.02 * 5
      #expect(abs(spikes - spikes.rounded()) < 0.01 && (100...245).contains(spikes), "\(group): \(spikes)")
    }
    // Unchanged, shifted, stretched, and both in three epochs.
    let changed = try panels(folder, "e_figures/plots/data/augmentation.csv")
    #expect(changed.count == 6)
    let (before, shifted, stretched) = try (
      #require(changed["1"]), #require(changed["2"]), #require(changed["3"])
    )
    let first = try #require(samples["1"])
    #expect(before.map(\.time) == first.map(\.time) && before.map(\.channel) == first.map(\.channel))
    let moves = Set(zip(before, shifted).map { $1.channel - $0.channel })
    #expect(shifted.map(\.time) == before.map(\.time) && moves.count == 1 && (-3...3).contains(moves.first ?? 9))
    #expect(stretched.map(\.channel).sorted() == before.map(\.channel).sorted())
    #expect(stretched.map(\.time) != before.map(\.time))
    let script = String(decoding: try folder.contents("e_figures/plots/augmentation.gp"), as: UTF8.self)
    #expect(script.contains("unchanged\", \"channel_shift 3\", \"time_stretch 0.5\", \"all\\nepoch 1\""), "\(script)")
    // Without augmentation there is no such figure; every second sample is not trained on.
    let plain = try Program.run(
      ["data", "plot", "e.yaml", "data.augment=none", "--to", "plain"], in: folder.path)
    #expect(plain.status == 0 && folder.exists("plain/plots/samples.gp"))
    #expect(!folder.exists("plain/plots/augmentation.gp"))
    let refused: [([String], String)] = [
      (["a.h5", "data.time_bins=20"], "overrides need an experiment file"),
      (["e.yaml", "--samples", "99"], "sample 99 is none of the 15 training samples"),
      (["e.yaml", "data.time_binz=3"], "data.time_binz"),
    ]
    for (arguments, text) in refused {
      let output = try Program.run(["data", "plot"] + arguments, in: folder.path)
      #expect(output.status != 0 && output.err.contains(text), "\(output)")
    }
  }

  /// A list of events is drawn as the HDF5 file that `convert` makes of it.
  @Test func eventsAndGroups() throws {
    let folder = try Folder()
    try folder.write(Self.file().image(), "a.h5")
    for name in ["a.csv", "a.npz"] {
      #expect(try Program.run(["data", "convert", "a.h5", name], in: folder.path).status == 0)
    }
    let groups = try Program.run(["data", "convert", "a.h5", "a.hdf5", "--layout", "keys"], in: folder.path)
    #expect(groups.status == 0)
    for name in ["a.h5", "a.csv", "a.npz", "a.hdf5"] {
      let output = try Program.run(
        ["data", "plot", name, "--samples", "4,0", "--to", name + "_plots"], in: folder.path)
      #expect(output.status == 0, "\(output)")
    }
    for file in ["samples", "classes"] {
      let tables = try ["a.h5", "a.csv", "a.npz"].map { try folder.contents($0 + "_plots/plots/data/\(file).csv") }
      #expect(Set(tables).count == 1)
    }
    let rounded = try panels(folder, "a.hdf5_plots/plots/data/samples.csv")
    #expect(rounded["1"]?.count == 24 && rounded["2"]?.count == 20)
    let images = SourceCommandTests.fixtures + "/fashion-mnist/train-images-idx3-ubyte.gz"
    let refused = try Program.run(["data", "plot", images], in: folder.path)
    #expect(refused.status == 2 && refused.err.contains("snnexp data plot EXPERIMENT.yaml"), "\(refused)")
    #expect(!refused.err.contains("gunzip") && !refused.err.contains("--force"))
  }

  /// Traces of samples, and their means over classes, of a file and of an experiment.
  @Test func analogValues() throws {
    let folder = try Folder()
    let file = try HDF5File.inMemory()
    // 4 samples of 3 steps and 12 channels; channels 5 and 6 are constant.
    func value(_ sample: Int, _ step: Int, _ channel: Int) -> Double {
      channel == 5 || channel == 6 ? 7 : Double(sample * 100 + step * 10 + channel)
    }
    let values = (0..<4).flatMap { s in (0..<3).flatMap { t in (0..<12).map { value(s, t, $0) } } }
    try file.write(values, shape: [4, 3, 12], to: "values")
    try file.write([0, 1, 0, 1] as [UInt8], shape: [4], to: "labels")
    try folder.write(file.image(), "v.h5")
    let text = try Program.run(["data", "info", "v.h5"], in: folder.path)
    #expect(text.status == 0 && text.out.contains("4 samples of 3 steps and 12 channels, float64"), "\(text)")
    #expect(text.out.contains("odd: channels 5, 6 are constant"), "\(text)")
    let json = try Program.run(["data", "info", "v.h5", "--json"], in: folder.path)
    let object = try #require(JSONSerialization.jsonObject(with: json.outBytes) as? [String: Any])
    let channels = try #require(object["channels"] as? [[String: Any]])
    #expect(channels.count == 12 && channels[5]["constant"] as? Bool == true)
    #expect(channels[2]["min"] as? Double == 2 && channels[2]["max"] as? Double == 322)
    #expect(channels[2]["mean"] as? Double == 162)
    // 12 values: the squares of -150, -50, 50, 150 thrice and of -10, 0, 10 four times.
    let deviation = ((3 * 50_000 + 4 * 200) / 11.0).squareRoot()
    #expect(abs((channels[2]["std"] as? Double ?? 0) - deviation) < 1e-9)

    let drawn = try Program.run(["data", "plot", "v.h5", "--samples", "3,0"], in: folder.path)
    #expect(drawn.status == 0 && drawn.err.contains("the 10 of 12 channels that vary most"), "\(drawn)")
    func table(_ path: String) throws -> [[String]] {
      String(decoding: try folder.contents(path), as: UTF8.self).split(separator: "\n")
        .map { $0.split(separator: ",").map(String.init) }
    }
    let samples = try table("v_figures/plots/data/samples.csv")
    #expect(samples[0] == ["panel", "step"] + [0, 1, 2, 3, 4, 7, 8, 9, 10, 11].map { "channel_\($0)" })
    #expect(samples[2] == ["1", "1"] + [0, 1, 2, 3, 4, 7, 8, 9, 10, 11].map { "\(310 + $0)" })
    let classes = try table("v_figures/plots/data/classes.csv")
    #expect(classes.count == 1 + 2 * 3 && Array(classes[1].prefix(3)) == ["1", "0", "100"])
    #expect(folder.exists("v_figures/plots/classes.svg") == Self.hasGnuplot)
    let missing = try Program.run(["data", "plot", "v.h5", "--samples", "4"], in: folder.path)
    #expect(missing.status == 2 && missing.err.contains("its samples are 0 to 3"), "\(missing)")

    try folder.write(
      "experiment: v\ndata: {source: analog, file: v.h5, test_fraction: 0.5, select_channels: [2, 5], repeat_steps: 2, "
        + "scale: {factor: 2, offset: 1}}\nnetwork: {hidden: 3, encoder: {fan_out: 2}}\n"
        + "training: {epochs: 1, batch_size: 1}\n", "v.yaml")
    let mapped = try Program.run(["data", "plot", "v.yaml", "--to", "mapped"], in: folder.path)
    #expect(mapped.status == 0, "\(mapped)")
    let inputs = try table("mapped/plots/data/samples.csv")
    #expect(inputs[0] == ["panel", "step", "input_0", "input_1"] && inputs.count == 1 + 2 * 6)
    #expect(inputs[1][3] == "15" && (Double(inputs[3][2]) ?? 0) - (Double(inputs[2][2]) ?? 0) == 20)
  }

  @Test func badRequestsAndFiles() throws {
    let folder = try Folder()
    try folder.write(Self.file().image(), "a.h5")
    let cases: [([String], String)] = [
      (["--samples", "30"], "it has no sample 30: its samples are 0 to 29"),
      (["--samples", "1,,2"], "positions of samples"),
      (["--samples", "-1"], "--samples"), (["--samples", "1,1"], "has a sample twice"),
      (["--samples", (0..<17).map(String.init).joined(separator: ",")], "at most 16"),
    ]
    for (more, text) in cases {
      let output = try Program.run(["data", "plot", "a.h5"] + more, in: folder.path)
      #expect(output.status != 0 && output.err.contains(text), "\(output)")
    }
    let faults: [(String, (inout BadDataTests.SpikeFile) -> Void)] = [
      ("sample 3: spikes/times: time nan", { $0.times[3][0] = .nan }),
      ("20 times but 19 units", { $0.units[0].removeLast() }),
      ("labels: label -1", { $0.labels?[4] = -1 }),
      (
        "none of its samples has a spike",
        {
          ($0.times, $0.units) = ([[], []], [[], []]); $0.labels = [0, 1]
        }
      ),
    ]
    for (text, change) in faults {
      var file = Self.file()
      change(&file)
      try folder.write(file.image(), "a.h5")
      let output = try plot(folder)
      #expect(output.status == 2 && output.err.contains(text) && output.isPlain, "\(output)")
    }
  }

  @Test func infoHasHistograms() throws {
    let folder = try Folder()
    try folder.write(Self.file().image(), "a.h5")
    let text = try Program.run(["data", "info", "a.h5"], in: folder.path)
    #expect(text.out.contains("samples by number of spikes:\n  20 - 25  #"), "\(text.out)")
    #expect(text.out.contains("samples by time of the last spike:\n"))
    let json = try Program.run(["data", "info", "a.h5", "--json"], in: folder.path)
    let object = try #require(try JSONSerialization.jsonObject(with: json.outBytes) as? [String: Any])
    let histograms = try #require(object["histograms"] as? [String: [[String: Double]]])
    for name in ["spikes", "last_spike_s"] {
      let intervals = try #require(histograms[name])
      #expect(intervals.compactMap { $0["samples"] }.reduce(0, +) == 30 && intervals.count <= 12)
      for (one, next) in zip(intervals, intervals.dropFirst()) { #expect(one["to"] == next["from"]) }
    }
    let counts = (0..<30).map { Double(20 + $0) }
    for interval in histograms["spikes"] ?? [] {
      let (from, to) = (interval["from"] ?? 0, interval["to"] ?? 0)
      #expect(interval["samples"] == Double(counts.filter { $0 >= from && $0 < to }.count), "\(interval)")
    }
  }

  @Test func fashionMNISTAndBraille() throws {
    let folder = try Folder()
    let names = [
      "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
      "t10k-labels-idx1-ubyte.gz",
    ]
    let bytes = gzipped([UInt8](repeating: 3, count: 5000))
    try folder.write(bytes, "x")
    let sum = try Shell.run("md5sum x | cut -c 1-32", in: folder).out.trimmingCharacters(in: .whitespacesAndNewlines)
    let image = try Self.file().image()
    try folder.write(image, "y")
    let other = try Shell.run("md5sum y | cut -c 1-32", in: folder).out.trimmingCharacters(in: .whitespacesAndNewlines)
    let list = names.map { "\(sum)  \($0)\n" }.joined() + "\(other)  braille.h5\n"
    let server = try TestServer { request, _ in
      if request.name == "md5sums.txt" { return TestServer.Answer(text: list) }
      if request.name == "braille.h5" { return .file(image, request) }
      return names.contains(request.name) ? .file(bytes, request) : TestServer.Answer(404)
    }
    func fetch(_ more: String...) throws -> Program.Output {
      try Program.run(
        ["data", "fetch"] + more, environment: ["http_proxy": "", "no_proxy": "", "all_proxy": ""], in: folder.path)
    }
    let output = try fetch("fashion-mnist", "--from", server.address)
    #expect(output.status == 0, "\(output)")
    // Its files are not the published ones, which is said.
    #expect(output.err.contains("the published file 8d4fb7e6c68d591d4c3dfef9ec88bf0d"))
    for name in names { #expect(try folder.contents("data/fashion-mnist/" + name) == Data(bytes)) }
    #expect(output.out.contains("use: data: {source: images, folder: "), "\(output.out)")
    #expect(output.out.contains("/data/fashion-mnist\""), "a folder with blanks is quoted: \(output.out)")
    let braille = try fetch("braille")
    #expect(
      braille.status == 2 && braille.err.contains("Python pickles") && braille.err.contains("--from"), "\(braille)")
    #expect(!folder.exists("data/braille.h5"))
    // A file that is there stays, if it is one.
    let values = try HDF5File.inMemory()
    try values.write([1, 2, 3, 4] as [UInt8], shape: [2, 1, 2], to: "values")
    try values.write([0, 1] as [UInt8], shape: [2], to: "labels")
    let own = try values.image()
    try folder.write(own, "mine/braille.h5")
    let kept = try fetch("braille", "--to", "mine")
    #expect(kept.status == 0 && kept.out.contains("use: data: {source: analog"), "\(kept)")
    #expect(kept.err.contains("already there: 2 samples of 1 step and 2 channels"), "\(kept)")
    #expect(try folder.contents("mine/braille.h5") == Data(own))
    try folder.write(Array(own.prefix(100)), "broken/braille.h5")
    let broken = try fetch("braille", "--to", "broken")
    #expect(broken.status == 2 && broken.err.contains("left as it is"), "\(broken)")
    let from = try fetch("braille", "--from", server.address, "--to", "b")
    #expect(from.status == 0 && from.out.contains("source: analog"), "\(from)")
    #expect(try folder.contents("b/braille.h5") == Data(image))
  }
}
