import Foundation

/// The cases computed by `Golden/make_golden.py` in double-precision PyTorch, which the engine must match.
public enum Golden {
  /// Where they are, each in a folder of its name.
  public static let folder = Bundle.module.resourcePath! + "/Golden"

  /// Names of the cases that are experiments with results.
  public static let cases = cases(in: folder)

  /// Names of the folders that hold an `expected.h5`.
  public static func cases(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)/expected.h5")
    }.sorted()
  }

  /// One batch of 3 samples, 12 steps, 7 inputs, 5 units and 4 classes, with everything computed from it.
  public struct Tiny: Decodable, Sendable {
    /// A forward and a backward pass.
    public struct Pass: Decodable, Sendable {
      /// Of both terms of the regularizer.
      public var coeff: Double
      /// The loss with its regularizer, and both parts of it.
      public var loss: Double, ce: Double, regLoss: Double
      /// `[sample][step][unit]`
      public var memRec: [[[Double]]], spkRec: [[[Double]]]
      /// `[sample][step 0...12][class]`, from the zero state on.
      public var outRec: [[[Double]]]
      /// Of each sample and class the largest readout, and its step.
      public var m: [[Double]]
      public var argmaxT: [[Int]]
      public var gradW1: [[Double]], gradV1: [[Double]], gradW2: [[Double]]
    }
    /// Steps of Adam without regularizer: the loss before each, and the weights after all.
    public struct Adam: Decodable, Sendable {
      public var lr: Double
      public var betas: [Double]
      public var epsilon: Double
      public var losses: [Double]
      public var w1: [[Double]], v1: [[Double]], w2: [[Double]]
    }
    public var inputs: Int, steps: Int, hidden: Int, outputs: Int
    /// Seconds.
    public var tauMem: Double, tauSyn: Double, timeStep: Double
    /// Of the surrogate.
    public var scale: Double
    /// `[sample][step][input]` counts.
    public var x: [[[Double]]]
    public var labels: [Int]
    public var w1: [[Float]], v1: [[Float]], w2: [[Float]]
    public var plain: Pass, regularised: Pass
    public var adam: Adam
  }

  /// The batch of `tiny.json`.
  public static func tiny() throws -> Tiny {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Tiny.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/tiny.json")))
  }
}
