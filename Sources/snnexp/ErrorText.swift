import Foundation

/// The text of an error: its own, or the system's for Foundation errors, which contain only a number.
func words(_ error: any Error) -> String {
  guard error is CocoaError || error is POSIXError || error is URLError || type(of: error) == NSError.self else {
    return "\(error)"
  }
  let problem = error as NSError
  let underlying = problem.userInfo[NSUnderlyingErrorKey] as? NSError ?? problem
  let reason =
    underlying.domain == NSPOSIXErrorDomain
    ? String(cString: strerror(Int32(clamping: underlying.code))) : cocoaReason(problem.code)
  let path = problem.userInfo[NSFilePathErrorKey] as? String
  return (path.map { "\($0): " } ?? "") + reason
}

/// Meaning of Foundation error codes that hide the system's error.
private func cocoaReason(_ code: Int) -> String {
  switch CocoaError.Code(rawValue: code) {
  case .fileNoSuchFile, .fileReadNoSuchFile: String(cString: strerror(ENOENT))
  case .fileReadNoPermission, .fileWriteNoPermission: String(cString: strerror(EACCES))
  case .fileWriteOutOfSpace: String(cString: strerror(ENOSPC))
  case .fileWriteVolumeReadOnly: String(cString: strerror(EROFS))
  case .fileWriteFileExists: String(cString: strerror(EEXIST))
  case .fileReadInvalidFileName, .fileWriteInvalidFileName: String(cString: strerror(EINVAL))
  default: "it cannot be read or written"
  }
}
