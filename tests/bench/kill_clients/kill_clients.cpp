// SPDX-License-Identifier: Apache-2.0
// Clients of ours (core/events/client.h) on a hub that is killed again and again.
//     kill_clients ENDPOINT COUNT
// Each publishes numbered durable events, the next when the last was acknowledged, follows all that
// the others publish too, from a sequence, and hears its own telemetry. A line each time that one
// is whole: "whole CLIENT NS", CLOCK_MONOTONIC when the hub had greeted it, had acknowledged an
// event that was published since, had delivered it, and had delivered its newest telemetry. At the
// end of stdin they finish what is open, and say what was not as promised: "fault …", "end EVENTS".
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/client.h"

namespace {

using bw::base::mono_ns;
using bw::events::Client;
using bw::events::Event;
using bw::events::Lane;

constexpr int64_t kApartNs = 10'000'000;  // between an acknowledgement and the next event
constexpr int64_t kFinishNs = 60'000'000'000;

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "kill_clients: %s\n", why.c_str());
    std::exit(1);
}

Event event_of(const char* type, const std::string& subject, int number) {
    Event event;
    event.type = type;
    event.subject = subject;
    event.data = std::to_string(number);
    return event;
}

class One {
  public:
    One(const std::string& endpoint, int number, int count)
        : number_(number), name_("client-" + std::to_string(number)), next_(count) {
        Client::Options options;
        options.name = name_;
        options.endpoint = endpoint;
        auto opened = Client::open(std::move(options));
        if (!opened) fail(opened.error().text);
        client_ = std::move(*opened);
        client_->on_link([this](bool up) { linked(up); });
        client_->on_event([this](const Event& event, Lane, bool) { came(event); });
        client_->subscribe_since({"x.client/"}, 0);
        client_->subscribe({"x.state/" + name_});
    }
    Client& client() { return *client_; }

    void work(int64_t now, bool goes_on) {
        client_->pump();
        if (now >= due_ns_) go_on(goes_on);
        if (!whole_ && client_->up() && acknowledged_ >= first_ && heard_ >= first_ &&
            state_ == states_) {
            whole_ = true;
            std::printf("whole %d %lld\n", number_, static_cast<long long>(mono_ns()));
            std::fflush(stdout);
        }
    }
    [[nodiscard]] int64_t wake_ns() const {
        const bool waits = open_ && refused_.id.empty();
        return waits ? client_->next_wake_ns() : std::min(client_->next_wake_ns(), due_ns_);
    }
    [[nodiscard]] int published() const { return published_; }
    /// Has every event that the others have published, and no reply to wait for.
    [[nodiscard]] bool finished(const std::vector<std::unique_ptr<One>>& all) const {
        for (size_t i = 0; i < all.size(); ++i)
            if (next_[i] < all[i]->published_) return false;
        return !open_;
    }
    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

  private:
    void linked(bool up) {
        if (!up) return;
        whole_ = false;
        first_ = published_;  // the next one
        client_->publish(event_of("x.state", name_, ++states_));
    }
    // A refusal is final for the client, and for us the disk's bad moment: again, with the same id.
    void go_on(bool with_new_ones) {
        Event event = std::exchange(refused_, {});
        if (event.id.empty() && (open_ || !with_new_ones)) return;
        if (event.id.empty()) {
            event = event_of("x.client", name_, published_);
            event.id = name_ + "-" + std::to_string(published_++);
        }
        open_ = true;
        client_->publish_durable(event, [this, event](const bw::events::Reply& reply) {
            due_ns_ = mono_ns() + kApartNs;
            open_ = !reply.ok;
            if (reply.ok)
                acknowledged_ = std::atoi(event.data.c_str());
            else
                refused_ = event;
        });
    }
    void came(const Event& event) {
        const int number = std::atoi(event.data.c_str());
        if (event.type == "x.state") {
            state_ = number;
            return;
        }
        const auto who = static_cast<size_t>(std::atoi(event.subject.c_str() + sizeof("client")));
        if (who >= next_.size()) return;
        if (number != next_[who])
            faults_.push_back(name_ + " had " + event.subject + " " + std::to_string(number) +
                              " where " + std::to_string(next_[who]) + " comes");
        next_[who] = number + 1;
        if (static_cast<int>(who) == number_) heard_ = number;
    }

    const int number_;
    const std::string name_;
    std::unique_ptr<Client> client_;
    std::vector<int> next_;  // of each client: the event that comes next
    bool whole_ = true, open_ = false;
    int published_ = 0, acknowledged_ = -1, heard_ = -1, first_ = 0;
    int states_ = 0, state_ = 0;
    int64_t due_ns_ = 0;
    Event refused_;  // to be sent again; without an id: none
    std::vector<std::string> faults_;
};

using All = std::vector<std::unique_ptr<One>>;

/// Until stdin ends, or the deadline is over.
void turn(const All& all, bool goes_on, bool& ended) {
    std::vector<pollfd> waits = {{ended ? -1 : STDIN_FILENO, POLLIN, 0}};
    int64_t wake = mono_ns() + 100'000'000;
    for (const auto& one : all) {
        waits.push_back({one->client().fd(), POLLIN, 0});
        wake = std::min(wake, one->wake_ns());
    }
    const int64_t left = std::max<int64_t>(0, wake - mono_ns());
    ::poll(waits.data(), waits.size(), static_cast<int>((left + 999'999) / 1'000'000));
    for (const auto& one : all) one->work(mono_ns(), goes_on);
    char byte = 0;
    if (waits[0].revents != 0 && ::read(STDIN_FILENO, &byte, 1) <= 0) ended = true;
}

bool finished(const All& all) {
    for (const auto& one : all)
        if (!one->finished(all)) return false;
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) fail("see the first lines of kill_clients.cpp");
    bw::base::log_init("kill_clients");
    const int count = std::atoi(argv[2]);
    All all;
    for (int i = 0; i < count; ++i) all.push_back(std::make_unique<One>(argv[1], i, count));
    bool ended = false;
    while (!ended) turn(all, true, ended);
    const int64_t until = mono_ns() + kFinishNs;
    while (!finished(all) && mono_ns() < until) turn(all, false, ended);
    int published = 0;
    for (const auto& one : all) {
        published += one->published();
        for (const std::string& fault : one->faults()) std::printf("fault %s\n", fault.c_str());
    }
    if (!finished(all)) std::printf("fault events are missing, or without a reply\n");
    std::printf("end %d\n", published);
    return 0;
}
