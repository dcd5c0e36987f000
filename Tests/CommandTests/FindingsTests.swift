import Foundation
import Testing

/// Lost or assumed data are reported by `check`, `run` and `run --json`, and stored in `run.json`.
@Suite struct FindingsTests {
  /// Two spike files, and the warnings about them.
  private struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// Parts of one warning.
    var expected: [String]
    var more: [String] = []
    var test: BadDataTests.SpikeFile?
    var train = FindingsTests.sound

    init(
      _ name: String, _ expected: [String], _ more: [String] = [],
      change: (inout BadDataTests.SpikeFile, inout BadDataTests.SpikeFile) -> Void = { _, _ in }
    ) {
      (testDescription, self.expected, self.more) = (name, expected, more)
      // Samples of their own, on the same channels.
      var other = FindingsTests.sound
      other.units = other.units.map { $0.map { 9 - $0 } }
      change(&train, &other)
      test = other
    }
  }

  /// Six samples of three classes, on 10 channels, to 0.95 s.
  private static let sound = BadDataTests.SpikeFile(
    times: [[0.1, 0.2, 0.3], [0, 0.5], [0.95], [0.4, 0.4], [0.1, 0.7], [0.6]],
    units: [[1, 2, 9], [5, 5], [0], [3, 4], [6, 7], [8]], labels: [0, 1, 2, 0, 1, 2])

  private static let base = """
    experiment: sweep
    data: {train: a.h5, test: b.h5, channels: 10, time_bins: 20}
    network: {hidden: 4}
    training: {epochs: 1, batch_size: 2}
    record: {samples: 1}

    """

  private static let cases = [
    Case("nothing", []),
    Case(
      "spikes after max_time",
      [
        "late_spikes", "a.h5", "27.3 % of the spikes", "(3 of 11)", "they are dropped",
        "the last one is at 950 ms; raise data.max_time (500 ms)",
      ], ["data.max_time=500ms"]),
    Case(
      "samples without spikes",
      [
        "empty_samples", "2 of 6 samples of", "a.h5 have no spike in any time bin, the first being sample 2 (label 2)",
        "the network gets no input from them", "raise data.max_time",
      ], ["data.max_time=500ms"]),
    Case(
      "a sample that is empty in the file",
      [
        "empty_samples", "1 of 6 samples of", "b.h5 has no spike in any time bin, sample 4 (label 1)",
        "the network gets no input from it, so it can't tell its class leave it out of the file",
      ]
    ) { _, test in (test.times[4], test.units[4]) = ([], []) },
    Case(
      "times in ms",
      [
        "late_spikes", "90.9 % of the spikes",
        "the last one is at 950 s; if the file's times are milliseconds, which would put it at 950 ms, divide them by "
          + "1000: SHD's layout has seconds; if they are time steps, as whole numbers may be,",
      ]
    ) { train, _ in
      train.times = train.times.map { $0.map { $0 * 1000 } }
    },
    Case(
      "short gestures in ms",
      [
        "late_spikes", "the last one is at 97 s; if the file's times are milliseconds, which would put it at 97 ms",
        "else raise data.max_time (5 s)",
      ], ["data.max_time=5s"]
    ) { train, test in
      train.times = [[1, 12, 33], [1, 55], [95], [40, 44], [17, 71], [97]]
      test.times = [[0.5, 1, 4], [0.25, 3], [4.5], [1, 2], [2, 3], [4]]
    },
    Case(
      "long recordings, of which little is taken",
      ["late_spikes", "the last one is at 31.25 s; raise data.max_time (1 s)"]
    ) { train, test in
      train.times = [[0.5, 12.5, 33], [1, 20.5], [25.5], [4.25, 14.5], [17.5, 21.5], [31.25]]
      train.times[0][2] = 3.25
      test.times = train.times.map { $0.map { $0 / 64 } }
    },
    Case(
      "a short max_time",
      [
        "late_spikes", "a.h5 (6 of 17) come after",
        "the last one is at 950 ms; raise data.max_time (300 ms) to keep them",
      ],
      ["data.max_time=300ms"]
    ) { train, test in
      (train.times, test.times) = (train.times.map { [0] + $0 }, test.times.map { [0] + $0 })
      (train.units, test.units) = (train.units.map { [9] + $0 }, test.units.map { [0] + $0 })
    },
    Case(
      "test samples that are trained on",
      [
        "shared_samples", "2 of 6 test samples have the same spikes as a training sample, 1 of them with another label",
        "for example, sample 1 of", "b.h5 is sample 2 of", "accuracy counts samples that the network was trained on",
        "remove them",
      ]
    ) { train, test in
      for (sample, source) in [(1, 2), (3, 3)] {
        (test.times[sample], test.units[sample]) = (train.times[source], train.units[source])
      }
    },
    Case(
      "validation samples that are trained on",
      ["shared_samples", "1 of 1 validation sample has the same spikes as a training sample", "validation accuracy"],
      ["data.validation.fraction=0.16"]
    ) { train, _ in
      for sample in 1..<6 { (train.times[sample], train.units[sample]) = (train.times[0], train.units[0]) }
    },
    Case(
      "samples that are there twice",
      [
        "repeated_samples", "1 of 6 training samples of",
        "a.h5 has the same spikes as an earlier one: for example, "
          + "sample 3 is sample 0", "counts as often as it occurs", "keep one of each",
      ]
    ) { train, _ in (train.times[3], train.units[3]) = ([0.3, 0.1, 0.2], [9, 1, 2]) },
    Case(
      "equal samples with different labels",
      ["repeated_samples", "of 6 test samples of", "1 of them with another label", "no network can tell them apart"]
    ) { _, test in (test.times[1], test.units[1]) = (test.times[0], test.units[0]) },
    Case(
      "some speakers are known",
      [
        "mixed_speakers",
        "of 3 speakers in the test samples, 2 are in the training samples too (3, 4) and 1 is not (9)",
        "mixes known speakers with new ones", "speakers.csv",
      ]
    ) { train, test in (train.speakers, test.speakers) = ([3, 3, 4, 4, 5, 5], [3, 3, 4, 4, 9, 9]) },
    Case(
      "all speakers are known",
      ["known_speakers", "all 2 speakers in the test samples (3, 4)", "says nothing about new speakers"]
    ) { train, test in (train.speakers, test.speakers) = ([3, 3, 4, 4, 5, 5], [3, 3, 4, 4, 4, 4]) },
    Case("no speaker is known", []) { train, test in
      (train.speakers, test.speakers) = ([3, 3, 4, 4, 5, 5], [6, 6, 7, 7, 7, 7])
    },
    Case("times in another unit", ["short_stimulus", "b.h5 is at 0.95 ms", "lower data.max_time"]) { _, test in
      test.times = test.times.map { $0.map { $0 / 1000 } }
    },
    Case(
      "labels with gaps",
      [
        "missing_labels", "252 of 256 classes have no samples, the first being 3 (the largest label is 255)",
        "data.classes",
      ]
    ) { train, _ in train.labels?[5] = 255 },
    Case(
      "more classes than labels", ["missing_labels", "2 of 5 classes", "data.classes: 5", "to 3"], ["data.classes=5"]),
    Case(
      "a class that is only tested",
      [
        "unseen_classes", "1 class of", "b.h5 has no training samples, namely label 3",
        "the only one of its test samples",
      ]
    ) {
      $1.labels?[0] = 3
    },
    Case("one file for both", ["same_train_and_test", "test accuracy equals training accuracy"], ["data.test=a.h5"]),
    Case("a copy for both", ["same_train_and_test", "a.h5 and "]) { $1 = $0 },
    Case(
      "few channels", ["unused_channels", "10 of 100 channels, the highest being 9", "set data.channels: 10"],
      ["data.channels=100"]),
    Case(
      "a channel that is left over", ["unused_channels", "10 of 11 channels, the highest being 9"], ["data.channels=11"]
    ),
    Case("channels that are silent in groups with others", [], ["data.channels=12", "data.channel_group=3"]),
    Case(
      "few groups",
      [
        "unused_channels", "5 of 50 groups of 2 channels, the highest channel being 9 of 0 to 99",
        "weights of the other groups never change", "scaled for 50 inputs", "set data.channels: 10",
      ], ["data.channels=100", "data.channel_group=2"]),
    Case(
      "spikes after max_time from the first",
      [
        "late_spikes", "a.h5", "18.2 % of the spikes", "(2 of 11)",
        "the last one is 600 ms after the first of its sample",
      ],
      ["data.max_time=300ms", "data.align=first_spike"]),
    Case(
      "a short time constant", ["short_time_constant", "network.tau_syn is 0.5 ms", "13.5 % of the trace"],
      ["network.tau_syn=0.5ms", "network.readout.tau_syn=5ms"]),
    Case(
      "a long time constant",
      [
        "long_time_constant",
        "network.tau_mem is 70 ms, 3.5 times the duration of a sample (20 ms: 20 time bins of 1 ms)",
        "75.1 % of the trace remains", "use a shorter tau_mem",
      ], ["network.tau_mem=70ms"]),
    Case(
      "a short time constant of the readout", ["short_time_constant", "network.readout.tau_mem is 0.9 ms"],
      ["network.readout.tau_mem=0.9ms"]),
    Case("as long as is usual", [], ["network.tau_mem=60ms"]),
    Case(
      "a time constant that is far too long",
      ["long_time_constant", "network.tau_mem is 40 s, 2000 times the duration"],
      ["network.tau_mem=40s"]),
    Case(
      "shifts by many channels",
      [
        "strong_augmentation", "data.augment.channel_shift is 9 with 10 network inputs", "% of the spikes are lost",
        "and the others move far", "use a smaller data.augment.channel_shift",
      ], ["data.augment.channel_shift=9"]),
    Case(
      "jitter across all channels", ["strong_augmentation", "data.augment.channel_jitter is 5 with 10 network inputs"],
      ["data.augment.channel_jitter=5"]),
    Case(
      "jitter as long as a sample",
      ["strong_augmentation", "data.augment.time_jitter is 1 s in samples of 1", "% of the"],
      ["data.augment.time_jitter=1s"]),
    Case(
      "hardly any spikes are kept", ["strong_augmentation", "data.augment.drop_events is 0.95 ", "% of the"],
      ["data.augment.drop_events=0.95"]),
    Case(
      "usual augmentation", [],
      [
        "data.augment={channel_shift: 1, channel_jitter: 0.5, time_jitter: 10 ms, drop_events: 0.3, blend: 0.5}",
        "data.binning=uniform",
      ]),
    Case("samples left out", ["left_out_samples", "2 of 6 training samples (33.3 %)"], ["training.batch_size=4"]),
    Case(
      "samples never trained", ["left_out_samples", "without shuffling, this sample is never used"],
      ["training.batch_size=5", "training.shuffle=false"]),
    Case(
      "a share that can't be", ["validation_share", "1 of 6 samples is held out, 16.7 % instead of 10.0 %"],
      ["data.validation.fraction=0.1"]),
    Case(
      "classes that are not validated", ["unvalidated_classes", "2 classes have no validation samples"],
      ["data.validation.fraction=0.16"]),
  ]

  @Test(arguments: cases.indices) func isToldEverywhere(_ index: Int) throws {
    let item = Self.cases[index]
    let sweep = try Sweep(Self.base)
    try sweep.folder.write(item.train.image(), "a.h5")
    try sweep.folder.write((item.test ?? item.train).image(), "b.h5")
    // Paths on the command line are relative to where the test runs.
    let more = item.more.map { $0.replacingOccurrences(of: "=a.h5", with: "=\(sweep.folder.path)/a.h5") }
    let output = try Program.run(sweep.loudArguments(["--json"] + more))
    #expect(output.status == 0, "\(output.err)")
    let warnings = try output.out.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }.filter { $0["event"] as? String == "warning" }
    let texts = warnings.map { warning in
      ["code", "message", "consequence", "remedy"].map { warning[$0] as? String ?? "MISSING" }
    }
    let check = try Program.run(["check", sweep.file] + more)
    let lines = check.err.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
    guard let code = item.expected.first else {
      #expect(texts.isEmpty && lines.isEmpty, "\(texts) \(lines)")
      return
    }
    let text = try #require(texts.first { $0[0] == code }, "\(texts)")
    for part in item.expected.dropFirst() { #expect(text.joined(separator: " ").contains(part), "\(text)") }
    #expect(text.allSatisfy { !$0.isEmpty && $0 != "MISSING" })
    #expect(check.status == 0 && lines.contains("warning: \(text[1]): \(text[2]); \(text[3])"), "\(check.err)")
    #expect(lines.count == texts.count)
    let run = try #require(sweep.runs.first)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(sweep.text("runs/\(run)/run.json").utf8)) as? [String: Any])
    let kept = try #require(report["findings"] as? [[String: String]])
    #expect(kept.contains { $0["code"] == code && $0["message"] == text[1] })
    // Again, when the run is done.
    let again = try Program.run(sweep.loudArguments(more))
    #expect(again.err.contains(text[1]), "\(again.err)")
  }

  @Test func layersThatAreNotReadAreTold() throws {
    let sweep = try Sweep(
      Self.base.replacingOccurrences(of: "hidden: 4", with: "hidden: 4, init: {file: w.h5}"))
    try sweep.folder.write(Self.sound.image(), "a.h5")
    var other = Self.sound
    other.times[0][0] = 0.15
    try sweep.folder.write(other.image(), "b.h5")
    try sweep.folder.write(Small.weights(inputs: 10, layers: 2), "w.h5")
    let output = try Program.run(sweep.loudArguments([]))
    #expect(output.status == 0)
    #expect(
      output.err.contains("w.h5 also contains hidden/1/input and 1 more, which this network has no place for"),
      "\(output.err)")
  }

  private func files(_ sweep: Sweep, lateTest: Bool = false) throws {
    try sweep.folder.write(Self.sound.image(), "a.h5")
    var other = Self.sound
    other.units = other.units.map { $0.map { 9 - $0 } }
    if lateTest { other.times[2][0] = 3 }
    try sweep.folder.write(other.image(), "b.h5")
  }

  /// What is lost depends on the binning: that of each point counts, not only of the first.
  @Test func eachBinningOfASweepIsLookedAt() throws {
    let sweep = try Sweep(Self.base + "sweep: {grid: {data.max_time: [1 s, 500 ms, 2 s]}}\n")
    try files(sweep)
    let check = try Program.run(["check", sweep.file])
    let lines = check.err.split(separator: "\n")
    // Of each file its late spikes, and the samples that are left without any.
    #expect(check.status == 0 && lines.count == 4, "\(check)")
    let late = lines.filter { $0.contains("come after the last time bin") && $0.contains("data.max_time (500 ms)") }
    #expect(late.count == 2 && lines.filter { $0.contains("2 of 6 samples of") }.count == 2, "\(lines)")
  }

  @Test func evaluatingTellsNothingAboutTrainingAlone() throws {
    let sweep = try Sweep(Self.base)
    try files(sweep, lateTest: true)
    let more = ["data.max_time=900ms", "training.batch_size=4", "data.validation={fraction: 0.16}"]
    let run = try Program.run(sweep.loudArguments(more))
    #expect(run.status == 0, "\(run)")
    #expect(run.err.contains("1 of 5 training samples (20.0 %) does not fill a batch of 4"), "\(run)")
    let folder = "\(sweep.root)/runs/\(try #require(sweep.runs.first))"
    for (split, parts) in [
      ("test", ["b.h5 (1 of 11) comes after", "b.h5 has no spike in any time bin"]),
      ("train", ["a.h5 (1 of 11) comes after", "a.h5 has no spike in any time bin"]),
      (
        "validation",
        ["2 classes have no validation samples", "a.h5 (1 of 11) comes after", "a.h5 has no spike in any time bin"]
      ),
    ] {
      let json = try Program.run(["eval", folder, "--split", split, "--json"])
      let object = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
      let told = try #require(object["warnings"] as? [[String: String]])
      let eval = try Program.run(["eval", folder, "--split", split])
      #expect(
        json.err.isEmpty
          && told.map { "warning: \($0["message"] ?? ""): \($0["consequence"] ?? ""); \($0["remedy"] ?? "")" }
            == eval.err.split(separator: "\n").map(String.init),
        "\(split): \(json)")
      let warnings = eval.err.split(separator: "\n")
      #expect(eval.status == 0 && warnings.count == parts.count, "\(split): \(eval.err)")
      for part in parts { #expect(warnings.contains { $0.contains(part) }, "\(split): \(eval.err)") }
    }
  }

  /// The same network and data, but what becomes of the samples in training differs.
  @Test func eachTrainingOfASweepIsLookedAt() throws {
    let sweep = try Sweep(
      Self.base + "sweep: {zip: [{training.shuffle: [true, false], data.augment.channel_shift: [0, 9]}]}\n")
    try files(sweep)
    let check = try Program.run(["check", sweep.file, "training.batch_size=5"])
    #expect(check.status == 0, "\(check)")
    #expect(check.err.contains("each epoch skips") && check.err.contains("this sample is never used"), "\(check)")
    #expect(
      check.err.contains("data.augment.channel_shift is 9") && check.out.contains("channel_shift 9 (1 of 2"), "\(check)"
    )
  }

  /// A scale that the file gives for one kind of surrogate, under another.
  @Test func surrogatesThatKeepTheScaleOfAnotherKind() throws {
    let kept = "surrogate: {kind: fast_sigmoid, scale: 40, amplitude: 2}"
    let text = Small.experiment(train: 40, test: 20, network: "hidden: 4, \(kept)")
    let cases: [(more: [String], parts: [[String]])] = [
      (
        ["network.surrogate.kind=arctan"],
        [
          [
            "network.surrogate.scale stays 40, which the file gives for fast_sigmoid, where network.surrogate.kind is",
            "set to arctan: the same scale is another width for each kind (defaults: arctan 2); set scale along with",
          ], ["network.surrogate.amplitude stays 2", "(defaults: arctan 1)"],
        ]
      ),
      (
        ["network.surrogate.kind=fast_sigmoid,arctan,straight_through,boxcar", "network.surrogate.amplitude=2"],
        [["is set to arctan or boxcar in 2 of 4 sweep points", "(defaults: arctan 2, boxcar 1)"]]
      ),
      (["network.surrogate.kind=fast_sigmoid"], []),
      (["network.surrogate={kind: arctan}"], []),
      (["network.surrogate.kind=arctan", "network.surrogate.scale=40", "network.surrogate.amplitude=1"], []),
      (["network.surrogate.kind=arctan,sigmoid", "network.surrogate.scale=2,3", "network.surrogate.amplitude=1"], []),
    ]
    for (more, parts) in cases {
      let sweep = try Sweep(text)
      let check = try Program.run(["check", sweep.file] + more)
      let warnings = check.err.split(separator: "\n").filter { $0.contains("surrogate") }
      #expect(check.status == 0 && warnings.count == parts.count, "\(more): \(check.err)")
      for (warning, parts) in zip(warnings, parts) {
        for part in parts { #expect(warning.contains(part), "\(more): \(warning)") }
      }
      let plan = try Program.run(["plan", sweep.file] + more)
      #expect(plan.err.split(separator: "\n").filter { $0.contains("surrogate") } == warnings, "\(plan.err)")
    }
    // Layers that take the network's kind with a scale of their own.
    let deep = try Sweep(
      Small.experiment(
        train: 40, test: 20,
        network: "hidden: [4, {units: 3, surrogate: {scale: 30}}, {units: 2, surrogate: {kind: boxcar, scale: 3}}]"))
    let check = try Program.run(["check", deep.file, "network.surrogate.kind=arctan"])
    #expect(check.err.contains("network.hidden[1].surrogate.scale stays 30"), "\(check.err)")
    #expect(!check.err.contains("hidden[2]"), "\(check.err)")
  }
}
