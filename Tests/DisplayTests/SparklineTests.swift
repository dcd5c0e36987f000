import Display
import Testing

@Suite struct SparklineTests {
  @Test func fallsWithTheValues() {
    #expect(Sparkline.text([8, 7, 6, 5, 4, 3, 2, 1], width: 8, unicode: true) == "█▇▆▅▄▃▂▁")
    #expect(Sparkline.text([8, 7, 6, 5, 4, 3, 2, 1], width: 8, unicode: false) == "#*+=~-._")
  }

  @Test func fewValuesTakeLittleRoomAndManyAreAveraged() {
    #expect(Sparkline.text([], width: 8, unicode: true) == "")
    #expect(Sparkline.text([3], width: 8, unicode: true) == "▁")
    #expect(Sparkline.text([2, 1], width: 8, unicode: true) == "█▁")
    #expect(Sparkline.text([1, 2, 3], width: 0, unicode: true) == "")
    #expect(Sparkline.text((0..<1000).map { Double(-$0) }, width: 4, unicode: true) == "█▆▃▁")
    for count in 1...50 {
      #expect(Sparkline.text((0..<count).map(Double.init), width: 8, unicode: true).count == min(8, count))
    }
  }

  @Test func takesAnyNumber() {
    #expect(Sparkline.text([.nan, .infinity, 1, 2], width: 4, unicode: false) == "!!_#")
    #expect(Sparkline.text([.nan, .nan], width: 2, unicode: true) == "!!")
    #expect(Sparkline.text([5, 5, 5], width: 3, unicode: true) == "▁▁▁")
    #expect(Sparkline.text([1e308, 1e308, 1e308, -1e308], width: 2, unicode: true).count == 2)
    #expect(Sparkline.text([1e12, 1e-12], width: 2, unicode: true) == "█▁")
  }
}
