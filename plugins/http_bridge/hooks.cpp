// SPDX-License-Identifier: Apache-2.0
#include "hooks.h"

#include <fmt/format.h>

#include <algorithm>

namespace bw::http_bridge {
namespace {

constexpr int64_t kFirstRestMs = 500, kLongestRestMs = 60'000;
constexpr size_t kMostSubjects = 4096, kWindow = 32;

std::string feed_name(const Hook& hook) {
    uint32_t hash = 2166136261U;  // FNV-1a
    for (const std::string& part : {hook.type, hook.subject, hook.url})
        for (const char c : part + '\n') hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return fmt::format("out-{:08x}", hash);
}

bool begins(const std::string& text, const std::string& with) {
    return text.compare(0, with.size(), with) == 0;
}

/// It says that this event will never be taken; everything else may pass.
bool for_good(int status) {
    return status == 400 || status == 413 || status == 415 || status == 422;
}

}  // namespace

HookLine::HookLine(sdk::Service& service, const Hook& hook, Web& web, sdk::Tally& tally)
    : service_(service), hook_(hook), web_(web), tally_(tally) {
    if (hook_.durable) {
        feed_ = std::make_unique<sdk::DurableFeed>(
            service_,
            sdk::DurableFeed::Options{feed_name(hook_), hook_.type, hook_.subject, kWindow},
            [this](const events::Event& event, Done done) {
                if (!covers(event)) return done();
                durable_.emplace_back(event, std::move(done));
                next();
            });
        return;
    }
    service_.wire().on_event([this](const events::Event& event, events::Lane, bool) {
        if (covers(event)) newest(event);
    });
    const bool open = hook_.type.back() == '.';
    service_.wire().subscribe({open ? hook_.type : hook_.type + "/" + hook_.subject});
}

// What came in here does not go out here: two bridges would play for ever. Exercises and replays
// have no way out.
bool HookLine::covers(const events::Event& event) const {
    const bool open = hook_.type.back() == '.';
    return event.space == "live" && event.source != "service:" + service_.name() &&
           (open ? begins(event.type, hook_.type) : event.type == hook_.type) &&
           begins(event.subject, hook_.subject);
}

void HookLine::newest(const events::Event& event) {
    const std::string key = event.type + '\n' + event.subject;
    if (newest_.size() >= kMostSubjects && !newest_.contains(key))
        return tally_.fault(sdk::Tally::kDropped, hook_.url, "4096 subjects wait already");
    newest_[key] = event;
    next();
}

void HookLine::next() {
    if (busy_ || waiting() == 0) return;
    busy_ = true;
    if (durable_.empty()) {
        in_hand_ = std::move(newest_.begin()->second);
        newest_.erase(newest_.begin());
    }
    const events::Event& event = durable_.empty() ? in_hand_ : durable_.front().first;
    tally_.count(sdk::Tally::kSent);
    web_.send(hook_, request_of(event, hook_.binary),
              [&service = service_, weak = std::weak_ptr<HookLine*>(alive_)](Answer answer) {
                  service.post([weak, answer] {
                      if (const auto self = weak.lock()) (*self)->answered(answer);
                  });
              });
}

void HookLine::answered(const Answer& answer) {
    if (answer.status >= 200 && answer.status < 300) {
        tally_.count(sdk::Tally::kAcknowledged);
        return over();
    }
    const events::Event& event = durable_.empty() ? in_hand_ : durable_.front().first;
    if (for_good(answer.status)) {
        tally_.fault(sdk::Tally::kUnsendable, hook_.url,
                     fmt::format("{} {} is refused: {}", event.type, event.subject, answer.text));
        return over();
    }
    const int64_t ms = again_ms(answer);
    tally_.fault(sdk::Tally::kFailed, hook_.url,
                 fmt::format("{}; again in {:.1f} s", answer.text, static_cast<double>(ms) / 1e3));
    if (durable_.empty()) {
        // A newer value may have come meanwhile: that one goes.
        const std::string key = in_hand_.type + '\n' + in_hand_.subject;
        newest_.emplace(key, std::move(in_hand_));
    }
    service_.after(ms, [weak = std::weak_ptr<HookLine*>(alive_)] {
        const auto self = weak.lock();
        if (!self) return;
        (*self)->busy_ = false;
        (*self)->next();
    });
}

void HookLine::over() {
    failures_ = 0;
    busy_ = false;
    if (!durable_.empty()) {
        const Done done = std::move(durable_.front().second);
        durable_.pop_front();
        done();
    }
    next();
}

int64_t HookLine::again_ms(const Answer& answer) {
    const int64_t most = std::min(kLongestRestMs, kFirstRestMs << std::min(failures_++, 10));
    const int64_t own =
        most / 2 + static_cast<int64_t>(random_() % static_cast<uint64_t>(most / 2 + 1));
    return std::max(own, answer.retry_after_s * 1000);
}

}  // namespace bw::http_bridge
