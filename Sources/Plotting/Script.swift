import Foundation
import SafeText

/// The parts that all gnuplot scripts share, and the one place where texts and numbers from files become parts of a
/// script.
///
/// In a script of gnuplot a line feed ends a comment, a backslash at a line's end joins the next line to it, and
/// backquotes in double quotes run a command. So texts are made safe lines first (`SafeText.line`), then quoted;
/// numbers are written by us, from numbers.
enum Script {
  /// Ten colours: Okabe and Ito's, their yellow, faint on white, replaced by Tol's wine, and Tol's indigo and a dark
  /// brown. Seen with protanopia, deuteranopia or tritanopia (Machado et al. 2009) any two are at least 10.9 apart
  /// (CIEDE2000).
  static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#882255", "#332288", "#661100",
  ]
  /// Dashes of lines in these colours where there are more than `mostSolid`: colours that are less than 16 apart have
  /// different ones. Empty for a solid line.
  static let dashes = ["", "", "(10,4)", "(10,4)", "(10,3,2,3)", "", "", "(10,4)", "", "(10,3,2,3)"]
  static let mostSolid = 5
  static let blue = colours[0], vermillion = colours[1], green = colours[2], grey = "#B8B8B8"

  /// The colour map viridis, sampled: perceptually uniform, and legible in grey.
  static let viridis =
    "0 \"#440154\", 1 \"#472D7B\", 2 \"#3B528B\", 3 \"#2C728E\", 4 \"#21918C\", 5 \"#28AE80\", 6 \"#5EC962\", "
    + "7 \"#ADDC30\", 8 \"#FDE725\""

  /// The width in pixels of a column of 8.5 cm, and of a page of two.
  static let column = 480, page = 960

  /// The most pixels that a figure is high where its panels can be made smaller: 23 cm, a page of a journal.
  static let mostHeight = 1300

  /// The font's size in pixels: 7.5 points in a column; larger on a page, so that it can still be read (6 points) when
  /// a journal shrinks the page to a column.
  static func font(width: Int) -> Int { width < page ? 15 : 24 }

  /// Comments, settings, terminal, output and style.
  ///
  /// Texts are UTF-8, which these terminals draw as they are; `set encoding utf8` would warn in the C locale.
  ///
  /// - Parameters:
  ///   - name: the script's file name without its ending; the picture gets the same.
  ///   - shows: what the figure shows, the lines of the opening comment.
  ///   - files: the data, as seen from the script's folder.
  ///   - settings: what a reader may want to change, in gnuplot's language.
  static func preamble(
    name: String, shows: [String], from files: [String], width: Int, height: Int, settings: String = ""
  ) -> String {
    """
    \((shows + ["Data: " + files.joined(separator: ", ") + " (relative to this file's folder)."]).map(comment).joined(separator: "\n"))
    #
    #   gnuplot \(name).gp                   \(signature(name: name))
    #   gnuplot -e 'term="png"' \(name).gp   the same as .png; "pdf" as .pdf

    # ---- Settings
    if (!exists("term")) term = "svg"
    width = \(width)
    height = \(height)    # pixels, of which 480 are a column's width, 8.5 cm
    font = \(font(width: width))    # pixels, of which 2 are a point in print
    \(settings)
    # ---- Set-up: the folder of this file, the kind of picture, the style
    here = ARG0
    while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }
    # gnuplot takes names that begin with < or | for commands.
    if (here[1:1] ne "/") here = "./" . here
    # Sizes are pixels of the SVG. The terminals of Cairo take points of 1/72 inch for pixels of 1/96 inch; they draw dashes,
    # and pngcairo points, smaller than svg, and all ticks half as long.
    is_cairo = term eq "pdf" || (term eq "png" && strstrt(GPVAL_TERMINALS, "pngcairo") > 0)
    font_unit = term eq "pdf" ? 0.5 : term eq "png" && !is_cairo ? 1.5 : 1
    font_size(pixels) = sprintf(",%g", pixels * font_unit)
    tic_scale = is_cairo ? 1 : 0.5
    if (term eq "svg") set terminal svg size width,height font "Arial" . font_size(font) background "white"
    if (term eq "pdf") set terminal pdfcairo size width * 8.5 / 480 cm,height * 8.5 / 480 cm \\
      font "Arial" . font_size(font) fontscale 0.75 linewidth 1 pointscale 1 dashlength 1.8
    if (term eq "png" && is_cairo) set terminal pngcairo size 2 * width,2 * height \\
      font "Arial" . font_size(font) fontscale 1.5 linewidth 2 pointscale 4 dashlength 1.96
    if (term eq "png" && !is_cairo) set terminal png size 2 * width,2 * height font "Arial" . font_size(font) linewidth 2
    # The picture's ending; while it is drawn, another one.
    if (!exists("ending")) ending = term
    set output here . "\(name)." . ending
    set termoption noenhanced
    set datafile separator ","
    # gnuplot 5.2 knows columns by their names only so.
    if (GPVAL_VERSION >= 5.4) set datafile columnheaders; else set key autotitle columnhead
    set border 3 linewidth 0.8 linecolor "#404040"
    set tics nomirror out scale tic_scale
    set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6

    # ---- Figure

    """
  }

  /// What tells a script of ours.
  static func signature(name: String) -> String { "writes \(name).svg beside this file, from any folder" }

  /// A comment on one line.
  static func comment(_ text: String) -> String {
    let line = "# " + clipped(SafeText.line(text), to: 1000).replacing("`", with: "'")
    // A backslash at the end would make the next line a part of the comment.
    return line.hasSuffix("\\") ? line + " ." : line
  }

  /// A gnuplot string, in double quotes.
  static func string(_ text: String) -> String {
    var quoted = "\""
    // The SVG has > as it is, which would end a section there is none of.
    for character in clipped(SafeText.line(text), to: 200).replacing("]]>", with: "]] >").unicodeScalars {
      switch character {
      case "\\": quoted += "\\\\"
      case "\"": quoted += "\\\""
      // gnuplot replaces backquotes by the output of a command, but not those that are written so.
      case "`": quoted += "\\140"
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "\""
  }

  /// The label of a tick, which gnuplot takes for a format.
  static func tickLabel(_ text: String) -> String { string(text.replacing("%", with: "%%")) }

  /// A text from a file as figures show it: on one line, and no longer than there can be room for.
  static func label(_ text: String, most: Int = 48) -> String { clipped(SafeText.line(text), to: most) }

  /// By scalars: a `Character` may have any number of accents.
  private static func clipped(_ text: String, to most: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > most else { return text }
    return String(String.UnicodeScalarView(scalars.prefix(most - 1))) + "…"
  }

  /// A metric's name as a part of file names.
  static func fileName(_ metric: String) -> String {
    String(
      decoding: metric.utf8.prefix(80).map { byte in
        let isSafe = (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        return isSafe ? byte : UInt8(ascii: "_")
      }, as: UTF8.self)
  }

  /// A gnuplot array of strings.
  static func array(_ name: String, of texts: [String]) -> String { array(name, items: texts.map(string)) }

  /// A gnuplot array of strings of several lines each.
  static func array(_ name: String, ofLines texts: [[String]]) -> String {
    array(
      name,
      items: texts.map { lines in "\"" + lines.map { string($0).dropFirst().dropLast() }.joined(separator: "\\n") + "\""
      })
  }

  /// A gnuplot array, in lines of at most some hundred characters.
  static func array(_ name: String, items: [String]) -> String {
    // gnuplot has no empty arrays.
    let items = items.isEmpty ? ["\"\""] : items
    var text = "array \(name)[\(items.count)] = [", column = 0
    for (index, item) in items.enumerated() {
      if column > 0 && column + item.count > 100 {
        text += "\\\n  "
        column = 0
      }
      text += item + (index + 1 < items.count ? ", " : "")
      column += item.count + 2
    }
    return text + "]"
  }

  /// The distance of ticks, 1, 2 or 5 times a power of ten, so that there are at most so many in a span.
  static func step(span: Double, most: Int) -> Double {
    guard span > 0, span.isFinite else { return 1 }
    let power = pow(10, floor(log10(span / Double(most))))
    return [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= Double(most) } ?? span
  }

  /// Ticks from zero on an axis of time or steps: at least two after zero, or one if `isNarrow`; the last one so far
  /// from the panel's edge that its number does not touch the neighbouring panel's.
  static func timeTicks(duration: Double, isNarrow: Bool = false) -> String {
    guard duration > 0, duration.isFinite else { return "autofreq" }
    let last = duration * 0.85, wanted = isNarrow ? 1.0 : 2
    let power = pow(10, floor(log10(duration / wanted)))
    let step = [5, 4, 2, 1].map { $0 * power }.first { $0 * wanted <= last } ?? power / 2
    // A narrow panel has room for one number.
    return "0,\(number(step)),\(number(isNarrow ? step : last))"
  }

  /// Ticks at 1, 2 and 5 times powers of ten on a logarithmic axis that is too short for powers alone.
  static func logTicks(low: Double, high: Double) -> String {
    guard low > 0, high / low < 300 else { return "autofreq" }
    let powers = Int(floor(log10(low)))...Int(ceil(log10(high)))
    return "("
      + powers.flatMap { power in [1.0, 2, 5].map { number($0 * pow(10, Double(power))) } }
      .joined(separator: ", ") + ")"
  }

  /// Of so many labels that need so many pixels each in so much room, every which one can be shown.
  static func thinning(count: Int, each: Double, room: Double) -> Int {
    max(1, Int((Double(count) * each / max(room, 1)).rounded(.up)))
  }

  /// A number as short as six digits allow, in the C locale.
  static func number(_ value: Double) -> String { value.isFinite ? String(format: "%.6g", value) : "NaN" }
}
