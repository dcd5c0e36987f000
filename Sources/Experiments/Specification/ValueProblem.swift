import SafeText
import YAML

/// What is wrong with one value.
struct ValueProblem: Error {
  var message: String
  var hint: String?
  var site: Site

  init(_ message: String, hint: String? = nil, at site: Site) {
    self.message = message
    self.hint = hint
    self.site = site
  }
}
