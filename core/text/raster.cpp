// SPDX-License-Identifier: Apache-2.0
#include "core/text/raster.h"

#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace bw::text {
namespace {

float edge(const surface::Vertex& a, const surface::Vertex& b, float x, float y) {
    return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

float sample(const Atlas& atlas, float u, float v) {
    float x = u * static_cast<float>(atlas.width()) - 0.5f;
    float y = v * static_cast<float>(atlas.height()) - 0.5f;
    auto texel = [&](float tx, float ty) {
        auto cx =
            static_cast<uint32_t>(std::clamp(tx, 0.0f, static_cast<float>(atlas.width() - 1)));
        auto cy =
            static_cast<uint32_t>(std::clamp(ty, 0.0f, static_cast<float>(atlas.height() - 1)));
        return static_cast<float>(atlas.pixels()[size_t{cy} * atlas.width() + cx]) / 255.0f;
    };
    float x0 = std::floor(x), y0 = std::floor(y), fx = x - x0, fy = y - y0;
    float top = texel(x0, y0) * (1 - fx) + texel(x0 + 1, y0) * fx;
    float low = texel(x0, y0 + 1) * (1 - fx) + texel(x0 + 1, y0 + 1) * fx;
    return top * (1 - fy) + low * fy;
}

void blend(uint32_t& pixel, const float color[4], float coverage) {
    float alpha = std::clamp(color[3] * coverage, 0.0f, 1.0f);
    uint32_t out = 0xFF000000u;
    for (int c = 0; c < 3; ++c) {
        auto old = static_cast<float>(pixel >> (8 * c) & 0xFF);
        auto value = static_cast<uint32_t>(old + (color[c] - old) * alpha + 0.5f);
        out |= std::min(255u, value) << (8 * c);
    }
    pixel = out;
}

struct Clip {
    int x0, y0, x1, y1;
};

/// Pixels on a shared edge belong to one of both triangles only (top-left rule).
bool owns(float w, const surface::Vertex& a, const surface::Vertex& b) {
    if (w != 0) return w > 0;
    return (b.y - a.y) < 0 || (b.y == a.y && b.x > a.x);
}

void triangle(Image& image, const Atlas& atlas, surface::Vertex a, surface::Vertex b,
              surface::Vertex c, Clip clip) {
    float area = edge(a, b, c.x, c.y);
    if (area == 0) return;
    if (area < 0) {
        std::swap(b, c);
        area = -area;
    }
    int x0 = std::max(clip.x0, static_cast<int>(std::floor(std::min({a.x, b.x, c.x}))));
    int x1 = std::min(clip.x1, static_cast<int>(std::ceil(std::max({a.x, b.x, c.x}))));
    int y0 = std::max(clip.y0, static_cast<int>(std::floor(std::min({a.y, b.y, c.y}))));
    int y1 = std::min(clip.y1, static_cast<int>(std::ceil(std::max({a.y, b.y, c.y}))));
    for (int y = y0; y < y1; ++y) {
        for (int x = x0; x < x1; ++x) {
            float px = static_cast<float>(x) + 0.5f, py = static_cast<float>(y) + 0.5f;
            float wa = edge(b, c, px, py), wb = edge(c, a, px, py), wc = edge(a, b, px, py);
            if (!owns(wa, b, c) || !owns(wb, c, a) || !owns(wc, a, b)) continue;
            wa /= area;
            wb /= area;
            wc /= area;
            float color[4];
            for (int k = 0; k < 4; ++k) {
                auto part = [&](uint32_t rgba) {
                    return static_cast<float>(rgba >> (8 * k) & 0xFF);
                };
                color[k] = part(a.rgba) * wa + part(b.rgba) * wb + part(c.rgba) * wc;
            }
            color[3] /= 255.0f;
            float u = a.u * wa + b.u * wb + c.u * wc, v = a.v * wa + b.v * wb + c.v * wc;
            blend(image.at(x, y), color, sample(atlas, u, v));
        }
    }
}

void draw_video(Image& image, const surface::VideoCommand& video) {
    // It may reach out of the picture.
    for (int y = 0; y < video.height; ++y) {
        for (int x = 0; x < video.width; ++x) {
            const int to_x = video.x + x, to_y = video.y + y;
            if (to_x < 0 || to_y < 0 || to_x >= image.width || to_y >= image.height) continue;
            const bool cross = int64_t{x} * video.height / video.width == y;
            image.at(to_x, to_y) = cross ? 0xFF808080u : 0xFF383838u;
        }
    }
}

}  // namespace

Image rasterize(const surface::DrawList& list, const Atlas& atlas, int width, int height) {
    Image image{width, height,
                std::vector<uint32_t>(static_cast<size_t>(width) * static_cast<size_t>(height),
                                      0xFF120D0Au)};
    for (const surface::DrawCommand& command : list.commands) {
        if (command.video >= 0) {
            draw_video(image, list.videos[static_cast<size_t>(command.video)]);
            continue;
        }
        Clip clip{std::max(0, static_cast<int>(command.clip_x0)),
                  std::max(0, static_cast<int>(command.clip_y0)),
                  std::min(width, static_cast<int>(command.clip_x1)),
                  std::min(height, static_cast<int>(command.clip_y1))};
        for (uint32_t k = 0; k + 2 < command.count; k += 3) {
            const uint32_t* at = list.indices.data() + command.first_index + k;
            triangle(image, atlas, list.vertices[at[0]], list.vertices[at[1]], list.vertices[at[2]],
                     clip);
        }
    }
    return image;
}

bool write_png(const Image& image, const std::string& path) {
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    png.width = static_cast<png_uint_32>(image.width);
    png.height = static_cast<png_uint_32>(image.height);
    png.format = PNG_FORMAT_RGBA;
    return png_image_write_to_file(&png, path.c_str(), 0, image.pixels.data(), 0, nullptr) != 0;
}

std::optional<Image> read_png(const std::string& path) {
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_file(&png, path.c_str()) == 0) return std::nullopt;
    png.format = PNG_FORMAT_RGBA;
    Image image{static_cast<int>(png.width), static_cast<int>(png.height), {}};
    image.pixels.resize(size_t{png.width} * png.height);
    if (png_image_finish_read(&png, nullptr, image.pixels.data(), 0, nullptr) == 0)
        return std::nullopt;
    return image;
}

}  // namespace bw::text
