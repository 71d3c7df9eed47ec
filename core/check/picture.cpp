// SPDX-License-Identifier: Apache-2.0
#include "core/check/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "core/base/clock.h"
#include "core/text/raster.h"

namespace bw::check {
namespace {

// Fonts of another version move an edge here and there; a digit that changed is more than this.
constexpr int kLouderThan = 24;
constexpr double kAllowedShare = 0.0005;

int refuse(const std::string& why) {
    fmt::print(stderr, "plugin picture: {}\n", why);
    return 1;
}

/// The share of pixels that look another way; more than 1: the sizes differ.
double difference(const text::Image& a, const text::Image& b) {
    if (a.width != b.width || a.height != b.height) return 2;
    size_t changed = 0;
    for (size_t i = 0; i < a.pixels.size(); ++i) {
        int most = 0;
        for (int shift = 0; shift < 24; shift += 8)
            most = std::max(most, std::abs(static_cast<int>(a.pixels[i] >> shift & 0xFF) -
                                           static_cast<int>(b.pixels[i] >> shift & 0xFF)));
        if (most > kLouderThan) ++changed;
    }
    return static_cast<double>(changed) / static_cast<double>(std::max<size_t>(1, a.pixels.size()));
}

/// The clock stands at the newest event, so that ages read alike each time.
void deliver(Trial& trial, const std::vector<events::Event>& events) {
    for (const events::Event& event : events) {
        if (const auto at = base::parse_rfc3339(event.time)) trial.wall = std::max(trial.wall, *at);
        trial.deliver(event);
    }
}

}  // namespace

int make_picture(const Subject& subject, const PictureWish& wish) {
    auto atlas = text::Atlas::view(subject.glyphs);
    if (!atlas) return refuse(atlas.error().text);
    Trial trial(subject.glyphs);
    trial.wall = 0;
    if (const auto loaded = trial.load(subject.plugin.library); !loaded)
        return refuse(loaded.error().text);
    Shown* shown = trial.show(wish.panel, wish.size, wish.language);
    if (shown == nullptr) return refuse("it makes no panel " + wish.panel);
    deliver(trial, subject.events);
    auto drawn = trial.draw(*shown);
    if (!drawn) return refuse(drawn.error().text);
    if (!*drawn) return refuse("it has nothing to show");
    const text::Image image = text::rasterize(**drawn, **atlas, static_cast<int>(wish.size.width),
                                              static_cast<int>(wish.size.height));
    if (!wish.out.empty() && !text::write_png(image, wish.out.string()))
        return refuse(wish.out.string() + " cannot be written");
    if (wish.compare.empty()) return 0;
    const auto approved = text::read_png(wish.compare.string());
    if (!approved) return refuse(wish.compare.string() + " cannot be read");
    const double share = difference(image, *approved);
    if (share > 1) return refuse("the approved picture has another size");
    fmt::print("{:.3f} % of the pixels differ (at most {:.3f} %)\n", share * 100,
               kAllowedShare * 100);
    return share <= kAllowedShare ? 0 : 1;
}

}  // namespace bw::check
