// SPDX-License-Identifier: Apache-2.0
#include "core/hub/status.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/clock.h"
#include "core/base/version.h"
#include "core/events/json.h"

namespace bw::hub {

using nlohmann::json;

namespace {

const char* state_name(int64_t state) {
    switch (static_cast<control::RoleState>(state)) {
        case control::RoleState::running:
            return "running";
        case control::RoleState::backoff:
            return "backoff";
        case control::RoleState::quarantined:
            return "quarantined";
        case control::RoleState::starting:
            break;
    }
    return "starting";
}

// Resident memory and processor time of a process; zeros when it is gone.
void add_usage(json& row, int64_t pid) {
    int64_t pages = 0, skipped = 0;
    std::ifstream(fmt::format("/proc/{}/statm", pid)) >> skipped >> pages;
    std::string stat;
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::getline(file, stat);
    int64_t ticks = 0;
    // The name in brackets may hold anything; fields are counted from behind it.
    if (const size_t close = stat.rfind(')'); close != std::string::npos) {
        std::istringstream rest(stat.substr(close + 1));
        std::string field;
        for (int i = 3; i <= 15 && rest >> field; ++i)
            if (i >= 14) ticks += std::strtoll(field.c_str(), nullptr, 10);
    }
    row["rss_kb"] = pages * ::sysconf(_SC_PAGESIZE) / 1024;
    row["cpu_s"] = static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

void append(json& list, const json& report, const char* key) {
    if (report.is_object() && report.contains(key) && report[key].is_array())
        for (const json& entry : report[key]) list.push_back(entry);
}

}  // namespace

StatusDesk::StatusDesk(Facts& facts, Peers& peers, std::string machine, Fill fill)
    : facts_(facts),
      peers_(peers),
      machine_(std::move(machine)),
      fill_(std::move(fill)),
      started_ns_(base::mono_ns()) {}

void StatusDesk::ask(ReplyFn reply) {
    round_.waiting.push_back(std::move(reply));
    if (round_.waiting.size() > 1) return;
    round_.nonce = fmt::format("{}-{}", started_ns_, ++rounds_);
    round_.deadline_ns = base::mono_ns() + kReportDeadlineMs * base::kMillisecond;
    round_.reports.clear();
    round_.awaited.clear();
    for (const char* role : {"compositor:", "media:"})
        for (const std::string& name : peers_.named(role)) round_.awaited.insert(name);
    put_question();
    if (round_.awaited.empty()) finish();
}

void StatusDesk::put_question() {
    facts_.publish("beaconwall.status.ask.v1", "wall", {{"nonce", round_.nonce}});
}

void StatusDesk::listens(const Peer& peer) {
    if (!round_.waiting.empty() && round_.awaited.contains(peer.name)) put_question();
}

void StatusDesk::report(const std::string& peer, const json& data) {
    if (round_.waiting.empty() || events::text_of(data, "nonce") != round_.nonce) return;
    round_.reports[peer] = std::make_shared<const json>(data);
    round_.awaited.erase(peer);
    if (round_.awaited.empty()) finish();
}

void StatusDesk::peer_left(const Peer& peer) {
    if (round_.waiting.empty()) return;
    round_.awaited.erase(peer.name);
    if (round_.awaited.empty()) finish();
}

void StatusDesk::tick(int64_t now) {
    if (!round_.waiting.empty() && now >= round_.deadline_ns) finish();
}

int64_t StatusDesk::next_wake_ns() const {
    return round_.waiting.empty() ? INT64_MAX : round_.deadline_ns;
}

void StatusDesk::finish() {
    std::vector<ReplyFn> waiting;
    waiting.swap(round_.waiting);
    const json reply = document();
    for (const ReplyFn& answer : waiting) answer(reply);
}

json StatusDesk::document() const {
    json out = {
        {"ok", true},
        {"version", BEACONWALL_VERSION},
        {"uptime_s",
         static_cast<double>((base::mono_ns() - started_ns_) / base::kMillisecond) / 1000.0},
        {"console", console_},
        {"displays", json::array()},
        {"panes", json::array()},
        {"limits", json::array()}};
    for (const auto& [peer, report] : round_.reports)
        for (const char* key : {"displays", "panes", "limits"}) append(out[key], *report, key);
    out["sources"] = sources();
    out["roles"] = roles();
    fill_(out);
    return out;
}

// What media know, and the records nobody plays.
json StatusDesk::sources() const {
    json list = json::array();
    std::set<std::string> known;
    for (const auto& [peer, report] : round_.reports) append(list, *report, "sources");
    for (const json& source : list) known.insert(events::text_of(source, "id"));
    for (const StoredPtr& record : facts_.records("live", "beaconwall.source.v1"))
        if (!known.contains(record->subject))
            list.push_back({{"id", record->subject},
                            {"process", ""},
                            {"state", "idle"},
                            {"reason", nullptr},
                            {"pictures", 0},
                            {"width_px", 0},
                            {"height_px", 0},
                            {"stream", "main"},
                            {"decoder", ""},
                            {"decoding", false},
                            {"look", "normal"},
                            {"clock", "arrival"},
                            {"reconnects", 0}});
    return list;
}

json StatusDesk::roles() const {
    json list = json::array();
    for (const auto& [key, role] : roles_) {
        json row = {{"role", role.role},
                    {"name", role.name},
                    {"machine", machine_},
                    {"pid", role.pid},
                    {"state", state_name(role.state)},
                    {"restarts", role.restarts}};
        add_usage(row, role.pid);
        list.push_back(std::move(row));
    }
    return list;
}

void StatusDesk::role(const control::Message& message) {
    const std::string name(message.name_view());
    const size_t slash = name.find('/');
    roles_[name] = {name.substr(0, slash), slash == std::string::npos ? "" : name.substr(slash + 1),
                    message.value[0], message.value[1], message.value[2]};
}

}  // namespace bw::hub
