import ArgumentParser
import Experiments
import Foundation
import SafeText

/// Suggests what an unparsable command line probably meant, where the parser only says what it found.
enum CommandAdvice {
  /// A sentence replacing the parser's; nil to keep that.
  ///
  /// - Parameter arguments: without the program's name.
  static func message(for arguments: [String]) -> String? {
    let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    return unknownSubcommand(words, of: Snnexp.self) ?? dashedOverride(arguments)
  }

  /// An unknown subcommand: `snnexp rnu`, `snnexp x.yaml`, `snnexp data inf x.h5`.
  private static func unknownSubcommand(_ words: ArraySlice<String>, of command: any ParsableCommand.Type) -> String? {
    let subcommands = command.configuration.subcommands
    guard let word = words.first, !word.hasPrefix("-"), !subcommands.isEmpty else { return nil }
    let visible = subcommands.filter { $0.configuration.shouldDisplay }.map(name)
    if let chosen = subcommands.first(where: { name($0) == word }) {
      return unknownSubcommand(words.dropFirst(), of: chosen)
    }
    guard word != "help" else { return nil }
    let shown = SafeText.excerpt(word)
    if word.hasSuffix(".yaml") || word.hasSuffix(".yml") {
      return "'\(shown)' is not a subcommand. Did you mean 'snnexp run \(shown)'?"
    }
    guard let near = NearestName.nearest(to: word, among: visible) else {
      return "Unknown subcommand '\(shown)'. Available: \(visible.joined(separator: ", "))."
    }
    return "Unknown subcommand '\(shown)'. Did you mean '\(near)'?"
  }

  private static func name(_ command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? "\(command)".lowercased()
  }

  /// `--network.tau_mem=5ms`, or with a separate value.
  private static func dashedOverride(_ arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() where argument.hasPrefix("--") {
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let key = parts.first,
        ["data.", "network.", "training.", "record."].contains(where: { key.hasPrefix($0) }) || key == "seeds"
      else { continue }
      let value = parts.count == 2 ? String(parts[1]) : index + 1 < arguments.count ? arguments[index + 1] : ""
      return "An override has no dashes. Write '\(SafeText.excerpt("\(key)=\(value)"))'."
    }
    return nil
  }
}
