/// Recognises a file format by its first bytes: what users give, or servers send, instead of the expected file.
public enum FileFormat: Sendable, CaseIterable {
  case empty, gitLFSPointer, html, gzip, zip, numpyArchive, bzip2, xz, zstandard, tar, numpy, matlab, text

  /// How many bytes from the beginning of a file `init` needs.
  public static let headSize = 512

  /// Nil if the format is not recognised, and for HDF5.
  public init?(_ head: some Collection<UInt8>) {
    let head = Array(head.prefix(Self.headSize))
    func starts(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
    func starts(_ text: String) -> Bool { head.starts(with: text.utf8) }
    let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
    let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
    let visible = head.dropFirst(starts(byteOrderMark) ? 3 : 0).drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
    if head.isEmpty {
      self = .empty
    } else if starts("version https://git-lfs.github.com/spec/") {
      self = .gitLFSPointer
    } else if starts([0x1f, 0x8b]) {
      self = .gzip
    } else if starts("PK\u{3}\u{4}") || starts("PK\u{5}\u{6}") {
      self = Self.isNumPyArchive(head) ? .numpyArchive : .zip
    } else if starts("BZh") {
      self = .bzip2
    } else if starts([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) {
      self = .xz
    } else if starts([0x28, 0xb5, 0x2f, 0xfd]) {
      self = .zstandard
    } else if starts([0x93] + Array("NUMPY".utf8)) {
      self = .numpy
    } else if starts("MATLAB 5.0 MAT-file") {
      self = .matlab
    } else if head.count >= 262, head[257..<262].elementsEqual("ustar".utf8) {
      self = .tar
    } else if isText, visible.first == UInt8(ascii: "<") {
      self = .html
    } else if isText {
      self = .text
    } else {
      return nil
    }
  }

  /// The format of an open file; nil also if it can't be read.
  public init?(of file: RegularFile) { self.init(file.bytes(at: 0, count: Self.headSize)) }

  /// Whether the first name in a zip archive is that of a NumPy array.
  private static func isNumPyArchive(_ head: [UInt8]) -> Bool {
    guard head.count > 30 else { return false }
    let length = Int(head[26]) | Int(head[27]) << 8
    return head[30...].prefix(length).suffix(4).elementsEqual(".npy".utf8)
  }

  /// What the file is, to complete "it is ...".
  public var description: String {
    switch self {
    case .empty: "empty"
    case .gitLFSPointer: "a Git LFS pointer, which stands for a file that was not downloaded"
    case .html: "an HTML or XML page"
    case .gzip: "compressed with gzip"
    case .zip: "a zip archive"
    case .numpyArchive: "a NumPy archive (.npz)"
    case .bzip2: "compressed with bzip2"
    case .xz: "compressed with xz"
    case .zstandard: "compressed with zstd"
    case .tar: "a tar archive"
    case .numpy: "a NumPy array (.npy)"
    case .matlab: "a MATLAB 5 file"
    case .text: "a text file"
    }
  }

  /// How to get an HDF5 file from one of this kind.
  public var remedy: String {
    switch self {
    case .empty: "get it again: a download or a copy did not happen"
    case .gitLFSPointer: "run `git lfs pull` where it came from"
    case .html: "get it again: a login or error page was saved in its place"
    case .gzip: "unpack it with gunzip (its name must end in .gz)"
    case .zip: "unpack it with unzip"
    case .bzip2: "unpack it with bunzip2 (its name must end in .bz2)"
    case .xz: "unpack it with unxz (its name must end in .xz)"
    case .zstandard: "unpack it with unzstd (its name must end in .zst)"
    case .tar: "unpack it with tar -xf"
    case .numpyArchive, .numpy: "write its arrays to an HDF5 file with h5py"
    case .matlab: "write its arrays to an HDF5 file (in MATLAB: h5write)"
    case .text: "write its values to an HDF5 file with h5py"
    }
  }
}
