extension ResultsFolder {
  /// Writes the tables above the run folders anew: the same bytes as `ExperimentRunner.run` with all runs of the plan.
  /// - Throws: `FileWriteError`.
  public func writeTables() throws { try ResultTables(collecting: self).write() }
}
