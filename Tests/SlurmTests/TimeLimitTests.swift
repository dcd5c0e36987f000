import Slurm
import Testing

@Suite struct TimeLimitTests {
  @Test(arguments: [
    ("90", 5400), ("1:30", 90), ("1:30:00", 5400), ("2-12", 216_000), ("1-0:30", 88_200), ("1-00:00:05", 86_405),
    ("", nil), ("x", nil), ("-1", nil), ("1:2:3:4", nil), ("1-", nil), ("1-2-3", nil), ("1.5", nil), ("9999999", nil),
    ("+5", nil), ("1:2-3", nil),
  ])
  func seconds(text: String, seconds: Int?) { #expect(TimeLimit(text)?.seconds == seconds) }

  @Test(arguments: [(600, "0:10:00"), (5401, "1:31:00"), (90_000, "1-01:00:00")])
  func text(seconds: Int, text: String) {
    let limit = TimeLimit(seconds: seconds)
    #expect(limit.text == text && (TimeLimit(limit.text)?.seconds ?? 0) >= seconds)
  }
}
