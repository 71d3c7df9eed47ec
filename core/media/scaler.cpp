// SPDX-License-Identifier: Apache-2.0
#include "core/media/scaler.h"

#include <libyuv/convert.h>
#include <libyuv/convert_argb.h>
#include <libyuv/convert_from_argb.h>
#include <libyuv/scale.h>

#include <algorithm>
#include <atomic>
#include <memory>

namespace bw::media {
namespace {

const libyuv::YuvConstants* constants(Matrix matrix) {
    // The Yvu tables with U and V swapped give ABGR words, which are R, G, B, A bytes: GL_RGBA.
    switch (matrix) {
        case Matrix::bt709:
            return &libyuv::kYvuH709Constants;
        case Matrix::full601:
            return &libyuv::kYvuJPEGConstants;
        case Matrix::full709:
            return &libyuv::kYvuF709Constants;
        case Matrix::bt601:
            break;
    }
    return &libyuv::kYvuI601Constants;
}

PictureView planes(uint8_t* at, Size size, Matrix matrix) {
    const int half_width = (size.width + 1) / 2;
    const auto luma = static_cast<size_t>(size.width) * static_cast<size_t>(size.height);
    const auto chroma =
        static_cast<size_t>(half_width) * static_cast<size_t>((size.height + 1) / 2);
    PictureView view;
    view.y = at;
    view.u = at + luma;
    view.v = at + luma + chroma;
    view.stride_y = size.width;
    view.stride_u = view.stride_v = half_width;
    view.width = size.width;
    view.height = size.height;
    view.matrix = matrix;
    return view;
}

surface::SlotHeader header(surface::SlotKind kind, Size size, int stride, size_t bytes) {
    surface::SlotHeader h{};
    h.kind = kind;
    h.width = static_cast<uint32_t>(size.width);
    h.height = static_cast<uint32_t>(size.height);
    h.stride = static_cast<uint32_t>(stride);
    h.bytes = bytes;
    return h;
}

}  // namespace

Size fit_inside(Size picture, Size box) {
    const int64_t pw = std::max(1, picture.width);
    const int64_t ph = std::max(1, picture.height);
    const int64_t bw = std::max(1, box.width);
    const int64_t bh = std::max(1, box.height);
    // Compared without division: pw / ph against bw / bh; rounded to the nearest pixel.
    if (pw * bh >= bw * ph)
        return {static_cast<int>(bw),
                static_cast<int>(std::max<int64_t>(1, (bw * ph + pw / 2) / pw))};
    return {static_cast<int>(std::max<int64_t>(1, (bh * pw + ph / 2) / ph)), static_cast<int>(bh)};
}

namespace {

struct Owned {
    std::atomic<int> holders{1};
    std::vector<uint8_t> bytes;
};

}  // namespace

HeldPicture from_bgrx(const uint8_t* pixels, int stride, Size size) {
    auto owned = std::make_unique<Owned>();
    owned->bytes.resize(i420_bytes(size));
    const PictureView view = planes(owned->bytes.data(), size, Matrix::bt601);
    uint8_t* at = owned->bytes.data();
    libyuv::ARGBToI420(pixels, stride, at, view.stride_y, at + (view.u - view.y), view.stride_u,
                       at + (view.v - view.y), view.stride_v, size.width, size.height);
    return {view, owned.release(), [](void* owner) { ++static_cast<Owned*>(owner)->holders; },
            [](void* owner) {
                if (--static_cast<Owned*>(owner)->holders == 0) delete static_cast<Owned*>(owner);
            }};
}

// Whoever shades the planes must know how: a picture made smaller no longer shows it by its size.
static surface::SlotHeader planar_header(Size size, Matrix matrix) {
    auto out = header(surface::SlotKind::i420, size, size.width, i420_bytes(size));
    out.matrix = static_cast<uint32_t>(matrix);
    return out;
}

PictureView cut_to(const PictureView& picture, Size box, const Shape& shape) {
    const int64_t pw = std::max(1, picture.width), ph = std::max(1, picture.height);
    const int64_t bw = std::max(1, box.width), bh = std::max(1, box.height);
    int64_t width = pw, height = ph;
    if (pw * bh > bw * ph)
        width = std::clamp<int64_t>((ph * bw + bh / 2) / bh, 1, pw);
    else
        height = std::clamp<int64_t>((pw * bh + bw / 2) / bw, 1, ph);
    // Even corners: the chroma planes have half as many samples.
    auto begin = [](int64_t whole, int64_t part, double focus) {
        const double at = std::clamp(focus, 0.0, 1.0) * static_cast<double>(whole);
        const auto wanted = static_cast<int64_t>(at) - part / 2;
        return std::clamp<int64_t>(wanted, 0, whole - part) & ~int64_t{1};
    };
    const int64_t x = begin(pw, width, shape.focus_x), y = begin(ph, height, shape.focus_y);
    PictureView part = picture;
    part.y += y * picture.stride_y + x;
    part.u += y / 2 * picture.stride_u + x / 2;
    part.v += y / 2 * picture.stride_v + x / 2;
    part.width = static_cast<int>(width);
    part.height = static_cast<int>(height);
    return part;
}

size_t i420_bytes(Size size) {
    const auto luma = static_cast<size_t>(size.width) * static_cast<size_t>(size.height);
    return luma + 2 * static_cast<size_t>((size.width + 1) / 2) *
                      static_cast<size_t>((size.height + 1) / 2);
}

PictureView Scaler::scaled(const PictureView& picture, Size size, uint8_t* into) {
    const PictureView to = planes(into, size, picture.matrix);
    const auto luma = static_cast<size_t>(size.width) * static_cast<size_t>(size.height);
    uint8_t* u = into + luma;
    uint8_t* v = u + (to.v - to.u);
    libyuv::I420Scale(picture.y, picture.stride_y, picture.u, picture.stride_u, picture.v,
                      picture.stride_v, picture.width, picture.height, into, to.stride_y, u,
                      to.stride_u, v, to.stride_v, size.width, size.height, libyuv::kFilterBox);
    return to;
}

std::optional<surface::SlotHeader> Scaler::write(const PictureView& whole, surface::SlotKind kind,
                                                 Size box, std::span<std::byte> out,
                                                 const Shape& shape) {
    auto* to = reinterpret_cast<uint8_t*>(out.data());
    const bool planar = kind == surface::SlotKind::i420;
    if (const Size own{whole.width, whole.height}; planar && i420_bytes(own) <= out.size()) {
        scaled(whole, own, to);
        return planar_header(own, whole.matrix);
    }
    const bool cut = shape.fit == surface::Fit::cover;
    const PictureView picture = cut ? cut_to(whole, box, shape) : whole;
    const Size own{picture.width, picture.height};
    const Size size = shape.fit == surface::Fit::contain ? fit_inside(own, box) : box;
    if (planar) {
        if (i420_bytes(size) > out.size()) return std::nullopt;
        scaled(picture, size, to);
        return planar_header(size, picture.matrix);
    }
    const auto bytes = static_cast<size_t>(size.width) * static_cast<size_t>(size.height) * 4;
    if (kind != surface::SlotKind::rgba || bytes > out.size()) return std::nullopt;
    PictureView from = picture;
    if (size != own) {
        scratch_.resize(std::max(scratch_.size(), i420_bytes(size)));
        from = scaled(picture, size, scratch_.data());
    }
    libyuv::I420ToARGBMatrix(from.y, from.stride_y, from.v, from.stride_v, from.u, from.stride_u,
                             to, size.width * 4, constants(picture.matrix), size.width,
                             size.height);
    return header(kind, size, size.width * 4, bytes);
}

}  // namespace bw::media
