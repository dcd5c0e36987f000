import Slurm
import Testing

@Suite struct ArrayListTests {
  @Test(arguments: [([1], "1"), ([1, 2, 3, 7], "1-3,7"), ([4, 2], "2,4"), ([], "")])
  func text(indices: [Int], text: String) {
    #expect(ArrayList.text(indices) == text)
  }

  @Test(arguments: [
    ("1-3,7", [1, 2, 3, 7]), ("4-8:2", [4, 6, 8]), ("9-11%2", [9, 10, 11]), ("", nil), ("3-1", nil), ("a", nil),
    ("1-999999999999", nil), ("1--2", nil), ("1:0", nil),
    ("0-9223372036854775807:9223372036854775807", [0, 9_223_372_036_854_775_807]),
  ])
  func indices(text: String, indices: [Int]?) {
    #expect(ArrayList.indices(text) == indices)
  }
}
