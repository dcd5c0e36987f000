/// A data set published by its authors on a server: its files and their checksums.
public struct PublishedDataSet: Sendable {
  /// A file as experiments read it, and its archive on the server.
  public struct File: Sendable {
    /// Its name in experiments.
    public var name: String
    /// Its name on the server: compressed with gzip, with `.gz` appended.
    public var archive: String { name + ".gz" }
    /// MD5 sums in hexadecimal; nil if only the server's `md5sums.txt` has them.
    public var archiveMD5: String?
    public var md5: String?

    public init(name: String, archiveMD5: String? = nil, md5: String? = nil) {
      (self.name, self.archiveMD5, self.md5) = (name, archiveMD5, md5)
    }
  }

  /// Its name for `snnexp data fetch`.
  public var name: String
  public var title: String
  /// The URL of the folder with the files and `md5sums.txt`.
  public var address: String
  /// The first is for training, the last for testing.
  public var files: [File]
  /// Authors and licence.
  public var terms: String
  /// A shipped experiment that can train on it.
  public var experiment: String
  /// Whether that experiment names these files; if not, they must be given on the command line.
  public var isOfShippedExperiment: Bool

  public init(
    name: String, title: String, address: String, files: [File], terms: String, experiment: String,
    isOfShippedExperiment: Bool
  ) {
    (self.name, self.title, self.address, self.files) = (name, title, address, files)
    (self.terms, self.experiment, self.isOfShippedExperiment) = (terms, experiment, isOfShippedExperiment)
  }

  /// All data sets that can be fetched.
  public static let all = [
    PublishedDataSet(
      name: "shd", title: "Spiking Heidelberg Digits", address: "https://zenkelab.org/datasets",
      files: [
        File(
          name: "shd_train.h5", archiveMD5: "d47c9825dee33347913e8ce0f2be08b0", md5: "8e9877c85f29a28dd353ea6a54402667"),
        File(
          name: "shd_test.h5", archiveMD5: "3062a80ec0c5719404d5b02e166543b1", md5: "207ad1295a0ab611e22d1734989c254e"),
      ], terms: "Cramer, Stradmann, Schemmel and Zenke 2020, CC BY 4.0",
      experiment: "shd_recurrent.yaml", isOfShippedExperiment: true),
    PublishedDataSet(
      name: "ssc", title: "Spiking Speech Commands", address: "https://zenkelab.org/datasets",
      files: [File(name: "ssc_train.h5"), File(name: "ssc_valid.h5"), File(name: "ssc_test.h5")],
      terms: "Cramer, Stradmann, Schemmel and Zenke 2020, CC BY 4.0",
      experiment: "shd_recurrent.yaml", isOfShippedExperiment: false),
  ]

  /// The data set that has a file with this name.
  public static func containing(file name: String) -> PublishedDataSet? {
    all.first { $0.files.contains { $0.name == name } }
  }
}
