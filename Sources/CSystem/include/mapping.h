#pragma once
#include <stddef.h>

/// Maps a file's bytes for reading and guards them: where the file turns out to have lost them while they are in use,
/// they read as zeros from then on, and snn_mapping_is_damaged tells. Without a guard, reading them would end the
/// process (SIGBUS).
///
/// Returns the number of the mapping, or -1 if it can't be mapped or all guards are taken.
int snn_map_file(int file, size_t bytes, size_t offset, const void **start);

/// Whether bytes of the mapping were lost.
int snn_mapping_is_damaged(int mapping);

/// Ends a mapping.
void snn_unmap_file(int mapping);
