import Foundation
import SpikeData
import TestSupport
import Testing

/// Lists of events as CSV and as NumPy arrays.
@Suite struct EventRecordingsTests {
  private static func load(
    _ path: String, unit: EventTimeUnit = .s, channels: Int = 8, classes: Int? = nil, timeBins: Int = 20,
    memoryLimit: Int = .max, adjust: (inout Binning) -> Void = { _ in }
  ) throws -> SpikeDataset {
    try EventRecordings(file: path, unit: unit, tested: .fraction(0.25)).load(
      channels: channels, timeBins: timeBins, classes: classes, memoryLimit: memoryLimit
    ) {
      $0.maxTime = 1
      adjust(&$0)
    }.train
  }

  private static func load(text: String, unit: EventTimeUnit = .s, memoryLimit: Int = .max) throws -> SpikeDataset {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    return try load(folder.write(text, "a.csv"), unit: unit, classes: 3, memoryLimit: memoryLimit)
  }

  @Test func allFormatsAreTheSame() throws {
    let csv = try Self.load(fixture("events.csv"))
    // As in make_source_fixtures.py.
    #expect(csv.count == 12 && csv.labels == (0..<12).map { $0 % 3 } && csv.speakers == (0..<12).map { $0 % 2 })
    #expect(csv.facts.spikes == 60 && csv.facts.droppedSpikes > 0 && csv.spikeCount == 60 - csv.facts.droppedSpikes)
    for name in ["events.npz", "events_deflated.npz"] {
      let data = try Self.load(fixture(name))
      #expect(data.content == csv.content && data.speakers == csv.speakers && data.facts == csv.facts)
    }
    // The lines of sample 5, binned by hand.
    let lines = try String(contentsOfFile: fixture("events.csv"), encoding: .utf8).split(separator: "\n").dropFirst()
    var expected: [[Int]] = []
    for line in lines {
      let fields = line.split(separator: ",")
      let (time, channel) = (try #require(Double(fields[0])), try #require(Int(fields[3])))
      if fields[1] == "5", time < 1 { expected.append([Int(time * 20), channel]) }
    }
    #expect(csv.byTime(5) == expected.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test func unitsAndColumnOrder() throws {
    let seconds = try Self.load(text: "sample,time,channel,label\n0,0.1,1,2\n0,0.55,3,2\n1,.9,0,0\n")
    let milliseconds = try Self.load(
      text: "\u{feff}\"label\",\"time\" , channel,sample\r\n2, 100,1,0\r\n0,9e2,0,1\r\n2,550.0,3.0,0\r\n\r\n", unit: .ms
    )
    #expect(milliseconds.content == seconds.content && seconds.byTime(0) == [[2, 1], [11, 3]])
    let micro = try Self.load(text: "label,time,channel,sample\n2,100000,1,0\n0,900000,0,1\n2,550000,3,0\n", unit: .us)
    #expect(micro.content == seconds.content)
  }

  /// The binning rules and alignment apply as to HDF5 files.
  @Test func binning() throws {
    let path = try fixture("events.csv")
    let aligned = try Self.load(path) { ($0.alignment, $0.rule) = (.firstSpike, .notebook) }
    #expect((0..<12).allSatisfy { aligned.byTime($0).first?[0] == 0 })
    let later = try Self.load(path) { $0.rule = .spytorch }
    #expect((0..<12).allSatisfy { (later.byTime($0).first?[0] ?? 1) >= 1 })
  }

  private static let header = "sample,time,channel,label\n"
  private static let bad: [(text: String, expected: String)] = [
    ("", "it is empty"),
    ("sample,time,channel\n0,1,1\n", "line 1: there is no column label"),
    ("sample,time,channel,label,extra\n", "line 1, column 5: unknown column extra"),
    ("sample,time,channel,label,extra\n", "remove it: an event file has the columns"),
    ("0,0.5,3,1\n", "unknown column 0: the first line must name the columns"),
    ("Sample,Time,channel,label\n", "unknown column Sample: did you mean sample?"),
    ("sample;time;channel;label\n0;1;1;0\n", "its fields are separated by semicolons, but must be by commas"),
    ("sample\ttime\tchannel\tlabel\n", "its fields are separated by tabs, but must be by commas"),
    ("sample,time,channel,label,time\n", "line 1, column 5: the column time twice"),
    (header, "sample: no events"),
    (header + "0,0.1,1,0\n0,x,1,0\n", "line 3, time: x is not a number"),
    (header + "0,,1,0\n", "line 2, time: an empty field is not a number"),
    (header + "0,nan,1,0\n", "line 2, time: nan is not a number"),
    (header + "0,1e999,1,0\n", "line 2, time: 1e999 is not a number"),
    (header + "0,0x10,1,0\n", "line 2, time: 0x10 is not a number"),
    (header + "-1,0.1,1,0\n", "line 2, sample: -1 is not a whole number from 0"),
    (header + "0,0.1,1.5,0\n", "line 2, channel: 1.5 is not a whole number from 0 to 65535"),
    (header + "0,0.1,1,65536\n", "line 2, label: 65536 is not a whole number"),
    (header + "0,0.1,1\n", "line 2: 3 fields where the header has 4"),
    (header + "0,0.1,1,0,5\n", "line 2: more fields than the header has, 4"),
    (header + "0,0.1,1,0\n\n0,0.1,1,0\n", "line 3: it is blank"),
    (header + "0,0.1,1,0\n2,0.1,1,0\n", "sample: there is no event of sample 1, though there are some of sample 2"),
    (header + "2000000000,0.1,1,0\n", "there is no event of sample 0, though there are some of sample 2000000000"),
    (header + "0,0.1,1,0\n0,0.2,1,1\n", "line 3, label: 1, but earlier events of sample 0 have 0"),
    (
      header + "0,0.1,1,0\n0,-0.2,1,0\n",
      "sample 0: time: -0.2 s at event 1 (line 3), but times are finite and not negative"
    ),
    (header + "1,0.1,1,0\n0,0.1,1,0\n1,0.1,9,0\n", "sample 1: channel: 9 at event 1 (line 4), but only"),
    (
      header + "0,0.1,8,0\n",
      "sample 0: channel: 8 at event 0 (line 2), but only channels 0..<8 exist (data.channels: 8)"
    ),
    (header + "0,0.1,1,3\n", "sample 0: label: 3, but only labels 0..<3 exist"),
    (header + String(repeating: "0,0.1,1,0\n", count: 60) + "0,0.1,1,\u{1b}[2J\n", "line 62, label: "),
    (String(repeating: "a", count: 1000), "line 1: a field of more than 64 characters; an event file is CSV"),
    (header + "0,0.1\r,1,0\n", "a carriage return within a line"),
  ]

  @Test(arguments: bad.indices) func errors(index: Int) throws {
    let (text, expected) = Self.bad[index]
    let found = errorText { _ = try Self.load(text: text) }
    #expect(found.hasPrefix("data.file: ") && found.contains(expected) && !found.contains("\u{1b}"), "\(found)")
  }

  @Test func numbersAreRoundedToNearest() throws {
    var random = SplitMix(state: 4)
    for _ in 0..<2000 {
      let value = Double(random.next() >> 11) * 0x1p-53 * [1, 1e-3, 30][random.below(3)]
      let digits = 1 + random.below(20)
      let text = String(format: "%.\(digits)f", value)
      let data = try Self.load(text: Self.header + "0,\(text),1,0\n")
      #expect(data.facts.times?.upperBound == Double(text), "\(text)")
    }
  }

  // MARK: NumPy

  /// Bytes of an `.npz` with stored members.
  private static func npz(_ members: [(name: String, bytes: [UInt8])], method: UInt16 = 0, flags: UInt16 = 0) -> [UInt8]
  {
    var (body, directory): ([UInt8], [UInt8]) = ([], [])
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    for (name, bytes) in members {
      let name = Array((name + ".npy").utf8)
      let common =
        little(Int(flags), 2) + little(Int(method), 2) + [0, 0, 0, 0] + little(Int(crc(bytes)), 4)
        + little(bytes.count, 4) + little(bytes.count, 4) + little(name.count, 2) + [0, 0]
      directory +=
        [0x50, 0x4b, 1, 2, 20, 0, 20, 0] + common + little(0, 10) + little(body.count, 4) + name
      body += [0x50, 0x4b, 3, 4, 20, 0] + common + name + bytes
    }
    return body + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + little(members.count, 2) + little(members.count, 2)
      + little(directory.count, 4) + little(body.count, 4) + [0, 0]
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xedb8_8320 : 0) }
    }
  }

  private static func npy(_ type: String, _ shape: String, _ bytes: [UInt8]) -> [UInt8] {
    let header = "{'descr': \(type), 'fortran_order': False, 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes
  }

  private static func arrays(_ time: [UInt8], label: [UInt8]? = nil) -> [(name: String, bytes: [UInt8])] {
    let two: [UInt8] = [0, 0]
    return [
      ("sample", npy("'|u1'", "(2,)", two)), ("channel", npy("'|i1'", "(2,)", [1, 2])), ("time", time),
      ("label", label ?? npy("'|u1'", "(2,)", two)),
    ]
  }

  private static func load(npz bytes: [UInt8]) throws -> SpikeDataset {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    return try load(folder.write(bytes, "a.npz"), classes: 3)
  }

  @Test func types() throws {
    // 0 and 0.5 in each.
    for (type, bytes) in [
      ("'<f2'", [0, 0, 0, 0x38]), ("'<f4'", [0, 0, 0, 0, 0, 0, 0, 0x3f]),
      ("'<f8'", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f]),
    ] as [(String, [UInt8])] {
      let data = try Self.load(npz: Self.npz(Self.arrays(Self.npy(type, "(2,)", bytes))))
      #expect(data.byTime(0) == [[0, 1], [10, 2]], "\(type)")
    }
    let whole = try Self.load(
      npz: Self.npz(Self.arrays(Self.npy("'<i8'", "(2L,)".replacing("L", with: ""), [UInt8](repeating: 0, count: 16)))))
    #expect(whole.byTime(0) == [[0, 1], [0, 2]])
    // One label for the one sample.
    let time = Self.npy("'|u1'", "(2,)", [0, 0])
    #expect(try Self.load(npz: Self.npz(Self.arrays(time, label: Self.npy("'|u1'", "(1,)", [2])))).labels == [2])
  }

  private static let time = npy("'|u1'", "(2,)", [0, 0])
  private static let badArchives: [(bytes: [UInt8], expected: String)] = [
    (npz(arrays(npy("'|O'", "(2,)", [0x80, 2]))), "time: it is an array of Python objects, a pickle"),
    (npz(arrays(npy("'>f4'", "(2,)", [0, 0, 0, 0, 0, 0, 0, 0]))), "time: its numbers are big-endian"),
    (npz(arrays(npy("'<c8'", "(2,)", []))), "time: its type is <c8, but must be integers or floats"),
    (npz(arrays(npy("[('a', '<f4')]", "(2,)", []))), "time: it is a structured array"),
    (npz(arrays(npy("'<f4'", "(2, 1)", []))), "it has the shape (2, 1), but must have one dimension"),
    (npz(arrays(npy("'<f4'", "(3,)", [0, 0, 0, 0]))), "it claims 3 numbers, but has 4 bytes of 4 each"),
    (npz(arrays(npy("'<f4'", "(4611686018427387904,)", []))), "it claims 4611686018427387904 numbers"),
    (npz(arrays(npy("'<f4'", "(99999999999999999999999,)", []))), "its header is not as NumPy writes it"),
    (npz(arrays(npy("__import__('os')", "(2,)", []))), "its header is not as NumPy writes it"),
    (npz(arrays(Array("no".utf8))), "time: not in NumPy's .npy format"),
    (npz(arrays(time, label: npy("'<f4'", "(2,)", [0, 0, 0, 0, 0, 0, 0, 0]))), "label: float32, but must be integers"),
    (npz(arrays(time, label: npy("'|i1'", "(2,)", [0, 255]))), "label[1]: -1 is not from 0 to 65535"),
    (
      npz(arrays(time, label: npy("'|u1'", "(3,)", [0, 0, 0]))),
      "3 numbers in label, 2 in sample: give one per event, or one per sample"
    ),
    (npz(arrays(time, label: npy("'|u1'", "(2,)", [0, 1]))), "label[1]: 1, but earlier events of sample 0 have 0"),
    (npz(arrays(npy("'|u1'", "(1,)", [0]))), "1 numbers in time, 2 in sample"),
    (npz(Array(arrays(time).dropLast())), "there is no array label"),
    (npz(arrays(time) + [("weight", time)]), "unknown array weight"),
    (npz(arrays(time) + [("time", time)]), "the array time twice"),
    (npz(arrays(time), flags: 1), "it is encrypted"),
    (npz(arrays(time), method: 12), "it is packed with the zip method 12"),
    (npz(arrays(time), method: 8), "its data are damaged"),
    (Array(npz(arrays(time)).dropLast(30)), "it has no zip directory: it may have been cut"),
  ]

  @Test(arguments: badArchives.indices) func archiveErrors(index: Int) throws {
    let (bytes, expected) = Self.badArchives[index]
    let found = errorText { _ = try Self.load(npz: bytes) }
    #expect(found.hasPrefix("data.file: ") && found.contains(expected), "\(found)")
  }

  /// Headers are checked before what they describe, of whatever size, is unpacked: here, what follows is damaged.
  @Test func headersComeFirst() throws {
    func archive(_ sample: [UInt8]) -> [UInt8] {
      var bytes = Self.npz([("sample", sample)] + Self.arrays(Self.time).dropFirst())
      // The last byte of the first member, so that its checksum is wrong.
      bytes[30 + "sample.npy".utf8.count + sample.count - 1] ^= 1
      return bytes
    }
    let eight = [UInt8](repeating: 0, count: 16)
    #expect(
      errorText { _ = try Self.load(npz: archive(Self.npy("'<f8'", "(2,)", eight))) }
        .contains("sample: float64, but must be integers"))
    #expect(
      errorText { _ = try Self.load(npz: archive(Self.npy("'|u1'", "(16,)", eight))) }
        .contains("2 numbers in time, 16 in sample"))
    #expect(
      errorText { _ = try Self.load(npz: archive(Self.npy("'|u1'", "(2,)", [0, 0]))) }.contains("checksum differ"))
  }

  @Test func otherFormatsAndMemory() throws {
    let folder = try Folder()
    let packed = try folder.write(gzipped(Array("sample,time".utf8)), "a.csv.gz")
    #expect(errorText { _ = try Self.load(packed) }.contains("it is compressed with gzip; unpack it with gunzip"))
    #expect(
      errorText { _ = try Self.load(folder.path + "/none.csv") }.contains("no such file; paths in an experiment file"))
    let csv = try fixture("events.csv")
    #expect(errorText { _ = try Self.load(csv, memoryLimit: 1000) }.contains("out of memory"))
    #expect(errorText { _ = try Self.load(fixture("events.npz"), memoryLimit: 4000) }.contains("out of memory"))
  }

  @Test func secondFile() throws {
    let path = try fixture("events.csv")
    let same = EventRecordings(file: path, tested: .file(path))
    let (train, test) = try same.load(channels: 8, timeBins: 10)
    #expect(train === test && same.sameSamples { _ in nil } != nil && same.testFraction == nil)
    #expect(EventRecordings(file: path, tested: .fraction(0.5)).testFraction == 0.5)
  }
}
