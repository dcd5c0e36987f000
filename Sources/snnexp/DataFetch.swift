import ArgumentParser
import Fetching
import Foundation
import JSON
import SafeText
import SpikeData

struct DataFetch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download, verify and unpack a data set.",
    discussion: """
      Intact files are left alone. To resume a download that failed or was stopped with Ctrl-C, rerun the same \
      command. Proxies are taken from http_proxy, https_proxy and no_proxy.

      Offline: put the archives (such as shd_train.h5.gz) into the folder; they are verified and unpacked. The files of \
      fashion-mnist stay as they are, compressed. braille is published in a form that is not safe to read; the command \
      says what to do, and leaves a braille.h5 of your own alone.

      Data sets:
      \(dataSets)

      Examples:
        snnexp data fetch shd
        snnexp data fetch ssc --to /scratch/data
        snnexp data fetch fashion-mnist
        snnexp data fetch shd --from https://mirror.example.org/datasets
      """)

  @Argument(help: ArgumentHelp("Data set.", valueName: "data-set")) var name: DataSetName
  @Option(
    help: ArgumentHelp(
      "Folder for the files (default: data, used by experiments/*.yaml, or data/fashion-mnist).", valueName: "folder"),
    completion: Completion.folder, transform: userPath)
  var to: String?
  @Option(
    help: ArgumentHelp(
      "URL of a folder that contains the archives and md5sums.txt (http or https).", valueName: "url"))
  var from: String?
  @Flag(help: "Replace files that differ from the published ones.") var force = false
  @Flag(help: "Do not show progress.") var noProgress = false
  @Option(help: ArgumentHelp("Seconds without a byte that end a connection.", visibility: .hidden))
  var stallSeconds: Double?
  @Option(help: ArgumentHelp("Seconds before the second attempt.", visibility: .hidden)) var retrySeconds: Double?

  /// Name of a fetchable data set.
  struct DataSetName: ExpressibleByArgument {
    var dataSet: PublishedDataSet
    init?(argument: String) {
      guard let found = PublishedDataSet.all.first(where: { $0.name == argument }) else { return nil }
      dataSet = found
    }
    var defaultValueDescription: String { dataSet.name }
    static var allValueStrings: [String] { names }
  }

  private static let names = PublishedDataSet.all.map(\.name)
  private static let dataSets = PublishedDataSet.all.map { set in
    "  \(set.name)  \(set.title): \(set.files.map(\.name).joined(separator: ", "))"
  }.joined(separator: "\n")

  func validate() throws {
    guard let from else { return }
    let address = from.lowercased()
    guard address.hasPrefix("http://") || address.hasPrefix("https://"), let host = URLComponents(string: from)?.host,
      !host.isEmpty
    else {
      throw ValidationError(
        "--from takes the http or https address of a folder, such as https://zenkelab.org/datasets; put archives on this "
          + "machine into the --to folder, where they are verified and unpacked")
    }
    guard !from.contains(where: { "?#".contains($0) || $0.isWhitespace }) else {
      throw ValidationError("--from is the address of a folder, without ?, # or spaces")
    }
  }

  private var folder: String { to ?? name.dataSet.folder }

  func run() throws {
    let display = FetchDisplay(showsProgress: !noProgress)
    var limits = FetchLimits()
    if let stallSeconds { limits.stallSeconds = stallSeconds }
    if let retrySeconds { limits.retrySeconds = retrySeconds }
    Interruption.watch("\nstopping; rerun the same command to resume")
    let fetch = DataSetFetch(
      name.dataSet, to: folder, from: from, replaces: force, limits: limits, shouldStop: { Interruption.isWanted },
      notify: display.show)
    let paths: [String]
    do { paths = try fetch.run() } catch {
      display.erase()
      if error is CancellationError { throw ExitCode(128 + Interruption.signal) }
      printError("snnexp: error: \(words(error))")
      throw ExitCode((error as? FetchError)?.isBadInput == true ? 2 : 1)
    }
    print("\(name.dataSet.title) (\(name.dataSet.terms)): \(paths.joined(separator: ", "))")
    print(name.dataSet.keys.map { "use: \(keys($0))" } ?? "next: \(nextCommand(paths))")
  }

  /// What an experiment file says of the files; there, paths are relative to it, so this one is absolute.
  private func keys(_ pattern: String) -> String {
    let path = URL(fileURLWithPath: folder).standardizedFileURL.path
    let isPlain = path.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || [UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
    }
    guard !isPlain else { return pattern.replacing("FOLDER", with: path) }
    let value = pattern.replacing(/FOLDER[^},]*/) {
      JSONValue.string(String($0.output).replacing("FOLDER", with: path)).text
    }
    return value
  }

  /// The command that trains on the files.
  private func nextCommand(_ paths: [String]) -> String {
    let experiment = "snnexp run experiments/\(name.dataSet.experiment ?? "")"
    guard let train = paths.first, let test = paths.last else { return experiment }
    // Where the shipped experiments look.
    let isDefault = (folder as NSString).standardizingPath == "data"
    guard !isDefault || !name.dataSet.isOfShippedExperiment else { return experiment }
    // Results on other data belong to another experiment.
    let own = name.dataSet.isOfShippedExperiment ? "" : " experiment=\(name.dataSet.name)_recurrent"
    return "\(experiment)\(own) \(ShellText.word("data.train=\(train)")) \(ShellText.word("data.test=\(test)"))"
  }
}
