// SPDX-License-Identifier: Apache-2.0
#include "panel_forces.h"

#include <algorithm>
#include <cmath>

namespace bw::dispatch {

using namespace bw::sdk;

namespace {

constexpr int64_t kSecond = 1'000'000'000;
// From the ground up; those who wait are not at work and are told in figures only.
constexpr std::array<size_t, 4> kOrder{3, 2, 1, 4};

Color shade(size_t state) {
    switch (state) {
        case 3:
            return token::series[0];
        case 2:
            return token::series[1];
        case 1:
            return token::series[2];
        default:
            return faded(token::series[2], 0.45f);
    }
}

double nice_top(double value) {
    double power = std::pow(10.0, std::floor(std::log10(std::max(10.0, value))));
    for (double factor : {1.0, 2.0, 4.0, 5.0, 8.0}) {
        if (factor * power >= value) return factor * power;
    }
    return 10 * power;
}

}  // namespace

bool Forces::event(const Event& event) {
    time_ns_ = event.time_ns();
    if (event.text == text_) return false;
    text_ = event.text;
    forces_ = event.data();
    return true;
}

std::vector<Forces::Step> Forces::steps() const {
    std::vector<Step> steps;
    Event end;
    std::string end_text = forces_.text("end");
    end.time = end_text;
    Json people = forces_.at("people");
    int64_t step_ns = forces_.integer("step_s", 900) * kSecond;
    for (size_t i = 0; i < people.size(); ++i) {
        Step step;
        step.time_ns = end.time_ns() - static_cast<int64_t>(people.size() - 1 - i) * step_ns;
        Json row = people.at(i);
        step.known = row.size() == step.people.size();
        for (size_t s = 0; s < row.size() && s < step.people.size(); ++s) {
            step.people[s] = row.at(s).number("");
        }
        steps.push_back(step);
    }
    return steps;
}

void Forces::draw_bars(Ui& ui, Rect area, const std::vector<Step>& steps) const {
    double top = 0;
    for (const Step& step : steps) {
        double sum = 0;
        for (size_t state : kOrder) sum += step.people[state];
        top = std::max(top, sum);
    }
    top = nice_top(top);
    float caption = ui.line(Text::caption);
    Rect axis = area.cut_bottom(caption + ui.u(6));
    area.cut_top(caption / 2);
    Rect labels =
        area.cut_left(ui.width(Text::caption, count_text(static_cast<int64_t>(top))), ui.u(8));
    for (int i = 0; i <= 4; ++i) {
        float y = area.bottom() - area.h * static_cast<float>(i) / 4;
        ui.rule({area.x, y}, {area.right(), y}, token::line);
        ui.text({labels.x, y - caption / 2, labels.w, caption}, Text::caption, token::text3,
                count_text(static_cast<int64_t>(top * i / 4)), Align::right);
    }
    float width = area.w / static_cast<float>(steps.size());
    float taken = -1e9f;
    for (size_t i = 0; i < steps.size(); ++i) {
        const Step& step = steps[i];
        float x = area.x + width * static_cast<float>(i), y = area.bottom();
        for (size_t state : kOrder) {
            float height = static_cast<float>(step.people[state] / top) * area.h;
            if (height <= 0) continue;
            ui.fill({x + width * 0.12f, y - height, width * 0.76f, height}, shade(state));
            y -= height;
        }
        if (step.time_ns % (3600 * kSecond) != 0) continue;
        std::string clock = clock_text(step.time_ns);
        float text_width = ui.width(Text::caption, clock);
        bool fits = x > taken + ui.u(10) && x + text_width <= area.right();
        if (!fits) continue;
        ui.text_at(x, axis.y + ui.u(4), Text::caption, token::text3, clock);
        taken = x + text_width;
    }
}

void Forces::draw_legend(Ui& ui, Rect area, const Step& now) const {
    float line = ui.line(Text::body) * 1.4f;
    auto entry = [&](size_t state, bool swatch) {
        Rect row = area.cut_top(line);
        Rect mark = row.cut_left(ui.u(16), ui.u(8));
        if (swatch) ui.fill({mark.x, mark.centre().y - ui.u(7), mark.w, ui.u(14)}, shade(state));
        std::string people = count_text(std::llround(now.people[state])) + (chinese() ? " 人" : "");
        ui.text(row, Text::body, token::text2, kStateWords[state].in(chinese()));
        ui.text(row, Text::body, token::text, people, Align::right);
    };
    for (auto state = kOrder.rbegin(); state != kOrder.rend(); ++state) entry(*state, true);
    ui.rule({area.x, area.y + ui.u(2)}, {area.right(), area.y + ui.u(2)}, token::line);
    area.cut_top(ui.u(4));
    entry(0, false);
}

void Forces::draw(Ui& ui) {
    Rect area = ui.bounds();
    std::vector<Step> all = steps();
    bool exercise = forces_.flag("exercise");
    std::string span;
    if (!all.empty()) {
        auto hours = forces_.integer("step_s", 900) * static_cast<int64_t>(all.size()) / 3600;
        span = (chinese() ? "近 " : "last ") + std::to_string(hours) + (chinese() ? " 小时" : " h");
    }
    ui.header(area,
              {.title = tr("力量到位", "Forces in time"),
               .scope = exercise ? tr("演练数据 · 演练时间", "exercise data, exercise time") : "",
               .count = span,
               .oldest_ns = time_ns_});
    area = area.inset(ui.u(12));
    if (all.empty()) return ui.empty(area, tr("暂无力量数据", "no forces yet"), now_ns());
    if (area.w > ui.u(420)) draw_legend(ui, area.cut_right(ui.u(170), ui.u(20)), all.back());
    draw_bars(ui, area, all);
}

}  // namespace bw::dispatch
