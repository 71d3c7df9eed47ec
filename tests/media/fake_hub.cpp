// SPDX-License-Identifier: Apache-2.0
#include "tests/media/fake_hub.h"

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace bw::media::testing {

using nlohmann::json;

namespace {

events::Socket bound(const std::string& endpoint) {
    auto socket = events::Socket::make(events::Socket::Kind::router);
    if (!socket || !socket->bind(endpoint)) std::abort();
    return std::move(*socket);
}

events::Event made(const std::string& type, const std::string& subject, const std::string& data) {
    events::Event event;
    event.id = base::random_uuid();
    event.source = "hub";
    event.type = type;
    event.subject = subject;
    event.time = event.recordedtime = base::rfc3339(base::wall_ns());
    event.data = data;
    return event;
}

}  // namespace

FakeHub::FakeHub(const std::string& endpoint) : socket_(bound(endpoint)) {}

void FakeHub::pump() {
    if (hangs_) return;
    events::Frames frames;
    while (socket_.receive(frames)) handle(frames);
    const int64_t now = base::mono_ns();
    if (peer_.empty() || now - beat_ns_ < 500 * base::kMillisecond) return;
    beat_ns_ = now;
    const json beat = {{"wall_ns", base::wall_ns()}, {"mono_ns", now}, {"sequence", 0}, {"n", n_}};
    socket_.send_to(peer_, {"beat", beat.dump()});
}

void FakeHub::handle(const events::Frames& frames) {
    if (frames.size() < 3) return;
    const std::string& verb = frames[1];
    const json body = json::parse(frames[2], nullptr, false);
    if (verb == "hello") {
        peer_ = frames[0];
        name_ = body.value("name", "");
        n_ = 0;
        const json reply = {{"id", body.value("id", "")}, {"ok", true}, {"session", "trial"}};
        socket_.send_to(peer_, {"reply", reply.dump()});
    } else if (verb == "subscribe") {
        for (const auto& [key, event] : records_) deliver(event, true);
    } else if (verb == "publish" && body.contains("event")) {
        auto event = events::parse_event(body["event"].dump());
        if (event) heard_.push_back(std::move(*event));
    }
}

void FakeHub::deliver(const events::Event& event, bool replayed) {
    auto frames =
        events::encode_delivery(events::Lane::telemetry, replayed, 0, ++n_, events::to_json(event));
    socket_.send_to(peer_, frames);
}

void FakeHub::record(const std::string& type, const std::string& subject, const std::string& data) {
    const auto event = made(type, subject, data);
    records_[type + "/" + subject] = event;
    if (greeted()) deliver(event, false);
}

void FakeHub::send(const std::string& type, const std::string& subject, const std::string& data) {
    if (greeted()) deliver(made(type, subject, data), false);
}

std::string FakeHub::newest(const std::string& type, const std::string& subject) const {
    for (auto it = heard_.rbegin(); it != heard_.rend(); ++it)
        if (it->type == type && it->subject == subject) return it->data;
    return {};
}

}  // namespace bw::media::testing
