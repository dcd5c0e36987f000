import CSystem

/// The number of cores this process may run on.
public var coreCount: Int { Int(snn_core_count()) }
