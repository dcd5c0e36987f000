import CSV
import Files
import Quantities

/// Identifies a run's numbers: a hash of the resolved configuration that affects them, the seed, the fingerprints of
/// the input files, and the engine's numeric version. Same identity, same numbers.
struct RunIdentity {
  /// Raised whenever the engine computes different bits from the same configuration.
  static let numericVersion = 4

  /// SHA-256, 64 hexadecimal digits.
  let hash: String

  /// - Throws: `InputError` if an input file cannot be read.
  init(_ run: RunSpecification, experiment: Experiment, fingerprints: inout InputFingerprints) throws {
    var text = "numeric version \(Self.numericVersion)\nseed \(run.seed)\n\(run.numericText)\n"
    let source = run.source.content.identity
    if !source.isEmpty { text += source + "\n" }
    for file in run.inputFiles { text += "\(file.role) \(try fingerprints.hash(of: file, experiment: experiment))\n" }
    hash = ContentHash(of: text).description
  }

  /// The slugs of a sweep's runs: swept values and the seed in `[A-Za-z0-9._-]`. Numbers have as few digits, and
  /// mappings as few members, as tell the values of their key apart.
  static func slugs(_ runs: [RunSpecification]) -> [String] {
    var values: [String: Set<String>] = [:]
    for run in runs { for (key, value) in run.swept { values[key, default: []].insert(value) } }
    let short = values.mapValues { values in
      let all = values.sorted()
      return Dictionary(uniqueKeysWithValues: zip(all, ShortNumbers.of(ShortMappings.of(all, separator: "_"))))
    }
    return runs.map { run in slug(run.swept.map { ($0.key, short[$0.key]?[$0.value] ?? $0.value) }, seed: "\(run.seed)")
    }
  }

  private static func slug(_ swept: [(key: String, value: String)], seed: String) -> String {
    var bytes: [UInt8] = []
    for (key, value) in swept + [(key: "seed", value: seed)] {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: "-")) }
      let short =
        key.utf8.lastIndex(of: UInt8(ascii: ".")).map { key.utf8[key.utf8.index(after: $0)...] } ?? key.utf8[...]
      for part in [short, "_".utf8[...], value.utf8[...]] {
        for byte in part where byte != UInt8(ascii: " ") {
          // One replacement per character, not per byte.
          guard byte & 0xc0 != 0x80 else { continue }
          bytes.append(isAllowed(byte) ? byte : UInt8(ascii: "_"))
        }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }

  /// The name of a run folder: the end of its slug and `digits` digits of its hash, at most 64 characters.
  static func folderName(slug: String, hash: String, digits: Int = 12) -> String {
    let room = 63 - digits
    return String(slug.suffix(room).drop { $0 == "." || $0 == "-" }) + "-" + hash.prefix(digits)
  }
}
