// SPDX-License-Identifier: Apache-2.0
// Timelines: spans stand where their times are, labels beside each other, in the hall's clock.
#include <beaconwall/sdk/tokens.h>
#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "sdk_panel.h"

namespace bw::test {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kHour = 3600ll * 1'000'000'000;

struct Quad {
    float x0, y0, x1, y1;
    uint32_t rgba;
    bool letter;
    [[nodiscard]] float area() const { return (x1 - x0) * (y1 - y0); }
};

/// Rectangles and letters, in the order in which they were drawn.
std::vector<Quad> quads(const Drawn& drawn, const text::Atlas& atlas) {
    std::vector<Quad> out;
    for (size_t i = 0; i + 5 < drawn.indices.size(); i += 3) {
        const uint32_t* index = &drawn.indices[i];
        if (index[0] != index[3] || index[2] != index[4]) continue;  // two triangles of one
        const bw_vertex_t &a = drawn.vertices[index[0]], &c = drawn.vertices[index[2]];
        const bool letter = a.u != atlas.white_u() || a.v != atlas.white_v();
        out.push_back({a.x, a.y, c.x, c.y, a.rgba, letter});
    }
    return out;
}

class TimelinePanel : public SdkPanel {
  protected:
    std::vector<Quad> drawn_quads(const char* id, uint32_t width, uint32_t height,
                                  const char* language, const char* settings = "{}") {
        bw_panel_t* panel = host_.create(id);
        host_.configure(panel, width, height, 1, language, settings);
        const Drawn drawn = draw(panel, width, height);
        panel->destroy(panel);
        return quads(drawn, host_.atlas());
    }
};

/// Letters of one word may touch; a quarter of one on another is writing over writing.
size_t overlaps(const std::vector<Quad>& all) {
    size_t found = 0;
    for (size_t i = 0; i < all.size(); ++i)
        for (size_t k = i + 1; k < all.size(); ++k) {
            if (!all[i].letter || !all[k].letter) continue;
            const float w = std::min(all[i].x1, all[k].x1) - std::max(all[i].x0, all[k].x0);
            const float h = std::min(all[i].y1, all[k].y1) - std::max(all[i].y0, all[k].y0);
            if (w > 0 && h > 0 && w * h > 0.25f * std::min(all[i].area(), all[k].area())) ++found;
        }
    return found;
}

TEST_F(TimelinePanel, NothingIsWrittenOverAnythingElse) {
    for (const char* id : {"times", "alarms"})
        for (const auto& [width, height] :
             {std::pair{860u, 480u}, {640u, 360u}, {430u, 240u}, {300u, 170u}, {1280u, 300u}})
            for (const char* language : {"zh", "en"}) {
                const auto all = drawn_quads(id, width, height, language);
                EXPECT_GT(
                    std::count_if(all.begin(), all.end(), [](const Quad& q) { return q.letter; }),
                    8)
                    << id << width;
                EXPECT_EQ(overlaps(all), 0u)
                    << id << " " << language << " at " << width << "x" << height;
            }
}

/// Hours from now of the gallery's axis, which goes from −6 to +3 and ends at the panel's margin.
struct Axis {
    float now, right;
    [[nodiscard]] double hours(float x) const {
        return std::round(double(x - now) / double(right - now) * 3 * 10) / 10;
    }
};

Axis axis_of(const std::vector<Quad>& all) {
    for (const Quad& q : all)
        if (!q.letter && q.rgba == sdk::token::text && q.y1 - q.y0 > 200 && q.x1 - q.x0 < 4)
            return {q.x0, kWidth - 16.0f};
    return {};
}

std::multiset<std::pair<double, double>> spans_of(const std::vector<Quad>& all, uint32_t color) {
    const Axis axis = axis_of(all);
    std::multiset<std::pair<double, double>> spans;
    for (const Quad& q : all)
        if (!q.letter && q.rgba == sdk::faded(color, 0.3f))
            spans.insert({axis.hours(q.x0), axis.hours(q.x1)});
    return spans;
}

TEST_F(TimelinePanel, SpansStandWhereTheirTimesAreAndPausesStayEmpty) {
    const auto all = drawn_quads("times", kWidth, kHeight, "zh");
    ASSERT_GT(axis_of(all).now, 0);
    // What began before the axis is cut by it, what goes on ends now; what is planned, and what
    // nobody knows, is not filled.
    EXPECT_THAT(spans_of(all, sdk::token::series[1]),
                ElementsAre(std::pair(-6.0, -5.2), std::pair(-5.2, -4.6), std::pair(-5.0, -4.0),
                            std::pair(-3.0, -0.5), std::pair(-2.0, -1.0), std::pair(-1.1, 0.0)));
    EXPECT_THAT(spans_of(all, sdk::token::orange), ElementsAre(std::pair(-4.6, -1.1)));
    EXPECT_THAT(spans_of(all, sdk::token::yellow), ElementsAre(std::pair(-3.9, -3.7)));
}

TEST_F(TimelinePanel, IsWrittenInTheHallsClock) {
    const Image eight = draw_once("times").image;
    host_.utc_offset_s = 0;
    EXPECT_NE(draw_once("times").image.pixels, eight.pixels);
    host_.wall_ns += 8 * kHour;  // four in the afternoon there, too
    EXPECT_EQ(draw_once("times").image.pixels, eight.pixels);
    host_.utc_offset_s = 5 * 3600 + 1800;  // where hours begin half an hour later
    host_.wall_ns -= 5 * kHour + kHour / 2;
    EXPECT_EQ(draw_once("times").image.pixels, eight.pixels);
}

TEST_F(TimelinePanel, NothingIsWrittenOnTheLineAtNow) {
    for (const char* language : {"zh", "en"}) {
        const auto all = drawn_quads("times", kWidth, kHeight, language);
        const float now = axis_of(all).now;
        ASSERT_GT(now, 0);
        for (const Quad& q : all) {
            const bool in_rows = q.y0 > 90 && q.y1 < 440;
            EXPECT_FALSE(q.letter && in_rows && q.x0 < now + 2 && q.x1 > now) << language;
        }
    }
}

TEST_F(TimelinePanel, NowMovesByItself) {
    const Drawn drawn = draw_once("times");
    const double seconds = static_cast<double>(drawn.next_draw_ns - host_.mono_ns) / 1e9;
    EXPECT_GT(seconds, 30);  // nine hours on some seven hundred pixels
    EXPECT_LT(seconds, 61);
}

TEST_F(TimelinePanel, RowsThatDoNotFitStandOnPages) {
    const char* more = R"({"more": 9})";
    const auto first = drawn_quads("times", kWidth, kHeight, "zh", more);
    EXPECT_EQ(overlaps(first), 0u);
    host_.wall_ns += 12'000'000'000;
    const auto second = drawn_quads("times", kWidth, kHeight, "zh", more);
    EXPECT_NE(spans_of(first, sdk::token::series[1]), spans_of(second, sdk::token::series[1]));
}

TEST_F(TimelinePanel, WithoutRowsItSaysSo) {
    const auto all = drawn_quads("times", kWidth, kHeight, "zh", R"({"none": true})");
    const auto body =
        std::count_if(all.begin(), all.end(), [](const Quad& q) { return q.letter && q.y0 > 60; });
    EXPECT_EQ(body, 4);  // 尚无行动
}

}  // namespace
}  // namespace bw::test
