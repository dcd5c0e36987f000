import SpikeData

/// `data.source`, and the keys of each source. Only those of the selected one exist in a file.
struct SourceKeys {
  private var kind = DataSource.Kind.files
  private var files = SpikeFiles(train: "", test: "")
  private var synthetic = SyntheticSpeech()
  private var analog = AnalogSource(file: "")

  init(_ source: DataSource) {
    switch source {
    case .files(let files): (kind, self.files) = (.files, files)
    case .synthetic(let speech): (kind, synthetic) = (.synthetic, speech)
    case .analog(let values): (kind, analog) = (.analog, values)
    }
  }

  var selected: DataSource {
    switch kind {
    case .files: .files(files)
    case .synthetic: .synthetic(synthetic)
    case .analog: .analog(analog)
    }
  }

  mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.value(
      "source", &kind, .choice, default: .files,
      "files: HDF5 files in SHD layout; synthetic: a built-in task; analog: HDF5 files with analog values, for a network"
        + " with an encoder.")
    v.variant(of: "source", .with("source: files"), isActive: kind == .files) { files.visit(&$0) }
    v.variant(of: "source", .with("source: synthetic"), isActive: kind == .synthetic) { v in
      v.section("synthetic", "The built-in task.") { synthetic.visit(&$0) }
    }
    v.variant(of: "source", .with("source: analog"), isActive: kind == .analog) { analog.visit(&$0) }
  }
}

extension SpikeFiles {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    let hint = "give a file, or data.source: synthetic"
    v.required("train", &train, .path, hint: hint, affectsNumbers: false, "HDF5 file with the training samples.")
    v.required("test", &test, .path, hint: hint, affectsNumbers: false, "HDF5 file with the test samples.")
  }
}

extension SyntheticSpeech {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    let usual = SyntheticSpeech()
    v.value(
      "train_samples", &trainSamples, .integer(1...10_000_000), default: usual.trainSamples,
      "Number of training samples.")
    v.value(
      "test_samples", &testSamples, .integer(1...10_000_000), default: usual.testSamples, "Number of test samples.")
    v.value("seed", &seed, .seed, default: usual.seed, "Seed of the data, independent of the run seeds.")
  }
}

extension AnalogSource {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.required(
      "file", &file, .path, hint: "an HDF5 file with /values [samples, time, channels] and /labels",
      affectsNumbers: false, "HDF5 file: `/values` [samples, time, channels], `/labels` [samples].")
    let hasTest = v.isGiven("test", current: test != nil)
    var (path, fraction) = (test ?? "", testFraction ?? 0.2)
    v.variant(of: "test", .without(["test"]), isActive: !hasTest) {
      $0.value(
        "test_fraction", &fraction, .number(.open(0, 1)), default: 0.2,
        "Fraction of each class that tests, drawn with the run's seed.")
    }
    v.variant(of: "test_fraction", .without(["test_fraction"]), isActive: hasTest) {
      $0.required(
        "test", &path, .path, hint: "", affectsNumbers: false, "A second file of the same layout, which tests.")
    }
    (test, testFraction) = hasTest ? (path, nil) : (nil, fraction)
    v.value(
      "select_channels", &selectChannels, .channels, default: nil,
      "Channels of the file that the network gets, counted from 0, in this order.")
    v.section("scale", "What is done to each value first: factor * value + offset.") { v in
      v.value("factor", &factor, .number(.finite), default: 1, "Factor of each value.")
      v.value("offset", &offset, .number(.finite), default: 0, "What is added to the product.")
    }
    v.value(
      "standardize", &standardizes, .boolean, default: false,
      "Whether the scaled values become (x - mean) / (std + 0.001), with each channel's mean and standard deviation over"
        + " all samples and steps of `file`.")
    v.value(
      "repeat_steps", &repeatSteps, .integer(1...65535), default: 1, "How many time steps each step of the file lasts.")
  }
}

extension ValueType where Value == [Int]? {
  /// A list of channels, or `all`.
  static var channels: Self {
    let list = ValueType<Int>.list(of: .integer(0...65535))
    return ValueType(
      read: { node throws(ValueProblem) in node.scalar == .string("all") ? nil : try list.read(node) },
      text: { $0.map(list.text) ?? "all" }, yaml: { $0.map(list.yaml) ?? "all" },
      schema: ["anyOf": [list.schema, ["const": "all"]]], words: "`all` or \(list.words)")
  }
}
