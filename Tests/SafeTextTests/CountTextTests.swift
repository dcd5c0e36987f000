import SafeText
import Testing

@Suite struct CountTextTests {
  @Test func numbersAgreeWithTheirNouns() {
    #expect([0, 1, 2].map { CountText.count($0, "run") } == ["0 runs", "1 run", "2 runs"])
    #expect([1, 2].map { CountText.count($0, "class") } == ["1 class", "2 classes"])
    #expect([1, 2].map { CountText.verb($0, "has", "have") } == ["has", "have"])
  }
}
