import Engine
import Files
import HDF5
import SafeText

/// An HDF5 file with analog values: `/values` [samples, time, channels], `/labels` [samples], and, if it has them,
/// `extra/speaker` [samples] and `extra/keys`, the name of each class.
struct AnalogFile {
  let path: String
  let labels: [Int]
  let speakers: [Int]?
  let classNames: [String]?
  let steps: Int
  let channels: Int
  /// The type of the values in the file.
  let element: HDF5ElementType
  /// `[samples, steps, channels]`, as in the file.
  let values: [Double]

  var count: Int { labels.count }

  /// - Parameters:
  ///   - classes: labels must be below it; nil allows any label from 0 up.
  ///   - memoryLimit: bytes that the values may take.
  ///   - expecting: the hash that the file must have, or nil.
  /// - Throws: `SpikeDataError`, `HDF5Error`.
  init(path: String, classes: Int?, memoryLimit: Int, expecting: ContentHash?) throws {
    self.path = path
    func fault(_ field: String?, _ problem: String, sample: Int? = nil) -> SpikeDataError {
      SpikeDataError(file: path, sample: sample, field: field, problem: problem)
    }
    let source = try InputFile.open(path, kind: .spikes)
    let file: HDF5File
    do { file = try HDF5File(reading: source) } catch let error as HDF5Error {
      throw fault(nil, "cannot \(error.operation): \(error.reason)")
    }
    for field in ["values", "labels"] where try !file.exists(field) {
      let members = SafeText.list(try file.names(in: ""), most: 10)
      throw fault(
        field,
        "there is no such dataset; data.source: analog needs /values [samples, time, channels] and /labels [samples], "
          + "and the file has \(members)")
    }
    let shape = try file.shape("values")
    guard shape.count == 3, shape.allSatisfy({ $0 > 0 }) else {
      throw fault("values", "shape \(shape), but it must be [samples, time, channels], none of them 0")
    }
    guard try file.shape("labels") == [shape[0]] else {
      throw fault("labels", "shape \(try file.shape("labels")), but there must be one label per sample: [\(shape[0])]")
    }
    let bytes = shape.reduce(MemoryLayout<Double>.stride) { $0.saturatingTimes($1) }
    guard bytes <= memoryLimit else {
      throw fault("values", "\(OutOfMemoryError(needed: bytes, available: memoryLimit, remedy: "use fewer samples"))")
    }
    let count = bytes / MemoryLayout<Double>.stride
    let type = try file.elementType("values")
    if type.isInteger {
      values = try file.readIntegers("values", atMost: count).map(Double.init)
    } else if type.kind == .float {
      values = try file.readDoubles("values", atMost: count).values
    } else {
      throw fault("values", "\(type), but values must be integers or floating-point numbers")
    }
    (steps, channels, element) = (shape[1], shape[2], type)
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      let sample = place / (steps * channels)
      throw fault(
        "values", "\(values[place]) at step \(place / channels % steps), channel \(place % channels)", sample: sample)
    }
    labels = try checkedLabels(try file.readIntegers("labels", atMost: shape[0]), file: path, classes: classes)
    if try file.exists("extra/speaker") {
      guard try file.shape("extra/speaker") == [shape[0]] else {
        throw fault("extra/speaker", "there must be one speaker per sample: [\(shape[0])]")
      }
      speakers = try file.readIntegers("extra/speaker", atMost: shape[0]).map { Int(clamping: $0) }
    } else {
      speakers = nil
    }
    classNames = try file.exists("extra/keys") ? try file.readStrings("extra/keys") : nil
    try source.check(isStill: expecting)
  }

  /// The places of a channel's values.
  func places(_ channel: Int) -> StrideTo<Int> { stride(from: channel, to: values.count, by: channels) }
}
