import ArgumentParser
import Foundation

/// A path as the user gives it, for every argument and option that takes one. A leading `~` means the home folder also
/// where the shell left it alone, as in quotes and after `--results=`, so that results don't split.
///
/// - Throws: `ValidationError` for an empty one, which would mean the root of the file system in `<path>/<name>`.
func userPath(_ text: String) throws -> String {
  guard !text.isEmpty else { throw ValidationError("the path is empty; give the name of a file or folder") }
  guard text == "~" || text.hasPrefix("~/") else { return text }
  let home = ProcessInfo.processInfo.environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
  return home + text.dropFirst()
}
