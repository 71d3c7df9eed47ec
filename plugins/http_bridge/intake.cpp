// SPDX-License-Identifier: Apache-2.0
#include "intake.h"

#include <beaconwall/service/clock.h>
#include <fmt/format.h>

#include <algorithm>

namespace bw::http_bridge {
namespace {

constexpr int64_t kAnswerNs = 10 * base::kSecond, kLookMs = 200;

/// What the sender can do about it decides.
Answer answer_of(const events::Reply& reply) {
    if (reply.ok) return {204, {}, 0};
    if (reply.code == "refused") return {403, reply.text, 0};
    if (reply.code == "system" || reply.code == "timeout" || reply.code == "full")
        return {429, reply.text, 5};
    return {400, reply.text, 0};
}

}  // namespace

Intake::Intake(sdk::Service& service, bool durable, sdk::Tally& tally)
    : service_(service), durable_(durable), tally_(tally) {
    service_.every(kLookMs, [this] { give_up(); });
}

void Intake::take(std::vector<events::Event> events, Respond respond) {
    tally_.count(sdk::Tally::kReceived);
    if (durable_ && !service_.wire().up()) {
        tally_.count(sdk::Tally::kLeft);
        return respond({429, "the hub is away; try again", 2});
    }
    if (!durable_ || events.empty()) {
        tally_.count(sdk::Tally::kPublished, events.size());
        for (events::Event& event : events) service_.wire().publish(std::move(event));
        return respond({events.empty() ? 204 : 202, {}, 0});
    }
    const auto waiting = std::make_shared<Waiting>();
    waiting->respond = std::move(respond);
    waiting->open = waiting->number = events.size();
    waiting->until_ns = base::mono_ns() + kAnswerNs;
    waiting_.push_back(waiting);
    for (size_t i = 0; i < events.size(); ++i)
        service_.wire().publish_durable(
            std::move(events[i]),
            [this, waiting, i](const events::Reply& reply) { kept(waiting, i, reply); });
}

void Intake::kept(const Shared& waiting, size_t index, const events::Reply& reply) {
    if (reply.ok) tally_.count(sdk::Tally::kPublished);
    Answer answer_to = answer_of(reply);
    if (!reply.ok && answer_to.status != 429)
        tally_.fault(sdk::Tally::kRefused, "the hub refused", reply.text);
    if (!reply.ok && waiting->number > 1)
        answer_to.text = fmt::format("event {} of the batch: {}", index + 1, answer_to.text);
    // What can be tried again waits behind what cannot: the sender has to know of the latter.
    const bool worse =
        waiting->worst.status == 204 || (waiting->worst.status == 429 && answer_to.status != 204);
    if (!reply.ok && worse) waiting->worst = std::move(answer_to);
    if (--waiting->open == 0) answer(waiting, waiting->worst);
}

void Intake::answer(const Shared& waiting, Answer answer_to) {
    waiting_.remove(waiting);
    if (std::exchange(waiting->answered, true)) return;
    if (answer_to.status == 429) tally_.count(sdk::Tally::kLeft);
    waiting->respond(std::move(answer_to));
}

// The wire's client goes on and sends it to the next hub; the sender, who does, too, has the same
// id, and the hub keeps it once.
void Intake::give_up() {
    const int64_t now = base::mono_ns();
    while (!waiting_.empty() && waiting_.front()->until_ns <= now)
        answer(Shared(waiting_.front()), {429, "the hub does not answer; try again", 5});
}

}  // namespace bw::http_bridge
