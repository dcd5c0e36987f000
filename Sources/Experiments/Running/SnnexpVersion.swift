import Engine
import Files
import Foundation
import MonotonicClock
import Networks
import SpikeData
import Training

/// The program's version.
public enum SnnexpVersion {
  public static let current = "0.1.0"
}
