import Foundation

/// An error in words: those it has itself, or the system's for one of Foundation, which says no more than a number.
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

/// What Foundation's number means, where it keeps the system's to itself.
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
