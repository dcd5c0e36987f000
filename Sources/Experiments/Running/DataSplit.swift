/// The parts of a run's data.
public enum DataSplit: String, CaseIterable, Sendable { case train, validation, test }
