import Engine
import Files
import Foundation
import SafeText

/// Images as spikes: each pixel is a channel that spikes once, the earlier the brighter it is, or not at all.
///
/// The latency code of SpyTorch tutorials 2 and 3: how long a leaky integrator that is driven by the pixel takes to
/// reach the threshold. With x = pixel / 255, tau_eff = tau / time step, and x' = max(x, threshold + 1e-7), all in
/// float64:
///
///     step = trunc(tau_eff * ln(x' / (x' - threshold)))
///
/// A pixel below the threshold, and one whose step is not below the number of steps, does not spike. Without the 1e-7 a
/// pixel exactly at the threshold would never spike; with it, it does after about ln(threshold / 1e-7) tau_eff steps
/// (290 in the tutorials, whose samples have 100).
public struct LatencyImages: SpikeSource {
  /// The folder of the four IDX files, under their usual names, with or without `.gz`; absolute.
  public var folder: String
  /// Seconds.
  public var tau: Double
  /// A fraction of the brightest pixel, 255.
  public var threshold: Double
  /// The number of pixels per image, once a file has been looked at.
  public var pixels: Int?

  public init(folder: String, tau: Double = 0.02, threshold: Double = 0.2) {
    (self.folder, self.tau, self.threshold) = (folder, tau, threshold)
  }

  private static let epsilon = 1e-7

  /// Pixels just above the threshold come late by design.
  public var expectedLateShare: Double { 0.02 }

  public var provenance: [String: String] { ["source": "images", "folder": folder] }

  public var files: [InputFile] {
    [("train", "train"), ("test", "t10k")].flatMap { role, name in
      [("images", "images-idx3-ubyte"), ("labels", "labels-idx1-ubyte")].map { part, ending in
        InputFile(role: "\(role)_\(part)", key: "data.folder", path: path("\(name)-\(ending)"), kind: .images)
      }
    }
  }

  /// The path of a file: with `.gz` if only that exists.
  private func path(_ name: String) -> String {
    let plain = folder + "/" + name
    let exists = FileManager.default.fileExists(atPath:)
    return !exists(plain) && exists(plain + ".gz") ? plain + ".gz" : plain
  }

  /// The number of pixels per image in a folder; nil if the training images can't be read, which loading reports.
  public static func pixels(inFolder folder: String) -> Int? {
    let path = LatencyImages(folder: folder).files[0].path
    guard let file = try? RegularFile(path), let shape = try? IDXFile(headerOf: file).shape, shape.count == 3 else {
      return nil
    }
    let (pixels, overflows) = shape[1].multipliedReportingOverflow(by: shape[2])
    return !overflows && (1...65535).contains(pixels) ? pixels : nil
  }

  /// The step at which each of the 256 pixel values spikes, as long as it is below 2^31; nil: never.
  ///
  /// - Parameter timeStep: in seconds.
  func steps(timeStep: Double) -> [Int?] {
    let scale = tau / timeStep
    return (0...255).map { value in
      let x = Double(value) / 255
      guard x >= threshold else { return nil }
      let driven = max(x, threshold + Self.epsilon)
      let step = scale * Elementary.log(driven / (driven - threshold))
      return step < 0x1p31 ? Int(step) : nil
    }
  }

  public func load(_ request: LoadingRequest) throws -> (train: SpikeDataset, test: SpikeDataset) {
    let paths = files
    let steps = steps(timeStep: request.timeStep)
    let rule = "latency code, tau \(tau), threshold \(threshold), time step \(request.timeStep)"
    func load(_ images: Int, _ labels: Int) throws -> SpikeDataset {
      let (images, labels) = (paths[images].path, paths[labels].path)
      do {
        return try request.cached(rule, of: [images, labels]) {
          try self.load(images: images, labels: labels, steps, request)
        }
      } catch let error as SpikeDataError { throw SpikeSourceError(key: "data.folder", "\(error)") }
    }
    return (try load(0, 1), try load(2, 3))
  }

  private func load(
    images path: String, labels labelPath: String, _ steps: [Int?], _ request: LoadingRequest
  ) throws -> SpikeDataset {
    // What the headers tell is checked first: a small packed file may hold any number of values.
    let file = try InputFile.open(path, kind: .images)
    let shape = try IDXFile(headerOf: file).shape
    guard shape.count == 3 else {
      throw SpikeDataError(
        file: path, problem: "it has the shape \(IDXFile.text(shape)), but images have three dimensions")
    }
    guard try IDXFile.count(shape, in: file) > 0 else { throw SpikeDataError(file: path, problem: "no images") }
    let (count, pixels) = (shape[0], shape[1] * shape[2])
    guard pixels <= 65535 else {
      throw SpikeDataError(
        file: path,
        problem:
          "its images have \(shape[1]) x \(shape[2]) = \(pixels) pixels, each of which is a channel, "
          + "but a network has at most 65535 inputs: use smaller images")
    }
    let labelShape = try IDXFile(headerOf: InputFile.open(labelPath, kind: .images)).shape
    guard labelShape == [count] else {
      throw SpikeDataError(
        file: labelPath,
        problem: "it has \(IDXFile.text(labelShape)) labels for \(CountText.count(count, "image"))")
    }
    let labels = try Self.read(labelPath, request)
    let images = try Self.read(path, request)
    guard images.shape == shape, labels.shape == labelShape else { throw SpikeDataError.changed(path) }
    guard pixels == request.binning.channels else {
      throw SpikeDataError(
        file: path,
        problem: "its images have \(images.shape[1]) x \(images.shape[2]) = \(pixels) pixels, but data.channels is "
          + "\(request.binning.channels)")
    }
    for (sample, label) in labels.values.enumerated() where Int(label) >= request.classes ?? 256 {
      throw SpikeDataError(
        file: labelPath, sample: sample, field: "label",
        problem: "\(label), but only labels 0..<\(request.classes ?? 256) exist (data.classes)")
    }
    let builder = DatasetBuilder(
      name: path, binning: request.binning, labels: labels.values.map { Int($0) },
      reachableBins: request.binning.timeBins, contentHash: images.hash)
    let (values, bins, timeStep) = (images.values, request.binning.timeBins, request.timeStep)
    return try builder.build(request, progress: { request.progress(path, $0) }) { sample, block in
      for channel in 0..<pixels {
        guard let step = steps[Int(values[sample * pixels + channel])] else { continue }
        block.add(bin: step < bins ? UInt16(step) : nil, channel: channel, time: Double(step) * timeStep)
      }
    }
  }

  /// A whole file, if it is the one that was planned.
  private static func read(_ path: String, _ request: LoadingRequest) throws -> IDXFile {
    let file = try IDXFile(InputFile.open(path, kind: .images), memoryLimit: request.memoryLimit)
    try request.check(file.hash, of: path)
    return file
  }
}
