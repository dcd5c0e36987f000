import Foundation
import SpikeData

/// Bad input found before anything started: exit code 2.
public struct InputError: Error, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }
}
