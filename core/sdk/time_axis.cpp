// SPDX-License-Identifier: Apache-2.0
#include "time_axis.h"

#include <algorithm>
#include <array>

namespace bw::sdk {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kHour = 3600 * kSecond;
constexpr int64_t kDay = 24 * kHour;

int64_t time_step(const TimeScale& scale, float label_width) {
    constexpr std::array<int64_t, 11> kSteps{kHour / 12, kHour / 4, kHour / 2, kHour,
                                             2 * kHour,  3 * kHour, 6 * kHour, 12 * kHour,
                                             kDay,       2 * kDay,  7 * kDay};
    double per_pixel = double(scale.to - scale.from) / scale.area.w;
    for (int64_t step : kSteps) {
        if (double(step) >= per_pixel * label_width * 1.5) return step;
    }
    return 30 * kDay;
}

}  // namespace

void draw_time_axis(Ui& ui, const TimeScale& scale, float y) {
    int64_t step = time_step(scale, ui.width(Text::caption, "00:00"));
    const int64_t hall = int64_t{hall_offset_s()} * 1'000'000'000;
    int64_t first = ((scale.from + hall) / step + 1) * step - hall;
    float taken = -1e9f;
    for (int64_t t = first; t <= scale.to; t += step) {
        float x = scale.x(t);
        bool day = (t + hall) % kDay == 0;
        ui.rule({x, scale.area.y}, {x, scale.area.bottom()},
                day ? token::text3 : faded(token::line, 0.7f));
        std::string label = day ? date_clock_text(t).substr(0, 5) : clock_text(t);
        float width = ui.width(Text::caption, label);
        float left = std::clamp(x - width / 2, scale.area.x, scale.area.right() - width);
        const Rect place = moved_off({left, y, width, ui.line(Text::caption)}, ui.keepouts());
        if (place.x < taken + ui.u(6)) continue;
        ui.text_at(place.x, place.y, Text::caption, day ? token::text2 : token::text3, label);
        taken = place.right();
    }
}

}  // namespace bw::sdk
