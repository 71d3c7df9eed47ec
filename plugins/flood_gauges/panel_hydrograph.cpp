// SPDX-License-Identifier: Apache-2.0
#include "panel_hydrograph.h"

#include <algorithm>
#include <limits>

#include "time_text.h"

namespace bw::flood {

using namespace bw::sdk;

namespace {

constexpr int64_t kSecond = 1'000'000'000;

/// The station's own clock: the exercise's where there is one.
int64_t station_time(const Water& water) {
    int64_t time = parse_time_ns(water.state.text("exercise_time"));
    return time != 0 ? time : water.time_ns;
}

Series day_of(const Json& series, int64_t end_ns, int64_t step_ns) {
    Series line;
    size_t count = series.at("points").size();
    for (size_t i = 0; i < count; ++i) {
        double value = series.at("points").at(i).get_number().value_or(
            std::numeric_limits<double>::quiet_NaN());
        line.samples.push_back({end_ns - static_cast<int64_t>(count - 1 - i) * step_ns, value});
    }
    return line;
}

Series forecast_of(const Json& series, int64_t end_ns, int64_t step_ns, Sample now) {
    Series line;
    line.forecast = true;
    line.last_value = true;
    Json points = series.at("forecast.points");
    if (points.size() == 0) return line;
    now.low = now.high = now.value;
    line.samples.push_back(now);
    for (size_t i = 0; i < points.size(); ++i) {
        int64_t time = end_ns + static_cast<int64_t>(i + 1) * step_ns;
        if (time <= now.time_ns) continue;
        line.samples.push_back({time, points.at(i).number(""),
                                series.at("forecast.low").at(i).number(""),
                                series.at("forecast.high").at(i).number("")});
    }
    return line;
}

}  // namespace

void Hydrograph::start() {
    WaterPanel::start();
    subscribe(std::string(kSeries) + "/gauge/");
}

bool Hydrograph::event(const Event& event) {
    if (event.type == kSeries) {
        series_.put(event, [&] { return event.data(); });
        return shown_.empty() || event.id() == shown_;
    }
    bool news = WaterPanel::event(event);
    if (!news || event.id() == shown_ || shown_.empty() || event.type == kStation) return news;
    // Another station's news matters if it takes the lead.
    auto all = waters();
    const Water* now = chosen(all);
    return now == nullptr || now->id != shown_;
}

const Water* Hydrograph::chosen(const std::vector<Water>& all) const {
    std::string wanted = settings().text("station", "leading");
    if (wanted == "leading") return all.empty() ? nullptr : &all.front();
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const Water& water) { return water.id == wanted; });
    return found == all.end() ? nullptr : &*found;
}

Plot Hydrograph::plot(const Water& water) const {
    Plot plot;
    plot.unit = "m";
    plot.empty = tr("暂无过程数据", "no readings yet");
    water.station.each("thresholds", [&](const Json& threshold) {
        double level = threshold.number("level_m");
        plot.thresholds.push_back(
            {threshold.text_in("name", language()) + " " + number_text(level, 2), level,
             static_cast<Level>(threshold.integer("level"))});
    });
    auto level = water.state.get_number("level_m");
    Sample now{station_time(water), level.value_or(0)};
    const auto* entry = series_.find(water.id);
    if (entry == nullptr || !level) {
        if (level) plot.series.push_back({.name = "", .samples = {now}});
        return plot;
    }
    const Json& series = entry->value;
    int64_t end = parse_time_ns(series.text("end")), step = series.integer("step_s", 900) * kSecond;
    Series day = day_of(series, end, step);
    if (now.time_ns > end && now.time_ns < end + 4 * step) day.samples.push_back(now);
    Sample last = day.samples.empty() ? now : day.samples.back();
    plot.series.push_back(std::move(day));
    plot.series.push_back(forecast_of(series, end, step, last));
    plot.series.back().name = tr("外推", "extrap.");  // a line drawn on, no hydrological forecast
    plot.from_ns = end - 24 * 3600 * kSecond;
    plot.to_ns = end + 13 * step;
    plot.now_ns = last.time_ns;
    return plot;
}

void Hydrograph::draw_figures(Ui& ui, const Rect& area, const Water& water) const {
    auto level = water.state.get_number("level_m");
    std::string value = level ? number_text(*level, 2) : "–";
    std::string word = level_word(water), note = distance(water), speed = rate(water);
    Rect rest = ui.clear(area);  // across displays the plot goes on, the figures stay on one
    float line = ui.line(Text::body) * 1.3f;
    Rect facts = rest.cut_bottom(2 * line);
    ui.big_number(rest, {.value = value,
                         .unit = "m",
                         .label = tr("水位", "level"),
                         .trend = trend(water),
                         .note = note,
                         .level = water.level(),
                         .level_word = word});
    auto fact = [&](std::string_view label, const std::string& text) {
        Rect row = facts.cut_top(line);
        ui.text(row, Text::body, token::text2, label);
        ui.text(row, Text::body, token::text, text, Align::right);
    };
    fact(tr("涨落", "change"), speed.empty() ? "–" : speed);
    auto flow = water.state.get_number("flow_m3s");
    fact(tr("流量", "flow"), flow ? number_text(*flow, 0) + " m³/s" : "–");
}

void Hydrograph::draw(Ui& ui) {
    Rect area = ui.bounds();
    std::vector<Water> all = waters();
    const Water* water = chosen(all);
    shown_ = water == nullptr ? "" : water->id;
    std::string title = water == nullptr ? std::string(tr("过程线", "Hydrograph")) : name(*water);
    std::string method;
    if (const auto* series = series_.find(shown_);
        series != nullptr && series->value.has("forecast")) {
        method = (chinese() ? "预报：" : "forecast: ") +
                 series->value.text_in("forecast.method", language());
    }
    std::string where = scope();
    if (water != nullptr && water->state.has("exercise_time")) {
        where +=
            (chinese() ? " · 演练时间 " : ", exercise time ") + clock_text(station_time(*water));
    }
    ui.header(area, {.title = title,
                     .scope = where,
                     .count = method,
                     .oldest_ns = water == nullptr ? 0 : water->time_ns});
    area = area.inset(ui.u(12));
    if (water == nullptr) return ui.empty(area, tr("暂无站点数据", "no stations"), now_ns());
    if (area.w > ui.u(560) && area.h > ui.u(170)) {
        draw_figures(ui, area.cut_left(ui.u(270), ui.u(24)), *water);
    }
    ui.plot(area, plot(*water));
}

}  // namespace bw::flood
