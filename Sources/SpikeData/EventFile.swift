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
          + (format == .gzip ? "; unpack it with gunzip" : ""))
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

  private static func readArrays(
    _ file: RegularFile, unit: EventTimeUnit, memoryLimit: Int
  ) throws -> (table: EventTable, hash: ContentHash) {
    let path = file.path
    let archive = try ZipArchive(file)
    var arrays: [EventTable.Column: NumPyArray] = [:]
    for member in archive.members {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      guard let column = EventTable.Column(rawValue: name) else {
        throw SpikeDataError(
          file: path,
          problem:
            "unknown array \(SafeText.excerpt(name, limit: 40)): an event file has the arrays sample, time, channel "
            + "and label, and may have speaker")
      }
      guard arrays[column] == nil else { throw SpikeDataError(file: path, problem: "the array \(name) twice") }
      do { arrays[column] = try NumPyArray(archive.contents(member, most: memoryLimit / 8)) } catch let problem
        as NumPyArray.Problem
      { throw SpikeDataError(file: path, field: name, problem: problem.text) }
    }
    for column in EventTable.Column.required where arrays[column] == nil {
      throw SpikeDataError(
        file: path, problem: "there is no array \(column.rawValue); an event file has sample, time, channel and label")
    }
    guard let samples = arrays[.sample], let times = arrays[.time], let channels = arrays[.channel],
      let labels = arrays[.label]
    else { return (try EventTable(EventTable.Columns()), try hash(file)) }
    let count = samples.count
    try checkMemory(count, path, memoryLimit)
    for (array, column) in [(times, EventTable.Column.time), (channels, .channel)] where array.count != count {
      throw SpikeDataError(
        file: path, problem: "\(array.count) numbers in \(column.rawValue), \(count) in sample: each has one per event")
    }
    func integers(_ array: NumPyArray, _ column: EventTable.Column) throws -> [Int] {
      guard array.kind != .float else {
        throw SpikeDataError(file: path, field: column.rawValue, problem: "\(array.type), but must be integers")
      }
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
