/// Rounds up to a multiple of the 16 lanes of a vector.
public func padded(_ count: Int) -> Int { (count + 15) & ~15 }
