// SPDX-License-Identifier: Apache-2.0
#include "teams.h"

#include <beaconwall/service/clock.h>

#include <nlohmann/json.hpp>

namespace bw::dispatch {

using nlohmann::json;

std::optional<size_t> state_of(std::string_view word) {
    for (size_t i = 0; i < kStates.size(); ++i) {
        if (word == kStates[i]) return i;
    }
    return std::nullopt;
}

base::Status Teams::load(const std::string& teams_json) {
    try {
        json document = json::parse(teams_json);
        for (json row : document.at("teams")) {
            Team team;
            team.people = row.at("people");
            std::string id = row.at("id");
            bool synthetic = row.value("synthetic", false);
            exercise_ = exercise_ || synthetic;
            row.erase("id");
            row.erase("state");
            row.erase("synthetic");
            row["exercise"] = synthetic;
            team.facts = row.dump();
            teams_[id] = std::move(team);
        }
    } catch (const json::exception& fault) {
        teams_.clear();
        return base::Error{"invalid", fault.what()};
    }
    return {};
}

std::vector<std::string> Teams::ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, team] : teams_) ids.push_back(id);
    return ids;
}

bool Teams::set_state(std::string_view id, std::string_view state, const std::string& time) {
    auto found = teams_.find(id);
    auto index = state_of(state);
    if (found == teams_.end() || !index || found->second.state == *index) return false;
    found->second.state = *index;
    found->second.since = time;
    return true;
}

void Teams::adopt(std::string_view id, const std::string& record_json) {
    json record = json::parse(record_json, nullptr, false);
    if (!record.is_object()) return;
    auto found = teams_.find(id);
    auto index = state_of(record.value("state", ""));
    if (found == teams_.end() || !index) return;
    found->second.state = *index;
    found->second.since = record.value("since", "");
}

std::string Teams::record(std::string_view id) const {
    auto found = teams_.find(id);
    if (found == teams_.end()) return {};
    json record = json::parse(found->second.facts);
    record["state"] = kStates[found->second.state];
    if (!found->second.since.empty()) record["since"] = found->second.since;
    return record.dump();
}

People Teams::people() const {
    People people{};
    for (const auto& [id, team] : teams_) people[team.state] += team.people;
    return people;
}

void Teams::tick(int64_t time_ns) {
    if (time_ns < newest_ns_ - 60 * base::kSecond) {
        for (auto& [id, team] : teams_) team.past.clear();
        adopted_.clear();
    }
    newest_ns_ = time_ns;
    newest_step_ = time_ns / kStepNs;
    auto oldest = newest_step_ - static_cast<int64_t>(kSteps);
    for (auto& [id, team] : teams_) {
        team.past[newest_step_] = team.state;
        team.past.erase(team.past.begin(), team.past.upper_bound(oldest));
    }
}

void Teams::fill(std::string_view id, int64_t end_ns, int64_t step_ns,
                 const std::vector<size_t>& states) {
    auto found = teams_.find(id);
    if (found == teams_.end() || step_ns <= 0) return;
    for (size_t i = 0; i < states.size(); ++i) {
        if (states[i] >= kStates.size()) continue;
        int64_t time_ns = end_ns - static_cast<int64_t>(states.size() - 1 - i) * step_ns;
        found->second.past.try_emplace(time_ns / kStepNs, states[i]);
    }
}

std::optional<People> Teams::people_at(int64_t step) const {
    People people{};
    bool known = false;
    for (const auto& [id, team] : teams_) {
        auto then = team.past.find(step);
        known = known || then != team.past.end();
        // A team that tells nothing of its past was where it waits.
        people[then == team.past.end() ? 0 : then->second] += team.people;
    }
    if (known) return people;
    auto adopted = adopted_.find(step);
    return adopted == adopted_.end() ? std::nullopt : std::optional(adopted->second);
}

std::string Teams::forces_record() const {
    if (newest_step_ == 0) return {};
    json steps = json::array();
    for (size_t i = 0; i < kSteps; ++i) {
        auto people = people_at(newest_step_ - static_cast<int64_t>(kSteps - 1 - i));
        steps.push_back(people ? json(*people) : json());
    }
    json record = {{"step_s", kStepNs / base::kSecond},
                   {"end", base::rfc3339(newest_step_ * kStepNs)},
                   {"states", kStates},
                   {"people", std::move(steps)},
                   {"exercise", exercise_}};
    return record.dump();
}

void Teams::adopt_forces(const std::string& record_json) {
    json record = json::parse(record_json, nullptr, false);
    if (!record.is_object() || !record.contains("people") || !record["people"].is_array()) return;
    auto end = base::parse_rfc3339(record.value("end", ""));
    if (!end) return;
    const json& steps = record["people"];
    for (size_t i = 0; i < steps.size(); ++i) {
        if (!steps[i].is_array() || steps[i].size() != kStates.size()) continue;
        People people{};
        for (size_t s = 0; s < people.size(); ++s) {
            if (steps[i][s].is_number_integer()) people[s] = steps[i][s].get<int64_t>();
        }
        adopted_[*end / kStepNs - static_cast<int64_t>(steps.size() - 1 - i)] = people;
    }
}

}  // namespace bw::dispatch
