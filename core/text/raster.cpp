// SPDX-License-Identifier: Apache-2.0
#include "core/text/raster.h"

#include <png.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace bw::text {
namespace {

float edge(const surface::Vertex& a, const surface::Vertex& b, float x, float y) {
    return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

/// What the triangles of a command are drawn with.
struct Paint {
    const Atlas& atlas;
    const surface::Texture* texture = nullptr;  // null: the atlas

    [[nodiscard]] float width() const {
        return static_cast<float>(texture != nullptr ? texture->width : atlas.width());
    }
    [[nodiscard]] float height() const {
        return static_cast<float>(texture != nullptr ? texture->height : atlas.height());
    }
};

using Rgba = std::array<float, 4>;  // 0 to 1, premultiplied

Rgba texel(const Paint& paint, float x, float y) {
    const auto cx = static_cast<uint32_t>(std::clamp(x, 0.0f, paint.width() - 1));
    const auto cy = static_cast<uint32_t>(std::clamp(y, 0.0f, paint.height() - 1));
    if (paint.texture == nullptr) {
        const std::byte cover = paint.atlas.pixels()[size_t{cy} * paint.atlas.width() + cx];
        const float alpha = static_cast<float>(cover) / 255.0f;
        return {alpha, alpha, alpha, alpha};
    }
    uint8_t rgba[4];
    std::memcpy(rgba, paint.texture->pixels + (size_t{cy} * paint.texture->width + cx) * 4, 4);
    const float alpha = static_cast<float>(rgba[3]) / 255.0f;
    return {static_cast<float>(rgba[0]) / 255.0f * alpha,
            static_cast<float>(rgba[1]) / 255.0f * alpha,
            static_cast<float>(rgba[2]) / 255.0f * alpha, alpha};
}

/// Linear between four texels; the colour of what is transparent counts for nothing.
Rgba sample(const Paint& paint, float u, float v) {
    const float x = u * paint.width() - 0.5f, y = v * paint.height() - 0.5f;
    const float x0 = std::floor(x), y0 = std::floor(y), fx = x - x0, fy = y - y0;
    const Rgba a = texel(paint, x0, y0), b = texel(paint, x0 + 1, y0);
    const Rgba c = texel(paint, x0, y0 + 1), d = texel(paint, x0 + 1, y0 + 1);
    Rgba out{};
    for (size_t i = 0; i < 4; ++i)
        out[i] = (a[i] * (1 - fx) + b[i] * fx) * (1 - fy) + (c[i] * (1 - fx) + d[i] * fx) * fy;
    return out;
}

/// `color`: 0 to 255, its alpha 0 to 1.
void blend(uint32_t& pixel, const Rgba& color, const Rgba& by) {
    const float alpha = std::clamp(color[3] * by[3], 0.0f, 1.0f);
    uint32_t out = 0xFF000000u;
    for (size_t c = 0; c < 3; ++c) {
        const auto old = static_cast<float>(pixel >> (8 * c) & 0xFF);
        const float share = by[3] > 0 ? std::min(by[c] / by[3], 1.0f) : 0;
        const auto value = static_cast<uint32_t>(old + (color[c] * share - old) * alpha + 0.5f);
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

void triangle(Image& image, const Paint& paint, surface::Vertex a, surface::Vertex b,
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
            Rgba color{};
            for (size_t k = 0; k < 4; ++k) {
                auto part = [&](uint32_t rgba) {
                    return static_cast<float>(rgba >> (8 * k) & 0xFF);
                };
                color[k] = part(a.rgba) * wa + part(b.rgba) * wb + part(c.rgba) * wc;
            }
            color[3] /= 255.0f;
            float u = a.u * wa + b.u * wb + c.u * wc, v = a.v * wa + b.v * wb + c.v * wc;
            blend(image.at(x, y), color, sample(paint, u, v));
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
        const Paint paint{atlas, list.texture(command.texture)};
        for (uint32_t k = 0; k + 2 < command.count; k += 3) {
            const uint32_t* at = list.indices.data() + command.first_index + k;
            triangle(image, paint, list.vertices[at[0]], list.vertices[at[1]], list.vertices[at[2]],
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
