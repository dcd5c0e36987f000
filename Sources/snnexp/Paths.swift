import ArgumentParser
import Foundation

/// A path given by the user, for every argument and option that takes one. A leading `~` means the home folder even if
/// the shell did not expand it, as in quotes or after `--results=`, so that results do not end up in two places.
///
/// - Throws: `ValidationError` for an empty path, for which `<path>/<name>` would be at the file system root.
func userPath(_ text: String) throws -> String {
  guard !text.isEmpty else { throw ValidationError("the path is empty; give the name of a file or folder") }
  guard text == "~" || text.hasPrefix("~/") else { return text }
  let home = ProcessInfo.processInfo.environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
  return home + text.dropFirst()
}

/// The absolute path of an existing folder: the given words, as far as they name this folder after `..` is left out. Behind
/// a symbolic link they may name another one; then the path without links.
func absolutePath(ofFolder path: String) -> String {
  let text = URL(fileURLWithPath: path).standardizedFileURL.path
  var (given, found) = (stat(), stat())
  if stat(path, &given) != 0
    || stat(text, &found) == 0 && given.st_ino == found.st_ino && given.st_dev == found.st_dev
  {
    return text
  }
  guard let real = realpath(path, nil) else { return text }
  defer { free(real) }
  return String(cString: real)
}
