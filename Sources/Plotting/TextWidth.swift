/// How wide texts are drawn, so that what stands beside them has room.
///
/// Advance widths of Helvetica, whose metrics Arial, Liberation Sans and Nimbus Sans share.
package enum TextWidth {
  /// Thousandths of the font's size, from the blank to the tilde (Adobe's metrics file of Helvetica).
  private static let ascii: [Int] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556,
    556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722,
    778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,
    556,
    556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]
  /// Room for another font of the viewer, somewhat wider.
  private static let reserve = 1.06

  /// In the unit of the font's size.
  package static func of(_ text: String, font: Double) -> Double {
    reserve * font * Double(text.unicodeScalars.reduce(0) { $0 + thousandths($1) }) / 1000
  }

  /// The text if it is at most so wide, else as much of it as is, and an ellipsis.
  package static func fitting(_ text: String, width: Double, font: Double) -> String {
    guard of(text, font: font) > width else { return text }
    var left = width / (reserve * font) * 1000 - 1000
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      left -= Double(thousandths(scalar))
      guard left >= 0 else { break }
      kept.append(scalar)
    }
    return String(kept) + "…"
  }

  private static func thousandths(_ scalar: Unicode.Scalar) -> Int {
    if (0x20...0x7e).contains(scalar.value) { return ascii[Int(scalar.value) - 0x20] }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    case .uppercaseLetter: return 800
    default: break
    }
    switch scalar.value {
    // Hangul, kana, ideographs, full-width forms, emoji: as wide as high.
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
      0x1f300...0x1faff, 0x20000...0x3fffd, 0x2190...0x21ff, 0x2014, 0x2026:
      return 1000
    case 0x80...0x24f: return 600
    default: return 680
    }
  }
}
