#pragma once
#include <zlib.h>

// inflateInit2 is a macro, which Swift can't import. Accepts only the gzip format.
static inline int snn_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

// The same for a bare deflate stream, as in zip archives.
static inline int snn_inflate_raw(z_stream *stream) { return inflateInit2(stream, -15); }
