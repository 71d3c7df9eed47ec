// SPDX-License-Identifier: Apache-2.0
#include "core/console/jpeg.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>

extern "C" {
#include <jpeglib.h>
}

namespace bw::console {
namespace {

constexpr uint32_t kMaxSide = 8192;

struct Failure {
    jpeg_error_mgr base;
    std::jmp_buf back;
};

// The library's own handler ends the process.
[[noreturn]] void fail(j_common_ptr state) {
    std::longjmp(reinterpret_cast<Failure*>(state->err)->back, 1);
}
void stay_silent(j_common_ptr) {}

struct Source {
    const std::byte* pixels;
    uint32_t width, height, stride;
    int quality;
};

/// No object with a destructor may live here: longjmp skips them.
bool compress(const Source& source, unsigned char** out, unsigned long* out_bytes) {
    jpeg_compress_struct state{};
    Failure failure{};
    state.err = jpeg_std_error(&failure.base);
    failure.base.error_exit = fail;
    failure.base.output_message = stay_silent;
    if (setjmp(failure.back) != 0) {  // NOLINT: the library's only way out of an error
        jpeg_destroy_compress(&state);
        return false;
    }
    jpeg_create_compress(&state);
    jpeg_mem_dest(&state, out, out_bytes);
    state.image_width = source.width;
    state.image_height = source.height;
    state.input_components = 4;
    state.in_color_space = JCS_EXT_RGBX;
    jpeg_set_defaults(&state);
    jpeg_set_quality(&state, source.quality, TRUE);
    jpeg_start_compress(&state, TRUE);
    while (state.next_scanline < state.image_height) {
        const auto* row = reinterpret_cast<const unsigned char*>(source.pixels) +
                          static_cast<size_t>(state.next_scanline) * source.stride;
        JSAMPROW rows[1] = {const_cast<JSAMPROW>(row)};
        jpeg_write_scanlines(&state, rows, 1);
    }
    jpeg_finish_compress(&state);
    jpeg_destroy_compress(&state);
    return true;
}

}  // namespace

base::Result<std::vector<std::byte>> encode_jpeg(std::span<const std::byte> rgba, uint32_t width,
                                                 uint32_t height, uint32_t stride, int quality) {
    if (width == 0 || height == 0 || width > kMaxSide || height > kMaxSide || stride / 4 < width ||
        rgba.size() / stride < height) {
        return base::Error{"invalid", "the picture's size does not fit its pixels"};
    }
    unsigned char* out = nullptr;
    unsigned long bytes = 0;
    const bool done = compress({rgba.data(), width, height, stride, quality}, &out, &bytes);
    std::vector<std::byte> jpeg;
    if (done) {
        const auto* begin = reinterpret_cast<const std::byte*>(out);
        jpeg.assign(begin, begin + bytes);
    }
    std::free(out);  // NOLINT: libjpeg allocates it with malloc
    if (!done) return base::Error{"system", "libjpeg could not compress the picture"};
    return jpeg;
}

}  // namespace bw::console
