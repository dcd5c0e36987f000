#pragma once
#include <zlib.h>

// inflateInit2 is a macro, which Swift can't import. Accepts only the gzip format.
static inline int snn_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
