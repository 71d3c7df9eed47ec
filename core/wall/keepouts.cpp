// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/wall/geometry.h"
#include "core/wall/snap.h"

namespace bw::wall {
namespace {

// Less than this between two displays is a seam, not a strip.
constexpr double kSeamMm = 0.01;

struct Box {
    double left, top, right, bottom;
};

std::vector<Box> lit_parts(const RectMm& rect, const std::vector<config::Display>& displays) {
    std::vector<Box> parts;
    for (const config::Display& d : displays) {
        const Box part{std::max(rect.x, snap(d.x_mm)), std::max(rect.y, snap(d.y_mm)),
                       std::min(rect.x + rect.width, snap(d.x_mm + d.width_mm)),
                       std::min(rect.y + rect.height, snap(d.y_mm + d.height_mm))};
        if (part.right > part.left && part.bottom > part.top) parts.push_back(part);
    }
    return parts;
}

/// Sorted, each once; edges nearer than a seam are one.
std::vector<double> edges(std::vector<double> all) {
    std::sort(all.begin(), all.end());
    std::vector<double> out;
    for (const double edge : all)
        if (out.empty() || edge - out.back() > kSeamMm) out.push_back(edge);
    return out;
}

/// Bare cells of the raster that all edges make, joined along each row, then with the same run of
/// the row above.
std::vector<RectMm> bare(const RectMm& rect, const std::vector<Box>& lit) {
    std::vector<double> across{rect.x, rect.x + rect.width}, down{rect.y, rect.y + rect.height};
    for (const Box& box : lit) {
        across.insert(across.end(), {box.left, box.right});
        down.insert(down.end(), {box.top, box.bottom});
    }
    across = edges(std::move(across));
    down = edges(std::move(down));
    const auto shown = [&lit](double x, double y) {
        return std::any_of(lit.begin(), lit.end(), [x, y](const Box& box) {
            return x > box.left && x < box.right && y > box.top && y < box.bottom;
        });
    };
    std::vector<RectMm> out;
    for (size_t row = 0; row + 1 < down.size(); ++row) {
        const double top = down[row], height = down[row + 1] - top;
        for (size_t first = 0; first + 1 < across.size(); ++first) {
            size_t end = first;
            while (end + 1 < across.size() &&
                   !shown((across[end] + across[end + 1]) / 2, top + height / 2))
                ++end;
            if (end == first) continue;
            const RectMm run{across[first], top, across[end] - across[first], height};
            const auto above = std::find_if(out.begin(), out.end(), [&run](const RectMm& r) {
                return r.x == run.x && r.width == run.width && r.y + r.height == run.y;
            });
            if (above == out.end())
                out.push_back(run);
            else
                above->height += run.height;
            first = end;
        }
    }
    return out;
}

void add_seams(const std::vector<Box>& lit, std::vector<RectMm>& out) {
    for (const Box& a : lit)
        for (const Box& b : lit) {
            const double left = std::max(a.left, b.left), right = std::min(a.right, b.right);
            const double top = std::max(a.top, b.top), bottom = std::min(a.bottom, b.bottom);
            if (std::abs(b.left - a.right) <= kSeamMm && bottom > top)
                out.push_back({a.right, top, 0, bottom - top});
            if (std::abs(b.top - a.bottom) <= kSeamMm && right > left)
                out.push_back({left, a.bottom, right - left, 0});
        }
}

}  // namespace

std::vector<RectMm> keepouts(const RectMm& rect, const std::vector<config::Display>& displays) {
    if (rect.width <= 0 || rect.height <= 0) return {};
    const std::vector<Box> lit = lit_parts(rect, displays);
    if (lit.empty()) return {};  // nobody sees it at all
    std::vector<RectMm> out = bare(rect, lit);
    add_seams(lit, out);
    return out;
}

}  // namespace bw::wall
