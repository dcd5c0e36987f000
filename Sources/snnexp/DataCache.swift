import ArgumentParser
import Display
import Foundation
import JSON
import SafeText
import SpikeData

struct DataCache: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "List or clear the cache of binned data.",
    discussion: """
      run, check and eval keep the spikes of each file and binning as the network gets them, so that the next start \
      need not read the file again. The results are the same with and without. The cache is the folder .cache in the \
      results folder, or the one that SNNEXP_CACHE names; SNNEXP_CACHE=off switches it off. It takes at most 10 GiB, \
      or SNNEXP_CACHE_SIZE (such as 500 MB or 20 GiB): the entries that were not used for longest are removed.

      Examples:
        snnexp data cache list
        snnexp data cache list --json
        snnexp data cache clear -o /scratch/results
      """, subcommands: [List.self, Clear.self], defaultSubcommand: List.self)

  /// Whose cache.
  struct Place: ParsableArguments {
    @Option(
      name: [.customShort("o"), .long], help: "Folder for results (default: results).", completion: Completion.folder,
      transform: userPath)
    var results = "results"
    @Flag(help: "Print JSON.") var json = false

    /// - Throws: `ExitCode` 2.
    func cache() throws -> EventCache {
      guard let cache = try eventCache(besideResults: results) else {
        printError("snnexp: error: the cache is switched off (SNNEXP_CACHE or SNNEXP_CACHE_SIZE)")
        throw ExitCode(2)
      }
      return cache
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print what is in the cache, last used first.",
      discussion: examples("snnexp data cache list", "SNNEXP_CACHE=/scratch/cache snnexp data cache list --json"))
    @OptionGroup var place: Place

    func run() throws {
      let cache = try place.cache()
      let entries = cache.entries
      let total = entries.reduce(0) { $0 + $1.bytes }
      if place.json {
        return print(
          JSONValue.object([
            ("folder", .string(cache.folder)), ("bytes", .integer(total)), ("limit_bytes", .integer(cache.limit)),
            ("entries", .list(entries.map(Self.object))),
          ]).text)
      }
      if !entries.isEmpty {
        let table = TextTable(
          columns: [
            TextTable.Column("source", isText: true), TextTable.Column("binning", isText: true, rank: 3),
            TextTable.Column("samples"), TextTable.Column("spikes", rank: 2), TextTable.Column("MiB"),
            TextTable.Column("last used", isText: true, rank: 1),
          ],
          rows: entries.map { entry in
            [
              SafeText.line(entry.source ?? "(damaged)") + (Self.isGone(entry) ? " (gone)" : ""),
              SafeText.line(entry.binning ?? ""),
              entry.samples.map(String.init) ?? "", entry.spikes.map(String.init) ?? "",
              Format.decimals(Double(entry.bytes) / 1048576, 1), Self.time(entry),
            ]
          })
        print(table: table.lines(width: Terminal.results.width), more: "--json prints all columns")
      }
      print(
        prose: "\(SafeText.line(cache.folder)): \(entries.count) \(entries.count == 1 ? "entry" : "entries"), "
          + "\(Format.decimals(Double(total) / 1048576, 1)) MiB of at most "
          + "\(Format.decimals(Double(cache.limit) / 1048576, 0)) MiB")
    }

    /// Whether the file that an entry was computed from is no longer there.
    private static func isGone(_ entry: EventCache.Entry) -> Bool {
      entry.source.map { $0.hasPrefix("/") && !FileManager.default.fileExists(atPath: $0) } ?? false
    }

    private static func time(_ entry: EventCache.Entry) -> String {
      Date(timeIntervalSince1970: entry.lastUsed).ISO8601Format()
    }

    private static func object(_ entry: EventCache.Entry) -> JSONValue {
      .object([
        ("file", .string(entry.file)), ("source", JSONValue(entry.source)),
        ("source_gone", .boolean(isGone(entry))), ("binning", JSONValue(entry.binning)),
        ("samples", JSONValue(entry.samples)), ("spikes", JSONValue(entry.spikes)), ("bytes", .integer(entry.bytes)),
        ("last_used", .string(time(entry))),
      ])
    }
  }

  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove all that is in the cache; runs that use it go on.",
      discussion: examples("snnexp data cache clear", "snnexp data cache clear -o /scratch/results"))
    @OptionGroup var place: Place

    func run() throws {
      let cache = try place.cache()
      let removed = try orExit { try cache.clear() }
      if place.json {
        return print(
          JSONValue.object([
            ("folder", .string(cache.folder)), ("entries", .integer(removed.entries)),
            ("bytes", .integer(removed.bytes)),
          ]).text)
      }
      print(
        prose: "\(SafeText.line(cache.folder)): removed \(removed.entries) "
          + "\(removed.entries == 1 ? "entry" : "entries"), \(Format.decimals(Double(removed.bytes) / 1048576, 1)) MiB")
    }
  }
}
