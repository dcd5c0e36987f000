import Foundation

/// Reverse-mode automatic differentiation of double-precision scalars: every operation appends a node with its parents
/// and the derivatives by them, and `backward` goes through the nodes from the last to the first.
public final class Tape {
  private var parents: [Int32] = []
  private var slopes: [Double] = []
  /// Where each node's parents end in the two lists.
  private var ends: [Int] = []
  private var leafSlopes: [Double] = []
  /// How near any membrane since `forget` was to its threshold, or to a jump of its surrogate.
  public private(set) var spikeMargin = Double.infinity
  /// How near any other term was to a maximum.
  public private(set) var peakMargin = Double.infinity

  public init() {}

  /// A number with respect to which is differentiated; all leaves come before any operation.
  public func leaf(_ value: Double) -> Variable {
    precondition(ends.count == leafSlopes.count, "leaves come first")
    leafSlopes.append(0)
    return finish(value)
  }

  /// A number that is not differentiated.
  public func constant(_ value: Double) -> Variable { Variable(value: value, place: -1, tape: self) }

  /// The sum over all `backward` of the derivative by a leaf.
  public func slope(_ leaf: Variable) -> Double { leafSlopes[Int(leaf.place)] }

  /// Adds the derivatives of `result` to the leaves'.
  public func backward(_ result: Variable) {
    if result.place < 0 { return }
    var adjoint = [Double](repeating: 0, count: Int(result.place) + 1)
    adjoint[Int(result.place)] = 1
    for node in stride(from: Int(result.place), through: leafSlopes.count, by: -1) where adjoint[node] != 0 {
      for edge in ends[node - 1]..<ends[node] { adjoint[Int(parents[edge])] += adjoint[node] * slopes[edge] }
    }
    for leaf in leafSlopes.indices where leaf < adjoint.count { leafSlopes[leaf] += adjoint[leaf] }
  }

  /// Forgets all operations, but not the leaves and their derivatives.
  public func forget() {
    parents.removeAll(keepingCapacity: true)
    slopes.removeAll(keepingCapacity: true)
    ends.removeLast(ends.count - leafSlopes.count)
    (spikeMargin, peakMargin) = (.infinity, .infinity)
  }

  func noteSpikeMargin(_ distance: Double) { spikeMargin = min(spikeMargin, distance) }

  fileprivate func edge(_ parent: Variable, _ slope: Double) {
    if parent.place < 0 { return }
    parents.append(parent.place)
    slopes.append(slope)
  }

  fileprivate func finish(_ value: Double) -> Variable {
    ends.append(parents.count)
    return Variable(value: value, place: Int32(ends.count - 1), tape: self)
  }
}

/// A number on a tape.
public struct Variable {
  public let value: Double
  /// The node; -1: none, a constant.
  fileprivate let place: Int32
  fileprivate unowned(unsafe) let tape: Tape

  /// The same number as a constant.
  public var detached: Variable { tape.constant(value) }

  /// The nearest whole number, as a constant.
  var rounded: Variable { tape.constant(value.rounded()) }

  /// A function of this number alone, with its derivative here.
  func mapped(_ value: Double, slope: Double) -> Variable {
    tape.edge(self, slope)
    return tape.finish(value)
  }

  public static func + (a: Variable, b: Variable) -> Variable {
    a.tape.edge(a, 1)
    a.tape.edge(b, 1)
    return a.tape.finish(a.value + b.value)
  }
  public static func - (a: Variable, b: Variable) -> Variable {
    a.tape.edge(a, 1)
    a.tape.edge(b, -1)
    return a.tape.finish(a.value - b.value)
  }
  public static func * (a: Variable, b: Variable) -> Variable {
    a.tape.edge(a, b.value)
    a.tape.edge(b, a.value)
    return a.tape.finish(a.value * b.value)
  }
  public static func / (a: Variable, b: Variable) -> Variable {
    a.tape.edge(a, 1 / b.value)
    a.tape.edge(b, -a.value / (b.value * b.value))
    return a.tape.finish(a.value / b.value)
  }
  public static func + (a: Variable, b: Double) -> Variable { a.mapped(a.value + b, slope: 1) }
  public static func - (a: Variable, b: Double) -> Variable { a.mapped(a.value - b, slope: 1) }
  public static func - (a: Double, b: Variable) -> Variable { b.mapped(a - b.value, slope: -1) }
  public static func * (a: Double, b: Variable) -> Variable { b.mapped(a * b.value, slope: a) }
  public static func / (a: Double, b: Variable) -> Variable { b.tape.constant(a) / b }
  public static func / (a: Variable, b: Double) -> Variable { (1 / b) * a }
}

public func exp(_ x: Variable) -> Variable { x.mapped(Foundation.exp(x.value), slope: Foundation.exp(x.value)) }
public func log(_ x: Variable) -> Variable { x.mapped(Foundation.log(x.value), slope: 1 / x.value) }
/// max(0, x).
public func positivePart(_ x: Variable) -> Variable { x.value > 0 ? x : x.tape.constant(0) }

extension Tape {
  public func sum(_ terms: [Variable]) -> Variable {
    for term in terms { edge(term, 1) }
    return finish(terms.reduce(0) { $0 + $1.value })
  }

  /// sum of a[i] b[i].
  func dot(_ a: [Variable], _ b: ArraySlice<Variable>) -> Variable {
    var value = 0.0
    for (a, b) in zip(a, b) {
      value += a.value * b.value
      edge(a, b.value)
      if a.value != 0 { edge(b, a.value) }
    }
    return finish(value)
  }

  /// sum of a[i] b[i], not differentiated by a.
  func dot(_ a: [Double], _ b: ArraySlice<Variable>) -> Variable {
    var value = 0.0
    for (a, b) in zip(a, b) where a != 0 {
      value += a * b.value
      edge(b, a)
    }
    return finish(value)
  }

  /// The largest; the first one on a tie.
  func maximum(_ terms: [Variable]) -> Variable {
    let best = terms.indices.reduce(0) { terms[$1].value > terms[$0].value ? $1 : $0 }
    // Exact ties, such as of silent units, are ties in every precision.
    for term in terms where term.value < terms[best].value {
      peakMargin = min(peakMargin, terms[best].value - term.value)
    }
    return terms[best]
  }
}
