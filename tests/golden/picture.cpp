// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/picture.h"

#include <png.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace bw::golden {

namespace {

constexpr int kBlock = 8;

struct Lab {
    double l, a, b;
};

double linear(uint8_t value) {
    static const std::array<double, 256> table = [] {
        std::array<double, 256> out{};
        for (size_t i = 0; i < out.size(); ++i) {
            double v = static_cast<double>(i) / 255;
            out[i] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
        }
        return out;
    }();
    return table[value];
}

// sRGB to CIE Lab, white point D65.
Lab lab(const uint8_t* rgb) {
    auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    double r = linear(rgb[0]), g = linear(rgb[1]), b = linear(rgb[2]);
    double x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    double y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    double z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double distance(const uint8_t* one, const uint8_t* other) {
    if (std::memcmp(one, other, 3) == 0) return 0;
    Lab p = lab(one), q = lab(other);
    return std::sqrt((p.l - q.l) * (p.l - q.l) + (p.a - q.a) * (p.a - q.a) +
                     (p.b - q.b) * (p.b - q.b));
}

}  // namespace

std::optional<Picture> read_png(const std::filesystem::path& path) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_file(&image, path.c_str()) == 0) return std::nullopt;
    image.format = PNG_FORMAT_RGB;
    Picture out{static_cast<int>(image.width), static_cast<int>(image.height), {}};
    out.rgb.resize(PNG_IMAGE_SIZE(image));
    if (png_image_finish_read(&image, nullptr, out.rgb.data(), 0, nullptr) == 0)
        return std::nullopt;
    return out;
}

bool write_png(const Picture& picture, const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(picture.width);
    image.height = static_cast<png_uint_32>(picture.height);
    image.format = PNG_FORMAT_RGB;
    return png_image_write_to_file(&image, path.c_str(), 0, picture.rgb.data(), 0, nullptr) != 0;
}

Picture shrink(const Picture& picture, int factor) {
    if (factor == 1) return picture;
    Picture out{picture.width / factor, picture.height / factor, {}};
    out.rgb.resize(static_cast<size_t>(out.width) * static_cast<size_t>(out.height) * 3);
    const auto row = static_cast<size_t>(picture.width) * 3;
    const auto step = static_cast<size_t>(factor);
    const size_t count = step * step;
    uint8_t* to = out.rgb.data();
    for (size_t y = 0; y < static_cast<size_t>(out.height); ++y) {
        for (size_t x = 0; x < static_cast<size_t>(out.width); ++x) {
            for (size_t k = 0; k < 3; ++k) {
                size_t sum = count / 2;
                for (size_t v = 0; v < step; ++v) {
                    const uint8_t* from = &picture.rgb[(y * step + v) * row + x * step * 3 + k];
                    for (size_t u = 0; u < step; ++u) sum += from[u * 3];
                }
                *to++ = static_cast<uint8_t>(sum / count);
            }
        }
    }
    return out;
}

Difference compare(const Picture& expected, const Picture& actual, Picture* map) {
    Difference out;
    if (expected.width != actual.width || expected.height != actual.height) {
        out.same_size = false;
        out.share = 1;
        return out;
    }
    if (map != nullptr) *map = {actual.width, actual.height, std::vector<uint8_t>(actual.rgb)};
    const int width = actual.width, height = actual.height;
    const int across = (width + kBlock - 1) / kBlock;
    std::vector<double> blocks(static_cast<size_t>(across * ((height + kBlock - 1) / kBlock)));
    size_t counted = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const auto at =
                (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 3;
            double d = distance(&expected.rgb[at], &actual.rgb[at]);
            if (map != nullptr)
                std::fill_n(&map->rgb[at], 3, static_cast<uint8_t>(std::min(255.0, d * 12)));
            if (d == 0) continue;
            if (d > kTolerance.seen) ++counted;
            out.worst_pixel = std::max(out.worst_pixel, d);
            blocks[static_cast<size_t>(y / kBlock * across + x / kBlock)] += d;
        }
    }
    out.share = static_cast<double>(counted) / (static_cast<double>(width) * height);
    auto worst = std::max_element(blocks.begin(), blocks.end());
    if (worst == blocks.end()) return out;
    auto number = static_cast<int>(worst - blocks.begin());
    out.worst_block = *worst / (kBlock * kBlock);
    out.block_x = number % across * kBlock;
    out.block_y = number / across * kBlock;
    return out;
}

}  // namespace bw::golden
