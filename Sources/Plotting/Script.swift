import Foundation

/// The parts that all gnuplot scripts share.
enum Script {
  /// Okabe and Ito's colours, distinct also for colour-blind readers; yellow is left out, it is faint on white.
  static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
  static let blue = colours[0], vermillion = colours[1], green = colours[2], grey = "#B8B8B8"

  /// The colour map viridis, sampled: perceptually uniform, and legible in grey.
  static let viridis = ["#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30"]

  /// Comments, terminal, output and style. Sizes are in pixels of which 480 are a column's width (8.5 cm).
  static func preamble(kind: PlotKind, shows: [String], from files: [String], width: Int, height: Int) -> String {
    preamble(name: kind.rawValue, shows: shows, from: files, width: width, height: height)
  }

  /// The same for a figure that is not of a results folder; `name` is that of script and picture.
  static func preamble(name: String, shows: [String], from files: [String], width: Int, height: Int) -> String {
    let comments = shows + ["Data: " + files.joined(separator: ", ") + " (seen from this file's folder)."]
    return """
      \(comments.map { "# " + $0 }.joined(separator: "\n"))
      #
      #   gnuplot \(name).gp                   writes \(name).svg beside this file, from any folder
      #   gnuplot -e 'term="png"' \(name).gp   the same as .png; "pdf" as .pdf

      if (!exists("term")) term = "svg"
      here = ARG0
      while (strlen(here) > 0 && here[strlen(here):*] ne "/") { here = here[1:strlen(here) - 1] }

      # 480 pixels are a column of 8.5 cm.
      width = \(width)
      height = \(height)
      if (term eq "svg") {
        set terminal svg size width,height font "Arial,15" background "white"
        font_size(pixels) = sprintf(",%g", pixels)
      } else { if (term eq "pdf") {
        set terminal pdfcairo size width * 8.5 / 480 cm,height * 8.5 / 480 cm font "Arial,7.5" fontscale 1 linewidth 0.6 \\
          pointscale 0.5
        font_size(pixels) = sprintf(",%g", pixels / 2.0)
      } else { if (strstrt(GPVAL_TERMINALS, "pngcairo") > 0) {
        set terminal pngcairo size 2 * width,2 * height font "Arial,15" fontscale 1.55 linewidth 2 pointscale 2
        font_size(pixels) = sprintf(",%g", pixels)
      } else {
        set terminal png size 2 * width,2 * height font "Arial,22" linewidth 2
        font_size(pixels) = sprintf(",%g", 1.5 * pixels)
      } } }
      set output here . "\(name)." . term

      set encoding utf8
      set termoption noenhanced
      set datafile separator ","
      set datafile columnheaders
      set border 3 linewidth 0.8 linecolor "#404040"
      set tics nomirror out scale 0.5
      set grid linecolor "#E4E4E4" linetype 1 linewidth 0.6


      """
  }

  /// A gnuplot string. Double quotes, so that a newline or an apostrophe in a value cannot end it.
  static func string(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\\": quoted += "\\\\"
      case "\"": quoted += "\\\""
      // gnuplot replaces backquotes by the output of a command, in double quotes too.
      case "`": quoted += "'"
      case "\n", "\r", "\t": quoted += " "
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "\""
  }

  /// A gnuplot array of strings.
  static func array(_ name: String, of texts: [String]) -> String {
    "array \(name)[\(texts.count)] = [" + texts.map(string).joined(separator: ", ") + "]"
  }

  /// Ticks on the axis of time so far apart that the numbers of neighbouring panels do not touch.
  static func timeTicks(duration: Double) -> String {
    guard duration > 0 else { return "autofreq" }
    let power = pow(10, floor(log10(duration / 2)))
    let step = [5, 2, 1].map { $0 * power }.first { $0 * 2 <= duration * 1.05 } ?? power
    return number(step)
  }

  /// A number as short as six digits allow, in the C locale.
  static func number(_ value: Double) -> String { String(format: "%.6g", value) }
}
