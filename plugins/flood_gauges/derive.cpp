// SPDX-License-Identifier: Apache-2.0
#include "derive.h"

#include <algorithm>
#include <cmath>

namespace bw::flood {
namespace {

constexpr int64_t kMinuteNs = 60'000'000'000;
constexpr int64_t kHourNs = 60 * kMinuteNs;
constexpr int64_t kKept = static_cast<int64_t>(kPoints) + 2;  // the day, and its begin

int64_t step_of(int64_t time_ns) {
    return time_ns / kStepNs;
}
double hours(int64_t ns) {
    return static_cast<double>(ns) / static_cast<double>(kHourNs);
}

}  // namespace

Verdict judge(double level_m, const std::vector<Threshold>& thresholds) {
    Verdict verdict;
    for (const Threshold& threshold : thresholds) {
        if (level_m >= threshold.level_m) {
            verdict.level = threshold.level;
            verdict.reached = &threshold;
        } else {
            verdict.next = &threshold;
            verdict.to_next_m = threshold.level_m - level_m;
            break;
        }
    }
    return verdict;
}

bool plausible(double from_m, double to_m, double hours_between) {
    if (!std::isfinite(to_m)) return false;
    double change = std::abs(to_m - from_m);
    return change <= 0.5 || change <= 20 * std::max(0.0, hours_between);
}

void History::add(int64_t time_ns, double value) {
    if (time_ns < newest_ns_ - kMinuteNs) *this = History{};
    if (time_ns < newest_ns_) return;
    newest_ns_ = time_ns;
    recent_.emplace_back(time_ns, value);
    while (recent_.front().first < time_ns - kHourNs) recent_.pop_front();

    newest_ = value;
    if (steps_.empty() || steps_.back().first != step_of(time_ns)) {
        steps_.emplace_back(step_of(time_ns), value);
    }
    while (steps_.front().first <= step_of(time_ns) - kKept) {
        steps_.pop_front();
    }
}

void History::fill(int64_t end_ns, int64_t step_ns,
                   const std::vector<std::optional<double>>& points) {
    if (step_ns <= 0 || points.empty()) return;
    if (newest_ns_ > 0 && end_ns < newest_ns_ - 24 * kHourNs) return;
    // The logger's clock began anew and no reading told us yet.
    if (newest_ns_ > 0 && end_ns < newest_ns_ - 2 * step_ns) *this = History{};
    std::deque<std::pair<int64_t, double>> merged;
    auto known = steps_.begin();
    for (size_t i = 0; i < points.size(); ++i) {
        int64_t time_ns = end_ns - static_cast<int64_t>(points.size() - 1 - i) * step_ns;
        int64_t step = step_of(time_ns);
        for (; known != steps_.end() && known->first < step; ++known) merged.push_back(*known);
        bool have = known != steps_.end() && known->first == step;
        if (have || !points[i]) continue;
        merged.emplace_back(step, *points[i]);
    }
    merged.insert(merged.end(), known, steps_.end());
    steps_ = std::move(merged);
    if (newest_ns_ < end_ns) {
        newest_ns_ = end_ns;
        if (points.back()) newest_ = *points.back();
    }
    while (!steps_.empty() && steps_.front().first <= step_of(newest_ns_) - kKept) {
        steps_.pop_front();
    }
}

std::optional<double> History::rate_per_hour() const {
    // The logger's steps of the last hour help until there are readings of our own.
    std::deque<std::pair<int64_t, double>> points = recent_;
    if (points.empty() || points.back().first - points.front().first < 30 * kMinuteNs) {
        int64_t first = points.empty() ? newest_ns_ + 1 : points.front().first;
        for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
            int64_t time_ns = step->first * kStepNs;
            if (time_ns < newest_ns_ - kHourNs - kStepNs) break;
            if (time_ns < first) points.emplace_front(time_ns, step->second);
        }
    }
    if (points.size() < 3 || points.back().first - points.front().first < 10 * kMinuteNs) {
        return std::nullopt;
    }
    double n = 0, t = 0, v = 0, tt = 0, tv = 0;
    for (const auto& [time_ns, value] : points) {
        double x = hours(time_ns - points.front().first), y = value - points.front().second;
        n += 1, t += x, v += y, tt += x * x, tv += x * y;
    }
    double spread = n * tt - t * t;
    if (spread <= 0) return std::nullopt;
    return (n * tv - t * v) / spread;
}

std::optional<double> History::value_at(int64_t time_ns) const {
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
        if (step->first > step_of(time_ns)) continue;
        if (step->first < step_of(time_ns) - 1) break;
        return step->second;
    }
    return std::nullopt;
}

int64_t History::end_ns() const {
    return steps_.empty() ? 0 : steps_.back().first * kStepNs;
}

std::vector<std::optional<double>> History::series() const {
    std::vector<std::optional<double>> points(kPoints);
    if (steps_.empty()) return points;
    int64_t last = steps_.back().first;
    for (const auto& [step, value] : steps_) {
        int64_t back = last - step;
        if (back < static_cast<int64_t>(kPoints))
            points[kPoints - 1 - static_cast<size_t>(back)] = value;
    }
    return points;
}

Forecast History::extrapolate(size_t steps) const {
    Forecast forecast;
    auto rate = rate_per_hour();
    if (!rate || steps_.empty()) return forecast;
    for (size_t i = 1; i <= steps; ++i) {
        double ahead = hours(end_ns() + static_cast<int64_t>(i) * kStepNs - newest_ns_);
        double value = newest_ + *rate * ahead;
        double band = 0.02 + 0.35 * std::abs(*rate) * ahead + 0.03 * ahead;
        forecast.points.push_back(value);
        forecast.low.push_back(value - band);
        forecast.high.push_back(value + band);
    }
    return forecast;
}

std::optional<double> storage_at(const std::vector<std::array<double, 2>>& curve, double level_m) {
    for (size_t i = 1; i < curve.size(); ++i) {
        if (level_m < curve[i - 1][0] || level_m > curve[i][0]) continue;
        double t = (level_m - curve[i - 1][0]) / (curve[i][0] - curve[i - 1][0]);
        return curve[i - 1][1] + t * (curve[i][1] - curve[i - 1][1]);
    }
    return std::nullopt;
}

}  // namespace bw::flood
