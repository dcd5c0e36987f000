import Files
import SafeText

/// Reads files of events, CSV or NumPy's `.npz`, with `sample`, `time`, `channel`, `label` and optionally `speaker`: one
/// number for each event. In an `.npz`, labels and speakers may also be one number for each sample.
enum EventFile {
  /// - Parameters:
  ///   - memoryLimit: the most bytes that its events may take.
  ///   - progress: called with the fraction read so far; false stops.
  /// - Returns: the events, and the hash of the file.
  /// - Throws: `SpikeDataError`, `CancellationError`.
  static func read(
    path: String, unit: EventTimeUnit, memoryLimit: Int, progress: (Double) -> Bool = { _ in true }
  ) throws -> (table: EventTable, hash: ContentHash) {
    let file = try InputFile.open(path, kind: .events)
    let format = FileFormat(of: file)
    switch format {
    case .numpyArchive: return try readArrays(file, unit: unit, memoryLimit: memoryLimit)
    case .text: return try readLines(file, unit: unit, memoryLimit: memoryLimit, progress: progress)
    default:
      let found = format.map { "it is \($0.description)" } ?? "it is neither"
      throw SpikeDataError(
        file: path,
        problem: "an event file is CSV or NumPy's .npz, but \(found)"
          + (SpikeFileLayout.insteadOfEvents(file).map { "; " + $0 }
            ?? (format == .gzip ? "; unpack it with gunzip" : "")))
    }
  }

  /// In memory while reading, about.
  private static let bytesPerEvent = 48

  private static func checkMemory(_ events: Int, _ path: String, _ limit: Int) throws {
    guard events <= limit / bytesPerEvent else {
      let problem = OutOfMemoryError(
        needed: events * bytesPerEvent, available: limit, remedy: "use a file with fewer events")
      throw SpikeDataError(file: path, problem: "\(problem)")
    }
  }

  private static func readLines(
    _ file: RegularFile, unit: EventTimeUnit, memoryLimit: Int, progress: (Double) -> Bool
  ) throws -> (table: EventTable, hash: ContentHash) {
    var hasher = ContentHash.Hasher()
    var reader = EventCSV(path: file.path, unit: unit)
    var (problem, done): ((any Error)?, Int) = (nil, 0)
    do {
      try file.forEachPiece { piece in
        hasher.update(piece)
        do {
          try reader.add(piece)
          try checkMemory(reader.columns.samples.count, file.path, memoryLimit)
        } catch { problem = error }
        done += piece.count
        if problem == nil, !progress(Double(done) / Double(max(1, file.size))) { problem = CancellationError() }
        return problem == nil
      }
    } catch { throw SpikeDataError(file: file.path, problem: error.problem) }
    if let problem { throw problem }
    try reader.finish()
    do {
      var table = try EventTable(reader.columns)
      (table.channelType, table.timeType) = ("text", "text, read as float64")
      return (table, hasher.finish())
    } catch let problem as EventTable.Problem {
      let line = problem.event.map { "line \(EventCSV.line(ofEvent: $0)), " } ?? ""
      throw SpikeDataError(file: file.path, field: line + problem.column.rawValue, problem: problem.text)
    }
  }

  /// Where an event of a sample is in a CSV file, as ` (line n)`; empty for other files. Reads the file again: lines are
  /// not kept.
  static func line(of event: Int, sample: Int, path: String, unit: EventTimeUnit) -> String {
    guard let file = try? RegularFile(path), FileFormat(of: file) == .text else { return "" }
    var reader = EventCSV(path: path, unit: unit)
    var isReadable = true
    try? file.forEachPiece { piece in
      do { try reader.add(piece) } catch { isReadable = false }
      return isReadable
    }
    guard isReadable, (try? reader.finish()) != nil else { return "" }
    var seen = -1
    let found = reader.columns.samples.firstIndex { other in
      if Int(other) == sample { seen += 1 }
      return seen == event
    }
    return found.map { " (line \(EventCSV.line(ofEvent: $0)))" } ?? ""
  }

  private static func readArrays(
    _ file: RegularFile, unit: EventTimeUnit, memoryLimit: Int
  ) throws -> (table: EventTable, hash: ContentHash) {
    let path = file.path
    let archive = try ZipArchive(file)
    // All that the headers tell is checked first: a small archive may hold, or claim, any number of bytes.
    var members: [EventTable.Column: (member: ZipArchive.Member, layout: NumPyArray.Layout)] = [:]
    for member in archive.members {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      guard let column = EventTable.Column(rawValue: name) else {
        throw SpikeDataError(
          file: path,
          problem:
            "unknown array \(SafeText.excerpt(name, limit: 40)): an event file has the arrays sample, time, channel "
            + "and label, and may have speaker")
      }
      guard members[column] == nil else { throw SpikeDataError(file: path, problem: "the array \(name) twice") }
      do {
        let head = try archive.beginning(of: member, most: NumPyArray.mostHeaderBytes)
        let layout = try NumPyArray.Layout(head, total: member.size)
        guard layout.kind != .float || column.largest == nil else {
          throw NumPyArray.Problem(text: "\(layout.type), but must be integers")
        }
        members[column] = (member, layout)
      } catch let problem as NumPyArray.Problem {
        throw SpikeDataError(file: path, field: name, problem: problem.text)
      }
    }
    for column in EventTable.Column.required where members[column] == nil {
      throw SpikeDataError(
        file: path, problem: "there is no array \(column.rawValue); an event file has sample, time, channel and label")
    }
    let events = members[.sample]?.layout.count ?? 0
    try checkMemory(events, path, memoryLimit)
    for column in EventTable.Column.allCases {
      guard let member = members[column] else { continue }
      let isPerEvent = column == .time || column == .channel
      guard isPerEvent ? member.layout.count == events : member.layout.count <= events else {
        throw SpikeDataError(
          file: path,
          problem: "\(member.layout.count) numbers in \(column.rawValue), \(events) in sample: "
            + (isPerEvent ? "each has one per event" : "give one per event, or one per sample"))
      }
    }
    var arrays: [EventTable.Column: NumPyArray] = [:]
    for column in EventTable.Column.allCases {
      guard let member = members[column] else { continue }
      do { arrays[column] = try NumPyArray(archive.contents(member.member, most: memoryLimit / 8)) } catch let problem
        as NumPyArray.Problem
      { throw SpikeDataError(file: path, field: column.rawValue, problem: problem.text) }
    }
    guard let samples = arrays[.sample], let times = arrays[.time], let channels = arrays[.channel],
      let labels = arrays[.label]
    else { return (try EventTable(EventTable.Columns()), try hash(file)) }
    let count = samples.count
    func integers(_ array: NumPyArray, _ column: EventTable.Column) throws -> [Int] {
      let largest = column.largest ?? 0
      return try (0..<array.count).map { index in
        guard let number = Int(exactly: array.number(index)), (0...largest).contains(number) else {
          throw SpikeDataError(
            file: path, field: "\(column.rawValue)[\(index)]",
            problem: "\(NumberExcerpt.text(array.number(index))) is not from 0 to \(largest)")
        }
        return number
      }
    }
    var columns = EventTable.Columns()
    columns.samples = try integers(samples, .sample).map { Int32($0) }
    columns.channels = try integers(channels, .channel).map { UInt16($0) }
    columns.times = (0..<count).map { unit.seconds(times.number($0)) }
    let sampleCount = Int(columns.samples.max() ?? -1) + 1
    func perEvent(_ array: NumPyArray, _ column: EventTable.Column) throws -> [UInt16] {
      let values = try integers(array, column).map { UInt16($0) }
      if values.count == count { return values }
      guard values.count == sampleCount else {
        throw SpikeDataError(
          file: path,
          problem:
            "\(values.count) numbers in \(column.rawValue), but there are \(count) events of \(sampleCount) samples: "
            + "give one per event, or one per sample")
      }
      return columns.samples.map { values[Int($0)] }
    }
    columns.labels = try perEvent(labels, .label)
    columns.speakers = try arrays[.speaker].map { try perEvent($0, .speaker) }
    do {
      var table = try EventTable(columns)
      (table.channelType, table.timeType) = (channels.type, times.type)
      return (table, try hash(file))
    } catch let problem as EventTable.Problem {
      let place = problem.event.map { "\(problem.column.rawValue)[\($0)]" } ?? problem.column.rawValue
      throw SpikeDataError(file: path, field: place, problem: problem.text)
    }
  }

  private static func hash(_ file: RegularFile) throws -> ContentHash {
    do { return try file.hash() } catch { throw SpikeDataError(file: file.path, problem: error.problem) }
  }
}

/// A number in a message.
private enum NumberExcerpt {
  static func text(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}
