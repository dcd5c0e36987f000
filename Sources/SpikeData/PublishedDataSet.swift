/// A data set published by its authors on a server: its files and their checksums.
public struct PublishedDataSet: Sendable {
  /// A file as experiments read it, and its archive on the server.
  public struct File: Sendable {
    /// Its name in experiments.
    public var name: String
    /// Whether it is kept as the server has it. Others are compressed with gzip there, and unpacked.
    public var isKept: Bool
    /// Its name on the server.
    public var archive: String { isKept ? name : name + ".gz" }
    /// MD5 sums in hexadecimal; nil if only the server's `md5sums.txt` has them.
    public var archiveMD5: String?
    public var md5: String?
    /// Of a file that is kept: the MD5 sum of what it holds once unpacked, which other programs may have packed anew.
    public var contentMD5: String?

    public init(name: String, archiveMD5: String? = nil, md5: String? = nil) {
      (self.name, isKept, self.archiveMD5, self.md5) = (name, false, archiveMD5, md5)
    }

    /// A file that is kept as the server has it.
    public init(kept name: String, md5: String? = nil, contentMD5: String? = nil) {
      (self.name, isKept, archiveMD5, self.md5, self.contentMD5) = (name, true, md5, md5, contentMD5)
    }
  }

  /// Its name for `snnexp data fetch`.
  public var name: String
  public var title: String
  /// The URL of the folder with the files; nil if there is none that could be used.
  public var address: String?
  /// Why there is none, and what to do.
  public var obstacle: String?
  /// Whether `md5sums.txt` is there too.
  public var hasSumsOnServer: Bool
  /// Where its files go.
  public var folder: String
  /// The first is for training, the last for testing.
  public var files: [File]
  /// Authors and licence.
  public var terms: String
  /// A shipped experiment that can train on it; nil if there is none.
  public var experiment: String?
  /// What an experiment file says instead, with `FOLDER` for the folder of the files.
  public var keys: String?
  /// Whether that experiment names these files; if not, they must be given on the command line.
  public var isOfShippedExperiment: Bool

  public init(
    name: String, title: String, address: String?, obstacle: String? = nil, hasSumsOnServer: Bool = true,
    folder: String = "data", files: [File], terms: String, experiment: String? = nil,
    isOfShippedExperiment: Bool = false, keys: String? = nil
  ) {
    (self.name, self.title, self.address, self.obstacle, self.files) = (name, title, address, obstacle, files)
    (self.hasSumsOnServer, self.folder, self.terms) = (hasSumsOnServer, folder, terms)
    (self.experiment, self.isOfShippedExperiment, self.keys) = (experiment, isOfShippedExperiment, keys)
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
    // The sums are those of the project's README.
    PublishedDataSet(
      name: "fashion-mnist", title: "Fashion-MNIST",
      address: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com", hasSumsOnServer: false,
      folder: "data/fashion-mnist",
      files: [
        File(
          kept: "train-images-idx3-ubyte.gz", md5: "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
          contentMD5: "f4a8712d7a061bf5bd6d2ca38dc4d50a"),
        File(
          kept: "train-labels-idx1-ubyte.gz", md5: "25c81989df183df01b3e8a0aad5dffbe",
          contentMD5: "9018921c3c673c538a1fc5bad174d6f9"),
        File(
          kept: "t10k-images-idx3-ubyte.gz", md5: "bef4ecab320f06d8554ea6380940ec79",
          contentMD5: "8181f5470baa50b63fa0f6fddb340f0a"),
        File(
          kept: "t10k-labels-idx1-ubyte.gz", md5: "bb300cfdad3c16e7a12a480ee83cd310",
          contentMD5: "15d484375f8d13e6eb1aabb0c3f46965"),
      ], terms: "Xiao, Rasul and Vollgraf 2017, MIT licence", keys: "data: {source: images, folder: FOLDER}"),
    PublishedDataSet(
      name: "braille", title: "Tactile Braille Letters", address: nil,
      obstacle: """
        the Tactile Braille Letters (doi.org/10.5281/zenodo.6556273), and the part of them that SpyTorch's tutorial 5 uses \
        (github.com/fzenke/spytorch, notebooks/data), are published as Python pickles. Loading a pickle can run any \
        program, so snnexp does not read them. Load yours in Python, and write the values to /values [samples, steps, \
        channels] and the letters, numbered from 0, to /labels of an HDF5 file with h5py: source: analog reads that. If a \
        server has such a braille.h5 and its md5sums.txt, give the address of their folder with --from
        """, files: [File(kept: "braille.h5")], terms: "Müller-Cleve et al. 2022, CC BY 4.0",
      keys: "data: {source: analog, file: FOLDER/braille.h5}"),
  ]

  /// The data set that has a file with this name.
  public static func containing(file name: String) -> PublishedDataSet? {
    all.first { $0.files.contains { $0.name == name } }
  }
}
