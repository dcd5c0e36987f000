import SpikeData

/// `data.source`, and the keys of each source. Only those of the selected one exist in a file.
struct SourceKeys {
  private var kind = DataSource.Kind.files
  private var files = SpikeFiles(train: "", test: "")
  private var synthetic = SyntheticSpeech()
  private var images = LatencyImages(folder: "")
  private var random = RandomSpikes()
  private var randman = RandomManifolds()
  private var events = EventRecordings(file: "", tested: .fraction(0.2))
  private var analog = AnalogSource(file: "", tested: .fraction(0.2))

  init(_ source: DataSource) {
    switch source {
    case .files(let files): (kind, self.files) = (.files, files)
    case .synthetic(let speech): (kind, synthetic) = (.synthetic, speech)
    case .images(let images): (kind, self.images) = (.images, images)
    case .random(let spikes): (kind, random) = (.random, spikes)
    case .randman(let manifolds): (kind, randman) = (.randman, manifolds)
    case .events(let recordings): (kind, events) = (.events, recordings)
    case .analog(let values): (kind, analog) = (.analog, values)
    }
  }

  var selected: DataSource {
    switch kind {
    case .files: .files(files)
    case .synthetic: .synthetic(synthetic)
    case .images: .images(images)
    case .random: .random(random)
    case .randman: .randman(randman)
    case .events: .events(events)
    case .analog: .analog(analog)
    }
  }

  mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.value(
      "source", &kind, .choice, default: .files,
      "files: HDF5 files in SHD layout; synthetic: a built-in task like speech; images: IDX files as MNIST has, as spike"
        + " latencies; random: random spikes with random labels; randman: spike times on smooth random manifolds;"
        + " events: CSV or NumPy files of recorded events; analog: HDF5 files with analog values, for a network with an"
        + " encoder.")
    v.variant(of: "source", .with("source: files"), isActive: kind == .files) { files.visit(&$0) }
    v.variant(of: "source", .with("source: synthetic"), isActive: kind == .synthetic) { v in
      v.section("synthetic", "The built-in task.") { synthetic.visit(&$0) }
    }
    v.variant(of: "source", .with("source: images"), isActive: kind == .images) { images.visit(&$0) }
    if kind == .images, images.pixels == nil { images.pixels = LatencyImages.pixels(inFolder: images.folder) }
    v.variant(of: "source", .with("source: random"), isActive: kind == .random) { v in
      v.section(
        "random",
        "Each channel spikes in each step with the probability rate times network.time_step; labels are random."
      ) { random.visit(&$0) }
    }
    v.variant(of: "source", .with("source: randman"), isActive: kind == .randman) { v in
      v.section(
        "randman",
        "Each class is a smooth random manifold of spike times (Zenke and Vogels 2021); each channel spikes once."
      ) { randman.visit(&$0) }
    }
    v.variant(of: "source", .with("source: events"), isActive: kind == .events) { events.visit(&$0) }
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

extension LatencyImages {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    let before = folder
    v.required(
      "folder", &folder, .path, hint: "the folder with train-images-idx3-ubyte and three more files, plain or .gz",
      affectsNumbers: false,
      "Folder of the four IDX files: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and"
        + " t10k-labels-idx1-ubyte, plain or with .gz. Each pixel is a channel.")
    if folder != before { pixels = nil }
    let usual = LatencyImages(folder: "")
    v.section(
      "latency",
      "When a pixel spikes: in step trunc(tau / time_step ln(x / (x - threshold))), computed in float64, where x is"
        + " pixel / 255, but at least threshold + 1e-7: a pixel exactly at the threshold spikes in step trunc(tau /"
        + " time_step ln((threshold + 1e-7) / 1e-7)), 290 with the defaults."
    ) { v in
      v.value("tau", &tau, .time, default: usual.tau, "The larger, the later, in proportion.")
      v.value(
        "threshold", &threshold, .number(.open(0, 1)), default: usual.threshold,
        "Pixels with pixel / 255 below it do not spike.")
    }
  }
}

extension RandomSpikes {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    let usual = RandomSpikes()
    v.value("channels", &channels, .integer(1...65535), default: usual.channels, "Number of channels.")
    v.value("rate", &rate, .rate(.atLeast(0)), default: usual.rate, "Spikes per second and channel.")
    v.value(
      "samples", &samples, .integer(1...10_000_000), default: usual.samples, "Number of training samples.")
    v.value(
      "test_samples", &testSamples, .integer(1...10_000_000),
      default: .dependent(samples, on: ["samples"], .text("`samples`")),
      "Number of test samples, others than those for training: accuracy on them is at chance.")
    v.value(
      "classes", &classes, .integer(1...65535), default: usual.classes,
      "Number of classes, from which labels are drawn.")
    v.value("seed", &seed, .seed, default: usual.seed, "Seed of the data, independent of the run seeds.")
  }
}

extension RandomManifolds {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    let usual = RandomManifolds()
    v.value(
      "dimension", &dimension, .integer(1...100), default: usual.dimension, "Number of coordinates of a manifold.")
    v.value(
      "smoothness", &smoothness, .number(.above(0)), default: usual.smoothness,
      "Exponent with which higher frequencies get weaker: the larger, the smoother.")
    v.value("channels", &channels, .integer(1...65535), default: usual.channels, "Number of channels.")
    v.value("classes", &classes, .integer(1...65535), default: usual.classes, "Number of classes.")
    v.value(
      "samples", &samples, .integer(1...10_000_000), default: usual.samples,
      "Number of training samples, of all classes together.")
    v.value(
      "test_samples", &testSamples, .integer(1...10_000_000), default: usual.testSamples,
      "Number of test samples, from the same manifolds.")
    v.value("seed", &seed, .seed, default: usual.seed, "Seed of the data, independent of the run seeds.")
  }
}

extension EventRecordings {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.required(
      "file", &file, .path, hint: "a CSV or .npz file with sample, time, channel and label", affectsNumbers: false,
      "CSV or .npz file with a number sample, time, channel and label for each event, and perhaps speaker. Samples and"
        + " channels count from 0.")
    v.value("time_unit", &unit, .choice, default: .s, "Unit of the times in the file.")
    tested.visit(&v)
  }
}

extension TestPart {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    var (fraction, path, isFile) = (0.2, "", false)
    switch self {
    case .fraction(let share): fraction = share
    case .file(let file): (path, isFile) = (file, true)
    }
    isFile = v.isGiven("test", current: isFile)
    v.variant(of: "test", .without(["test"]), isActive: !isFile) {
      $0.value(
        "test_fraction", &fraction, .number(.open(0, 1)), default: 0.2,
        "Fraction of each class that tests, drawn with the run's seed.")
    }
    v.variant(of: "test_fraction", .without(["test_fraction"]), isActive: isFile) {
      $0.required(
        "test", &path, .path, hint: "", affectsNumbers: false, "A second file of the same layout, which tests.")
    }
    self = isFile ? .file(path) : .fraction(fraction)
  }
}

extension AnalogSource {
  fileprivate mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.required(
      "file", &file, .path, hint: "an HDF5 file with /values [samples, time, channels] and /labels",
      affectsNumbers: false, "HDF5 file: `/values` [samples, time, channels], `/labels` [samples].")
    tested.visit(&v)
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
