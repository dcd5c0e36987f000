/// What is wrong with an option, or the answer of one of Slurm's programs.
public struct SlurmError: Error, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }
}
