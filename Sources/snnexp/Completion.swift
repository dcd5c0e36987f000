import ArgumentParser
import Experiments

/// Shell completion of arguments: experiment files, folders, keys of overrides with their values.
enum Completion {
  static let experimentFile = CompletionKind.file(extensions: ["yaml", "yml"])
  static let spikeFile = CompletionKind.file(extensions: ["h5", "hdf5"])
  static let dataOrExperimentFile = CompletionKind.file(extensions: ["h5", "hdf5", "yaml", "yml"])
  static let folder = CompletionKind.directory
  static let override = CompletionKind.custom { words, index, prefix in overrides(words, index, prefix) }
  static let key = CompletionKind.list(ExperimentSchema.keys)
  static let metric = CompletionKind.list(
    ["train", "validation", "test"].flatMap { ["\($0)_accuracy", "\($0)_loss"] })

  /// The overrides that start like the word at `index`, up to the cursor. Bash splits `key=value` into three words.
  private static func overrides(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
    if let equals = prefix.lastIndex(of: "=") {
      let key = String(prefix[..<equals])
      return values(of: key).map { key + "=" + $0 }
    }
    if words.indices.contains(index - 1), words[index - 1] == "=", index > 1 { return values(of: words[index - 2]) }
    if words.indices.contains(index), words[index] == "=", index > 0 { return values(of: words[index - 1]) }
    return ExperimentSchema.keys.map { $0 + "=" }
  }

  private static func values(of key: String) -> [String] { ExperimentSchema.choices[key] ?? [] }

  /// The parser's script, changed so that bash and zsh add no space after the `=` of a key. Fish adds none anyway.
  static func completed(_ text: String) -> String {
    if text.hasPrefix("#compdef ") {
      let call = #"__snnexp_complete "${completions[@]:0:-1}""#
      return text.replacing(
        call,
        with: #"if [[ "${completions[1]}" == *= ]]; then compadd -S '' -- "${(@)completions[1,-2]}"; else "#
          + call + "; fi", maxReplacements: 1)
    }
    let last = "complete -o filenames -F _snnexp snnexp\n"
    guard text.hasPrefix("#!/bin/bash\n"), text.hasSuffix(last) || text.hasSuffix(last.dropLast()) else { return text }
    return text.trimmingSuffix { $0 == "\n" }.dropLast(last.count - 1) + """
      _snnexp_overrides() {
          _snnexp "$@"
          if [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace +o filenames; fi
      }

      complete -o filenames -F _snnexp_overrides snnexp
      """
  }
}

extension StringProtocol {
  /// Drops trailing characters that satisfy the condition.
  fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> SubSequence {
    var rest = self[...]
    while let last = rest.last, condition(last) { rest = rest.dropLast() }
    return rest
  }
}
