import SpikeData

/// `data.source`, and the keys of each source. Only those of the selected one exist in a file.
struct SourceKeys {
  private var kind = DataSource.Kind.files
  private var files = SpikeFiles(train: "", test: "")
  private var synthetic = SyntheticSpeech()

  init(_ source: DataSource) {
    switch source {
    case .files(let files): (kind, self.files) = (.files, files)
    case .synthetic(let speech): (kind, synthetic) = (.synthetic, speech)
    }
  }

  var selected: DataSource {
    switch kind {
    case .files: .files(files)
    case .synthetic: .synthetic(synthetic)
    }
  }

  mutating func visit<V: KeyVisitor>(_ v: inout V) {
    v.value(
      "source", &kind, .choice, default: .files, "files: HDF5 files in SHD layout; synthetic: a built-in task.")
    v.variant(of: "source", .with("source: files"), isActive: kind == .files) { files.visit(&$0) }
    v.variant(of: "source", .with("source: synthetic"), isActive: kind == .synthetic) { v in
      v.section("synthetic", "The built-in task.") { synthetic.visit(&$0) }
    }
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
