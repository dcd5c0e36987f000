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

  @Test func shards() {
    #expect(Shard("2/4").map { [$0.index, $0.count] } == [2, 4])
    for bad in ["", "2", "0/4", "5/4", "1/0", "1/2/3", "a/2", "-1/2"] { #expect(Shard(bad) == nil, "\(bad)") }
  }
}
