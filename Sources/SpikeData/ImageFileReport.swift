import Files
import Foundation
import SafeText

/// A report on the contents of an IDX file of images or labels, for people.
public struct ImageFileReport: Sendable, CustomStringConvertible {
  public var path: String
  /// Images, rows and columns; for labels, only their number.
  public var shape: [Int]
  public var range: ClosedRange<Int>?
  public var mean = 0.0
  /// The share of values that are 0.
  public var zeros = 0.0
  /// Of a file of labels: how many samples have each of them, ascending.
  public var labels: [(label: Int, samples: Int)]?

  /// Whether a file may be IDX: it begins with two zero bytes, perhaps packed with gzip.
  public static func isIDX(path: String) -> Bool {
    guard let file = try? RegularFile(path) else { return false }
    return (try? IDXFile(headerOf: file)) != nil
  }

  /// - Parameter memoryLimit: the most bytes that the values may take.
  /// - Throws: `SpikeDataError`.
  public init(path: String, memoryLimit: Int) throws {
    let file = try IDXFile(InputFile.open(path, kind: .images), memoryLimit: memoryLimit)
    (self.path, shape) = (path, file.shape)
    var counts = [Int](repeating: 0, count: 256)
    for value in file.values { counts[Int(value)] += 1 }
    let total = file.values.count
    guard let least = counts.firstIndex(where: { $0 > 0 }), let most = counts.lastIndex(where: { $0 > 0 }) else {
      return
    }
    range = least...most
    mean = counts.enumerated().reduce(0) { $0 + Double($1.offset * $1.element) } / Double(total)
    zeros = Double(counts[0]) / Double(total)
    if shape.count == 1 { labels = counts.enumerated().filter { $1 > 0 }.map { ($0.offset, $0.element) } }
  }

  public var description: String {
    let name = SafeText.line(path)
    if let labels {
      let width = labels.map { "\($0.label)".count }.max() ?? 1
      return
        (["\(name): \(CountText.count(shape[0], "label")) of \(CountText.count(labels.count, "class")), samples:"]
        + labels.map { label, samples in
          "  \(String(repeating: " ", count: width - "\(label)".count))\(label)  \(samples)"
        }).joined(separator: "\n")
    }
    let what =
      shape.count == 3
      ? "\(CountText.count(shape[0], "image")) of \(shape[1]) x \(shape[2]) pixels"
      : "\(shape.map(String.init).joined(separator: " x ")) values"
    guard let range else { return "\(name): \(what)" }
    return "\(name): \(what)\n"
      + String(
        format: "pixels %d to %d, mean %.1f, %.1f %% are 0", range.lowerBound, range.upperBound, mean, 100 * zeros)
  }
}
