/// A data set that its authors publish on a server: its files, and the sums by which they are known.
public struct PublishedDataSet: Sendable {
  /// A file as experiments read it, and as the server has it.
  public struct File: Sendable {
    /// As experiments name it.
    public var name: String
    /// On the server: compressed with gzip, of the same name with `.gz`.
    public var archive: String { name + ".gz" }
    /// MD5 sums in hexadecimal digits; nil: only the server's `md5sums.txt` has them.
    public var archiveMD5: String?
    public var md5: String?

    public init(name: String, archiveMD5: String? = nil, md5: String? = nil) {
      (self.name, self.archiveMD5, self.md5) = (name, archiveMD5, md5)
    }
  }

  /// As `snnexp data fetch` takes it.
  public var name: String
  public var title: String
  /// Address of the folder that holds the files and `md5sums.txt`.
  public var address: String
  /// The first is for training, the last for testing.
  public var files: [File]
  /// Who made it, and under which licence.
  public var terms: String
  /// A shipped experiment that trains on it.
  public var experiment: String
  /// Whether that experiment names these files, or they must be given on the command line.
  public var isOfShippedExperiment: Bool

  public init(
    name: String, title: String, address: String, files: [File], terms: String, experiment: String,
    isOfShippedExperiment: Bool
  ) {
    (self.name, self.title, self.address, self.files) = (name, title, address, files)
    (self.terms, self.experiment, self.isOfShippedExperiment) = (terms, experiment, isOfShippedExperiment)
  }

  /// All that can be fetched.
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

  /// The data set that has a file of this name.
  public static func containing(file name: String) -> PublishedDataSet? {
    all.first { $0.files.contains { $0.name == name } }
  }
}
