#pragma once
#include <zlib.h>

// inflateInit2 is a macro. Takes the gzip format alone.
static inline int snn_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
