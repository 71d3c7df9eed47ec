// SPDX-License-Identifier: Apache-2.0
#include "core/media/inspector.h"

#include <algorithm>
#include <cstdlib>

namespace bw::media {
namespace {

constexpr int kColumns = Inspector::kColumns, kRows = Inspector::kRows;
using Blocks = Inspector::Blocks;

size_t index_of(int row, int column, int columns) {
    return static_cast<size_t>(row) * static_cast<size_t>(columns) + static_cast<size_t>(column);
}

/// Of one plane; `columns` by `rows` blocks, 4 by 4 pixels of each.
template <class Out>
void block_means(const uint8_t* plane, int stride, int width, int height, int columns, int rows,
                 Out& out) {
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            int sum = 0;
            for (int i = 0; i < 4; ++i) {
                const int y = ((row * 4 + i) * 2 + 1) * height / (rows * 8);
                for (int j = 0; j < 4; ++j)
                    sum += plane[y * stride + ((column * 4 + j) * 2 + 1) * width / (columns * 8)];
            }
            out[index_of(row, column, columns)] = static_cast<uint8_t>((sum + 8) / 16);
        }
    }
}

/// The night has a light somewhere; a dead sensor has none. 16 is black where the range is limited.
bool is_black(const Blocks& blocks) {
    return std::all_of(blocks.begin(), blocks.end(), [](uint8_t block) { return block < 24; });
}

/// Nothing but one even brightness, and no edge: a hand, paint, snow on the glass.
bool is_covered(const PictureView& picture, const Blocks& blocks) {
    const auto [least, most] = std::minmax_element(blocks.begin(), blocks.end());
    if (*most - *least > 12) return false;
    int edges = 0, looked = 0;
    for (int y = 1; y < 2 * kRows; ++y) {
        const uint8_t* row = picture.y + y * picture.height / (2 * kRows) * picture.stride_y;
        for (int x = 0; x + 4 < picture.width; x += 16, ++looked)
            edges += std::abs(row[x + 4] - row[x]) > 8 ? 1 : 0;
    }
    return edges * 50 < looked;
}

/// Upright stripes of colour, each the same from the top to the middle: SMPTE, EBU and their kin.
bool is_bars(const PictureView& picture) {
    constexpr int rows = 8;  // of them the upper five are looked at: SMPTE has others below
    std::array<uint8_t, kColumns * rows> y{}, u{}, v{};
    const int width = (picture.width + 1) / 2, height = (picture.height + 1) / 2;
    block_means(picture.y, picture.stride_y, picture.width, picture.height, kColumns, rows, y);
    block_means(picture.u, picture.stride_u, width, height, kColumns, rows, u);
    block_means(picture.v, picture.stride_v, width, height, kColumns, rows, v);
    int stripes = 1, coloured = 0;
    for (size_t column = 0; column < kColumns; ++column) {
        for (size_t row = 1; row < 5; ++row) {
            const size_t at = row * kColumns + column;
            if (std::abs(y[at] - y[column]) > 4 || std::abs(u[at] - u[column]) > 4 ||
                std::abs(v[at] - v[column]) > 4)
                return false;
        }
        coloured += std::abs(u[column] - 128) + std::abs(v[column] - 128) > 40 ? 1 : 0;
        if (column > 0 &&
            (std::abs(u[column] - u[column - 1]) > 16 || std::abs(v[column] - v[column - 1]) > 16))
            ++stripes;
    }
    return stripes >= 6 && coloured > kColumns / 2;
}

}  // namespace

const char* look_word(Look look) {
    switch (look) {
        case Look::normal:
            return "normal";
        case Look::black:
            return "black";
        case Look::bars:
            return "bars";
        case Look::covered:
            return "covered";
    }
    return "normal";
}

Inspector::Inspector(const Watchfulness& watchfulness)
    : frozen_after_ns_(watchfulness.frozen_after_ns) {
    for (int row = 0; row < kRows; ++row) {
        for (int column = 0; column < kColumns; ++column) {
            const double x = (column + 0.5) / kColumns, y = (row + 0.5) / kRows;
            masked_[index_of(row, column, kColumns)] = std::any_of(
                watchfulness.masks.begin(), watchfulness.masks.end(), [&](const Mask& mask) {
                    return x >= mask.x && x < mask.x + mask.width && y >= mask.y &&
                           y < mask.y + mask.height;
                });
        }
    }
}

void Inspector::see(const PictureView& picture, int64_t now) {
    if (seen_ns_ != 0 && now - seen_ns_ < kBetweenNs) return;
    if (picture.width < kColumns || picture.height < kRows) return;
    seen_ns_ = now;
    Blocks blocks{};
    block_means(picture.y, picture.stride_y, picture.width, picture.height, kColumns, kRows,
                blocks);
    judge_movement(blocks, now);
    judge_look(picture, blocks, now);
}

void Inspector::judge_movement(const Blocks& blocks, int64_t now) {
    bool moved = moved_ns_ == 0;
    for (size_t i = 0; i < blocks.size() && !moved; ++i)
        moved = !masked_[i] && std::abs(blocks[i] - moved_blocks_[i]) >= kMoved;
    if (moved) {
        moved_blocks_ = blocks;
        moved_ns_ = now;
    }
    frozen_.store(frozen_after_ns_ != 0 && now - moved_ns_ >= frozen_after_ns_,
                  std::memory_order_relaxed);
}

void Inspector::judge_look(const PictureView& picture, const Blocks& blocks, int64_t now) {
    Look look = Look::normal;
    if (is_black(blocks))
        look = Look::black;
    else if (is_bars(picture))
        look = Look::bars;
    else if (is_covered(picture, blocks))
        look = Look::covered;
    if (look != candidate_) {
        candidate_ = look;
        candidate_ns_ = now;
    }
    if (now - candidate_ns_ >= kLookNs) look_.store(candidate_, std::memory_order_relaxed);
}

}  // namespace bw::media
