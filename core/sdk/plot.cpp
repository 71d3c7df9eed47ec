// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/plot.h"

#include <algorithm>
#include <cmath>

#include "frame.h"
#include "time_axis.h"

namespace bw::sdk {
namespace {

/// Values to pixels.
struct Scale : TimeScale {
    double low = 0, high = 1;

    [[nodiscard]] float y(double value) const {
        return area.bottom() - static_cast<float>((value - low) / (high - low)) * area.h;
    }
};

void widen(double& low, double& high, double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
}

bool find_ranges(const Plot& plot, Scale& scale) {
    int64_t from = std::numeric_limits<int64_t>::max(), to = std::numeric_limits<int64_t>::min();
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Series& series : plot.series) {
        for (const Sample& sample : series.samples) {
            from = std::min(from, sample.time_ns);
            to = std::max(to, sample.time_ns);
            for (double value : {sample.value, sample.low, sample.high}) widen(low, high, value);
        }
    }
    if (plot.to_ns > plot.from_ns) {
        from = plot.from_ns;
        to = plot.to_ns;
    }
    if (to <= from || !std::isfinite(low)) return false;
    for (const Threshold& threshold : plot.thresholds) widen(low, high, threshold.value);
    double room = high > low ? (high - low) * 0.08 : std::max(0.5, std::fabs(high) * 0.01);
    scale.low = std::isfinite(plot.minimum) ? plot.minimum : low - room;
    scale.high = std::isfinite(plot.maximum) ? plot.maximum : high + room;
    scale.from = from;
    scale.to = to;
    return scale.high > scale.low;
}

double nice_step(double span, int ticks) {
    double raw = span / ticks, power = std::pow(10.0, std::floor(std::log10(raw)));
    for (double factor : {1.0, 2.0, 2.5, 5.0}) {
        if (factor * power >= raw) return factor * power;
    }
    return 10 * power;
}

std::vector<double> value_ticks(const Scale& scale, float line) {
    int wanted = std::clamp(static_cast<int>(scale.area.h / (line * 2.5f)), 2, 6);
    double step = nice_step(scale.high - scale.low, wanted);
    std::vector<double> ticks;
    for (double v = std::ceil(scale.low / step) * step; v <= scale.high; v += step)
        ticks.push_back(v);
    return ticks;
}

void draw_value_axis(Ui& ui, const Scale& scale, const std::vector<double>& ticks, int decimals,
                     float left, float width) {
    float line = ui.line(Text::caption);
    for (double value : ticks) {
        float y = scale.y(value);
        ui.rule({scale.area.x, y}, {scale.area.right(), y}, faded(token::line, 0.7f));
        float top =
            std::clamp(y - line / 2, scale.area.y - line / 2, scale.area.bottom() - line / 2);
        ui.text(moved_off({left, top, width, line}, ui.keepouts()), Text::caption, token::text3,
                number_text(value, decimals), Align::right);
    }
}

/// Runs of samples without a gap.
std::vector<std::vector<Sample>> runs_of(const Series& series) {
    std::vector<std::vector<Sample>> runs;
    const Sample* before = nullptr;
    for (const Sample& sample : series.samples) {
        if (!std::isfinite(sample.value)) {
            before = nullptr;
            continue;
        }
        bool gap = before == nullptr ||
                   (series.max_gap_ns > 0 && sample.time_ns - before->time_ns > series.max_gap_ns);
        if (gap) runs.emplace_back();
        runs.back().push_back(sample);
        before = &sample;
    }
    return runs;
}

void draw_band(Ui& ui, const Scale& scale, const std::vector<Sample>& run, Color color) {
    std::vector<Point> outline;
    for (const Sample& s : run) {
        if (std::isfinite(s.high)) outline.push_back({scale.x(s.time_ns), scale.y(s.high)});
    }
    for (auto s = run.rbegin(); s != run.rend(); ++s) {
        if (std::isfinite(s->low)) outline.push_back({scale.x(s->time_ns), scale.y(s->low)});
    }
    if (outline.size() > 3) ui.polygon(outline, faded(color, 0.16f));
}

void draw_series(Ui& ui, const Scale& scale, const Series& series, float thickness) {
    Color color = token::series[std::clamp(series.shade, 0, 2)];
    if (series.forecast) color = faded(color, 0.75f);
    for (const std::vector<Sample>& run : runs_of(series)) {
        draw_band(ui, scale, run, color);
        std::vector<Point> points;
        for (const Sample& s : run) points.push_back({scale.x(s.time_ns), scale.y(s.value)});
        if (points.size() == 1) ui.symbol(points[0], Shape::circle, 4, color);
        ui.polyline(points, color, thickness, series.forecast || series.shade == 1);
    }
}

/// Labels at one edge, pushed apart downwards and kept inside.
struct Labels {
    struct Label {
        float y;
        std::string text;
        Color color;
    };
    std::vector<Label> labels;

    void spread(const Rect& area, float line) {
        std::sort(labels.begin(), labels.end(),
                  [](const Label& a, const Label& b) { return a.y < b.y; });
        float next = area.y;
        for (Label& label : labels) next = (label.y = std::max(label.y, next)) + line;
        float limit = area.bottom();
        for (auto label = labels.rbegin(); label != labels.rend(); ++label)
            limit = label->y = std::min(label->y, limit - line);
    }
};

void draw_thresholds(Ui& ui, const Scale& scale, const Plot& plot) {
    float line = ui.line(Text::caption);
    Labels labels;
    for (const Threshold& threshold : plot.thresholds) {
        if (threshold.value < scale.low || threshold.value > scale.high) continue;
        float y = scale.y(threshold.value);
        Color color = level_color(threshold.level);
        ui.polyline({{scale.area.x, y}, {scale.area.right(), y}}, color, 1, true);
        labels.labels.push_back({y - line, threshold.label, color});
    }
    labels.spread(scale.area, line);
    const float room = scale.area.w - ui.u(12);
    for (const Labels::Label& label : labels.labels) {
        const float wide = std::min(room, ui.width(Text::caption, label.text) + 1);
        ui.text(moved_off({scale.area.x + ui.u(6), label.y, wide, line}, ui.keepouts()),
                Text::caption, label.color, label.text);
    }
}

void draw_now(Ui& ui, const Scale& scale, int64_t now) {
    if (now <= scale.from || now >= scale.to) return;
    float x = scale.x(now);
    ui.polyline({{x, scale.area.y}, {x, scale.area.bottom()}}, token::text3, 1, true);
    std::string_view word = ui.tr("现在", "now");
    float width = ui.width(Text::caption, word);
    float left = std::min(x + ui.u(4), scale.area.right() - width);
    const float line = ui.line(Text::caption);
    const Rect place = moved_off({left, scale.area.bottom() - line, width, line}, ui.keepouts());
    ui.text_at(place.x, place.y, Text::caption, token::text3, word);
}

/// The last value of each series that wants it, as written at its line's end.
Labels last_values(const Plot& plot) {
    Labels labels;
    for (const Series& series : plot.series) {
        if (!series.last_value || series.samples.empty()) continue;
        const Sample& last = series.samples.back();
        if (!std::isfinite(last.value)) continue;
        std::string text = number_text(last.value, plot.decimals);
        if (!plot.unit.empty()) text += " " + plot.unit;
        if (series.forecast && !series.name.empty()) text = series.name + " " + text;
        labels.labels.push_back({0, text, series.forecast ? token::text2 : token::text});
    }
    return labels;
}

void draw_last_values(Ui& ui, const Scale& scale, const Plot& plot, Labels labels) {
    float line = ui.line(Text::body);
    size_t i = 0;
    for (const Series& series : plot.series) {
        if (!series.last_value || series.samples.empty()) continue;
        const Sample& last = series.samples.back();
        if (!std::isfinite(last.value)) continue;
        Point end{scale.x(last.time_ns), scale.y(last.value)};
        if (end.x <= scale.area.right() + 1) ui.symbol(end, Shape::circle, 6, token::text);
        labels.labels[i++].y = end.y - line / 2;
    }
    labels.spread(scale.area, line);
    for (const Labels::Label& label : labels.labels) {
        const Rect place = moved_off(
            {scale.area.right() + ui.u(8), label.y, ui.width(Text::body, label.text), line},
            ui.keepouts());
        ui.text_at(place.x, place.y, Text::body, label.color, label.text);
    }
}

int axis_decimals(const std::vector<double>& ticks, int most) {
    if (ticks.size() < 2) return most;
    double step = ticks[1] - ticks[0];
    for (int decimals = 0; decimals < most; ++decimals) {
        double scaled = step * std::pow(10.0, decimals);
        if (std::fabs(scaled - std::round(scaled)) < 1e-6) return decimals;
    }
    return most;
}

}  // namespace

void Ui::plot(const Rect& area, const Plot& plot) {
    Scale scale;
    if (area.w < 8 || area.h < 8) return;
    if (!find_ranges(plot, scale)) return empty(area, plot.empty);
    Rect inner = area;
    Labels ends = last_values(plot);
    float end_width = 0;
    for (const Labels::Label& label : ends.labels)
        end_width = std::max(end_width, width(Text::body, label.text));
    if (end_width > 0) inner.cut_right(end_width + u(10));
    if (plot.axes) {
        float caption = line(Text::caption);
        Rect bottom = inner.cut_bottom(caption + u(4));
        inner.cut_top(caption / 2);
        scale.area = inner;
        std::vector<double> ticks = value_ticks(scale, caption);
        int decimals = axis_decimals(ticks, plot.decimals);
        float label_width = 0;
        for (double value : ticks)
            label_width = std::max(label_width, width(Text::caption, number_text(value, decimals)));
        Rect left = inner.cut_left(label_width, u(8));
        scale.area = inner;
        draw_time_axis(*this, scale, bottom.y + u(4));
        draw_value_axis(*this, scale, ticks, decimals, left.x, left.w);
    }
    scale.area = inner;
    clipped(inner.inset(-u(3)), [&] {
        for (const Series& series : plot.series)
            draw_series(*this, scale, series, plot.axes ? 2.0f : 1.5f);
    });
    draw_thresholds(*this, scale, plot);
    if (plot.now_ns != 0) draw_now(*this, scale, plot.now_ns);
    draw_last_values(*this, scale, plot, std::move(ends));
}

}  // namespace bw::sdk
