// SPDX-License-Identifier: Apache-2.0
#include "core/sdk/service/durable_feed.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/log.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/events/json.h"

namespace bw::sdk {
namespace {

using nlohmann::json;

constexpr int64_t kAnswerMs = 5000, kAgainMs = 1000, kRememberMs = 200;

/// Commands stand in the journal with their reply.
bool is_command(const json& event) {
    const auto reply = event.find("reply");
    json body;
    return reply != event.end() && reply->is_string() &&
           events::read_json(reply->get_ref<const std::string&>(), body) && body.contains("ok");
}

/// Whole or not at all, also when the power fails.
bool write_whole(const std::filesystem::path& file, const std::string& text) {
    const std::string next = file.string() + ".new";
    const base::UniqueFd out(open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    const auto size = static_cast<ssize_t>(text.size());
    return out.valid() && write(out.get(), text.data(), text.size()) == size &&
           fsync(out.get()) == 0 && rename(next.c_str(), file.c_str()) == 0;
}

/// How far it was; nothing: there is no such file. One that has no sequence in it says nothing, and
/// at least once is what was promised: 0.
std::optional<uint64_t> remembered_in(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) return std::nullopt;
    std::string text;
    std::getline(in, text);
    uint64_t sequence = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, sequence);
    if (error == std::errc() && at == end) return sequence;
    base::log_error(
        "{} has no sequence in it; everything that the journal has comes again. To begin with what "
        "happens from now on instead, remove it and restart the plugin",
        file.string());
    return 0;
}

}  // namespace

struct DurableFeed::State : std::enable_shared_from_this<State> {
    State(Service& s, Options o, Take t)
        : service(s), options(std::move(o)), take(std::move(t)), file(s.state()) {
        if (!file.empty()) file /= options.name + ".position";
    }

    void begin();
    void greeted();
    void ask();
    void answered(const events::Reply& reply);
    void hand_over(const json& entry);
    void done(uint64_t index);
    void advance();
    void remember_soon();
    void remember();

    struct Item {
        uint64_t sequence = 0;
        bool done = false;
    };
    Service& service;
    Options options;
    Take take;
    std::filesystem::path file;  // empty: there is none to remember in
    std::optional<uint64_t> position;
    std::optional<uint64_t> remembered;  // in the file
    uint64_t asked = 0;                  // up to here it was handed over
    std::map<uint64_t, Item> items;
    uint64_t next_index = 0, generation = 0;
    bool asking = false, handing = false, more = true, hinted = false, soon = false;
};

void DurableFeed::State::begin() {
    if (!file.empty()) position = remembered_in(file);
    remembered = position;
    asked = position.value_or(0);
    const std::weak_ptr<State> self = weak_from_this();
    service.wire().on_link([self](bool up) {
        if (const auto feed = self.lock(); feed && up) feed->greeted();
    });
    // The delivery only says that there is something: what is there is read from the journal, when
    // there is room for it.
    service.wire().on_event([self](const events::Event& event, events::Lane lane, bool) {
        const auto feed = self.lock();
        if (!feed || lane != events::Lane::durable) return;
        const Options& o = feed->options;
        if (event.type.rfind(o.type, 0) != 0 || event.subject.rfind(o.subject, 0) != 0) return;
        feed->more = feed->hinted = true;
        feed->ask();
    });
    std::string prefix = options.type;
    if (!prefix.empty() && prefix.back() != '.') prefix += "/" + options.subject;
    service.wire().subscribe({prefix}, events::From::now);
    if (service.wire().up()) greeted();
}

void DurableFeed::State::greeted() {
    const uint64_t newest = service.wire().hub_sequence();
    if (!position) {
        position = asked = newest;
        remember();
    }
    if (newest < *position) {
        base::log_warning("{}: the hub began a new journal; all of it is news", options.name);
        position = asked = 0;
    }
    ++generation;
    asking = false;
    more = true;
    ask();
}

void DurableFeed::State::ask() {
    if (!service.wire().up() || !position || asking || !more || items.size() >= options.window)
        return;
    asking = true;
    hinted = false;
    const json question = {{"since", asked},
                           {"type", options.type},
                           {"subject", options.subject},
                           {"limit", options.window - items.size()}};
    service.wire().request("events", question.dump(), kAnswerMs,
                           [self = weak_from_this(), mine = generation](const auto& reply) {
                               const auto feed = self.lock();
                               if (feed && feed->generation == mine) feed->answered(reply);
                           });
}

void DurableFeed::State::answered(const events::Reply& reply) {
    json body;
    const bool good = reply.ok && events::read_json(reply.body, body) && body.contains("events") &&
                      body.contains("next") && body["next"].is_number_unsigned();
    if (!good) {
        base::log_warning("{}: what happened is not told: {}", options.name, reply.text);
        service.after(kAgainMs, [self = weak_from_this(), mine = generation] {
            const auto feed = self.lock();
            if (!feed || feed->generation != mine) return;
            feed->asking = false;
            feed->ask();
        });
        return;
    }
    asked = std::max(asked, body["next"].get<uint64_t>());
    more = body.value("more", false) || hinted;
    handing = true;  // what is done at once counts when all of it is known
    for (const json& entry : body["events"]) hand_over(entry);
    handing = asking = false;
    advance();
    ask();
}

void DurableFeed::State::hand_over(const json& entry) {
    if (is_command(entry)) return;
    auto event = events::parse_event(entry.dump());
    if (!event) return base::log_warning("{}: {}", options.name, event.error().text);
    const uint64_t index = next_index++;
    items[index] = {event->sequence, false};
    take(*event, [self = weak_from_this(), index] {
        if (const auto feed = self.lock()) feed->done(index);
    });
}

void DurableFeed::State::done(uint64_t index) {
    const auto found = items.find(index);
    if (found == items.end()) return;
    found->second.done = true;
    while (!items.empty() && items.begin()->second.done) items.erase(items.begin());
    if (handing) return;
    advance();
    ask();
}

void DurableFeed::State::advance() {
    const uint64_t reached = items.empty() ? asked : items.begin()->second.sequence - 1;
    if (!position || reached <= *position) return;
    position = reached;
    remember_soon();
}

void DurableFeed::State::remember_soon() {
    if (soon) return;
    soon = true;
    service.after(kRememberMs, [self = weak_from_this()] {
        const auto feed = self.lock();
        if (!feed) return;
        feed->soon = false;
        feed->remember();
    });
}

void DurableFeed::State::remember() {
    if (!position || position == remembered || file.empty()) return;
    if (write_whole(file, std::to_string(*position) + "\n")) {
        remembered = position;
    } else {
        base::log_warning("{}; how far it is cannot be remembered",
                          base::errno_error(file.string()).text);
        remember_soon();
    }
}

DurableFeed::DurableFeed(Service& service, Options options, Take take)
    : state_(std::make_shared<State>(service, std::move(options), std::move(take))) {
    state_->begin();
}

DurableFeed::~DurableFeed() {
    state_->remember();
}

uint64_t DurableFeed::position() const {
    return state_->position.value_or(0);
}

size_t DurableFeed::waiting() const {
    return state_->items.size();
}

}  // namespace bw::sdk
