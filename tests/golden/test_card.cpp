// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/test_card.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <vector>

namespace bw::golden {

namespace {

constexpr int kBt709Rows = 720;  // as the shading renderer has it

/// Planes of I420, and the RGBA that belongs to them.
struct Card {
    int width = 0, height = 0;
    std::vector<uint8_t> luma, cb, cr;
    std::vector<uint8_t> rgba;
    [[nodiscard]] int chroma_width() const { return (width + 1) / 2; }
    [[nodiscard]] int chroma_height() const { return (height + 1) / 2; }
};

uint8_t luma_at(int x, int y, int width, int height) {
    if (x < 2 || y < 2 || x >= width - 2 || y >= height - 2) return 235;
    const double dx = x - width * 0.72, dy = y - height * 0.4, radius = height * 0.18;
    if (dx * dx + dy * dy < radius * radius) return 200;
    return static_cast<uint8_t>(48 + 16 * (8 * x / width));
}

// Three soft spots of colour in the lower third: the most of each at its middle.
std::array<uint8_t, 2> chroma_at(double x, double y) {
    static constexpr std::array<std::array<int, 2>, 3> kSpots{{{-28, 60}, {-30, -44}, {58, -20}}};
    const double v = std::clamp(1 - std::abs(y - 0.82) / 0.14, 0.0, 1.0);
    const double u = std::clamp(1 - std::abs(x * 3 - std::floor(x * 3) - 0.5) / 0.45, 0.0, 1.0);
    const auto& spot = kSpots[std::min<size_t>(2, static_cast<size_t>(x * 3))];
    return {static_cast<uint8_t>(128 + std::lround(spot[0] * u * v)),
            static_cast<uint8_t>(128 + std::lround(spot[1] * u * v))};
}

// Linear between the four nearest samples, as a texture is read.
double sample(const std::vector<uint8_t>& plane, int width, int height, double x, double y) {
    const auto fx = std::floor(x), fy = std::floor(y);
    auto at = [&](double px, double py) {
        const int column = std::clamp(static_cast<int>(px), 0, width - 1);
        const int row = std::clamp(static_cast<int>(py), 0, height - 1);
        return static_cast<double>(plane[static_cast<size_t>(row) * static_cast<size_t>(width) +
                                         static_cast<size_t>(column)]);
    };
    const double u = x - fx, v = y - fy;
    return (at(fx, fy) * (1 - u) + at(fx + 1, fy) * u) * (1 - v) +
           (at(fx, fy + 1) * (1 - u) + at(fx + 1, fy + 1) * u) * v;
}

void to_rgba(Card& card) {
    const bool bt709 = card.height >= kBt709Rows;
    card.rgba.resize(card.luma.size() * 4);
    for (int y = 0; y < card.height; ++y) {
        for (int x = 0; x < card.width; ++x) {
            const auto at =
                static_cast<size_t>(y) * static_cast<size_t>(card.width) + static_cast<size_t>(x);
            // Two pixels to a sample, also where the last sample has one pixel alone.
            const double cx = (x + 0.5) / 2 - 0.5, cy = (y + 0.5) / 2 - 0.5;
            double l = (card.luma[at] - 16) / 219.0;
            double b =
                (sample(card.cb, card.chroma_width(), card.chroma_height(), cx, cy) - 128) / 224.0;
            double r =
                (sample(card.cr, card.chroma_width(), card.chroma_height(), cx, cy) - 128) / 224.0;
            std::array<double, 3> rgb =
                bt709 ? std::array{l + 1.5748 * r, l - 0.1873 * b - 0.4681 * r, l + 1.8556 * b}
                      : std::array{l + 1.402 * r, l - 0.3441 * b - 0.7141 * r, l + 1.772 * b};
            for (size_t k = 0; k < 3; ++k)
                card.rgba[at * 4 + k] =
                    static_cast<uint8_t>(std::lround(std::clamp(rgb[k], 0.0, 1.0) * 255));
            card.rgba[at * 4 + 3] = 255;
        }
    }
}

const Card& card_of(int width, int height) {
    static std::map<std::pair<int, int>, Card> cards;
    Card& card = cards[{width, height}];
    if (!card.luma.empty()) return card;
    card.width = width;
    card.height = height;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) card.luma.push_back(luma_at(x, y, width, height));
    }
    for (int y = 0; y < card.chroma_height(); ++y) {
        for (int x = 0; x < card.chroma_width(); ++x) {
            auto both =
                chroma_at((x + 0.5) / card.chroma_width(), (y + 0.5) / card.chroma_height());
            card.cb.push_back(both[0]);
            card.cr.push_back(both[1]);
        }
    }
    to_rgba(card);
    return card;
}

// Six cells, light or dark by the source's name, over the planes of `bytes` per pixel.
void stamp(std::byte* pixels, size_t bytes, int width, int height, std::string_view source) {
    uint32_t hash = 2166136261;  // FNV-1a
    for (char c : source) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619;
    const int side = std::max(4, height / 12), left = width / 16, top = height / 5;
    for (int cell = 0; cell < 6; ++cell) {
        const bool light = (hash >> (cell * 5 + 1) & 1) != 0;
        const auto value = static_cast<std::byte>(bytes == 1 ? (light ? 235 : 16) : light * 255);
        for (int y = top; y < std::min(height, top + side); ++y) {
            for (int x = left + cell * side; x < std::min(width, left + cell * side + side); ++x) {
                auto at =
                    (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) *
                    bytes;
                std::fill_n(pixels + at, std::min<size_t>(bytes, 3), value);
            }
        }
    }
}

}  // namespace

void publish_card(surface::Producer::Writer& writer, std::string_view source, int64_t as_of_ns) {
    const surface::Configure& wish = writer.configure();
    const auto width = static_cast<int>(wish.width), height = static_cast<int>(wish.height);
    const Card& card = card_of(width, height);
    const bool planar = wish.kind == surface::SlotKind::i420;
    surface::SlotHeader header{};
    header.kind = wish.kind;
    header.width = wish.width;
    header.height = wish.height;
    header.captured_ns = as_of_ns;
    std::byte* to = writer.payload();
    if (planar) {
        header.stride = wish.width;
        for (const auto* plane : {&card.luma, &card.cb, &card.cr}) {
            std::memcpy(to + header.bytes, plane->data(), plane->size());
            header.bytes += plane->size();
        }
        stamp(to, 1, width, height, source);
    } else {
        header.stride = wish.width * 4;
        header.bytes = card.rgba.size();
        std::memcpy(to, card.rgba.data(), card.rgba.size());
        stamp(to, 4, width, height, source);
    }
    writer.publish(header);
    writer.block().as_of_ns.store(as_of_ns);
}

}  // namespace bw::golden
