// SPDX-License-Identifier: Apache-2.0
#include "core/rules/window.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace bw::rules {

void Window::add(int64_t at_ns, const std::string& subject) {
    if (subjects_) {
        if (newest_.size() < kMax || newest_.contains(subject)) newest_[subject] = at_ns;
        return;
    }
    events_.push_back(at_ns);
    if (events_.size() > kMax) events_.pop_front();
}

void Window::forget_before(int64_t now_ns) {
    const int64_t oldest = now_ns - length_ns_;
    while (!events_.empty() && events_.front() <= oldest) events_.pop_front();
    std::erase_if(newest_, [oldest](const auto& entry) { return entry.second <= oldest; });
}

int64_t Window::next_leaves_ns() const {
    int64_t oldest = events_.empty() ? INT64_MAX : events_.front();
    for (const auto& [subject, at] : newest_) oldest = std::min(oldest, at);
    return oldest == INT64_MAX ? INT64_MAX : oldest + length_ns_;
}

nlohmann::json Window::save() const {
    return {{"events", events_}, {"subjects", newest_}};
}

void Window::restore(const nlohmann::json& saved) {
    if (subjects_)
        newest_ = saved.value("subjects", newest_);
    else
        events_ = saved.value("events", events_);
}

}  // namespace bw::rules
