import Experiments
import Testing

@Suite struct RunOptionsTests {
  @Test func threadsNeverExceedCoresUnasked() {
    func fill(_ jobs: Int?, _ threads: Int?, runs: Int, cores: Int) -> [Int] {
      let result = Parallelism(jobs: jobs, threads: threads, runs: runs, cores: cores)
      return [result.jobs, result.threads]
    }
    #expect(fill(nil, nil, runs: 1, cores: 8) == [1, 8])
    #expect(fill(nil, nil, runs: 8, cores: 8) == [1, 8])
    #expect(fill(nil, nil, runs: 9, cores: 8) == [8, 1])
    #expect(fill(3, nil, runs: 9, cores: 8) == [3, 2])
    #expect(fill(20, nil, runs: 90, cores: 8) == [8, 1])
    #expect(fill(nil, 3, runs: 9, cores: 8) == [2, 3])
    #expect(fill(nil, 20, runs: 9, cores: 8) == [1, 20])
    #expect(fill(5, 7, runs: 9, cores: 2) == [5, 7])
    #expect(fill(5, 7, runs: 3, cores: 2) == [3, 7])
    #expect(fill(nil, nil, runs: 0, cores: 2) == [1, 2])
  }

  /// Which runs are left must not make a few shards long and the others empty.
  @Test(arguments: [
    // Nothing is finished; every third run is left; every second; the first half; those of one seed in three, and one more.
    (Array(0..<100), 100, 7, 7, 15), (Array(stride(from: 2, to: 27, by: 3)), 27, 9, 10, 1),
    (Array(stride(from: 2, to: 27, by: 3)), 27, 3, 9, 3), (Array(stride(from: 1, to: 100, by: 2)), 100, 10, 20, 5),
    (Array(0..<50), 100, 10, 10, 5), ([5], 10, 1, 1, 1), (Array(stride(from: 0, to: 60, by: 3)) + [1], 60, 5, 5, 5),
  ])
  func shardsOfWhatIsLeft(positions: [Int], total: Int, tasks: Int, count: Int, longest: Int) {
    let found = Shard.count(
      tasks: tasks, positions: positions, costs: positions.map { _ in 0.1 }, total: total, most: 1000)
    let groups = Dictionary(grouping: positions) { Shard.index(at: $0, of: found) }
    #expect(found == count && groups.count <= tasks && groups.values.map(\.count).max() == longest, "\(found)")
  }

  @Test func shardsOfUnequalRuns() {
    // A long run shares its shard with nothing else.
    #expect(Shard.count(tasks: 2, positions: [0, 2, 5], costs: [9, 1, 1], total: 6, most: 1000) == 3)
    // Never more than an array may have.
    let many = Array(stride(from: 0, to: 200_000, by: 2))
    let most = Shard.count(tasks: 1000, positions: many, costs: many.map { _ in 1 }, total: 200_000, most: 1000)
    #expect(most == 1000)
  }

  @Test func shards() {
    #expect(Shard("2/4").map { [$0.index, $0.count] } == [2, 4])
    for bad in ["", "2", "0/4", "5/4", "1/0", "1/2/3", "a/2", "-1/2"] { #expect(Shard(bad) == nil, "\(bad)") }
  }
}
