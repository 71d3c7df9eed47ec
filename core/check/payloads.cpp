// SPDX-License-Identifier: Apache-2.0
#include "core/check/payloads.h"

#include <nlohmann/json.hpp>

#include "core/events/json.h"

namespace bw::check {
namespace {

using nlohmann::json;

std::string nested(size_t depth) {
    std::string text;
    for (size_t i = 0; i < depth; ++i) text += R"({"a":[)";
    for (size_t i = 0; i < depth; ++i) text += "]}";
    return text;
}

std::vector<std::string> make() {
    std::vector<std::string> all{
        "{}",
        "[]",
        "null",
        "true",
        "0",
        "-1",
        "1e308",
        "-1e308",
        "18446744073709551615",
        "\"text\"",
        "\"\"",
        "[[[]]]",
        "[null,1,\"a\",{}]",
        R"({"value":null,"level_m":"high","name":7,"place":[1,2],"levels":{"0":1}})",
        R"({"value":1e308,"level_m":-1e308,"longitude":1e9,"latitude":-1e9,"state":"\u0000"})",
        R"({"name":{"zh":null,"en":[]},"title":{"zh":"\ud83d\udd25\u202e\u0007"},"time":"yesterday"})",
        R"({"samples":[[1],[2,3,4],null,{"t":"x"}],"items":[{}],"count":-9223372036854775808})",
        nested(20),
    };
    all.push_back(R"({"name":")" + std::string(60'000, 'W') + "\"}");
    std::string many = "{\"items\":[";
    for (int i = 0; i < 5000; ++i) many += (i ? "," : "") + std::to_string(i);
    all.push_back(many + "]}");
    return all;
}

json junk(std::mt19937_64& chance) {
    static const std::vector<json> kinds{nullptr,
                                         true,
                                         0,
                                         -1,
                                         1e308,
                                         -1e308,
                                         "",
                                         "x",
                                         std::string(3000, 'x'),
                                         "水位",
                                         json::array(),
                                         json::object(),
                                         json::array({1, "a", nullptr})};
    return kinds[chance() % kinds.size()];
}

/// One of the containers inside `value`, itself included.
json* some_container(json& value, std::mt19937_64& chance) {
    json* at = &value;
    while (at->is_structured() && !at->empty() && chance() % 3 != 0) {
        auto child = at->begin();
        std::advance(child, static_cast<int64_t>(chance() % at->size()));
        if (!child->is_structured()) break;
        at = &*child;
    }
    return at;
}

}  // namespace

const std::vector<std::string>& hostile_payloads() {
    static const std::vector<std::string> all = make();
    return all;
}

events::Event event_for(const std::string& prefix, const std::string& data) {
    events::Event event;
    const size_t slash = prefix.find('/');
    event.type = prefix.substr(0, slash);
    if (event.type.empty() || event.type.back() == '.') event.type += "thing.v1";
    event.subject = slash == std::string::npos ? "" : prefix.substr(slash + 1);
    if (event.subject.empty() || event.subject.back() == '/') event.subject += "X-1";
    event.source = "service:check";
    event.time = "2026-07-01T08:00:00Z";
    event.data = data;
    event.sequence = 1;
    return event;
}

events::Event mutated(const events::Event& event, std::mt19937_64& chance) {
    events::Event out = event;
    json data;
    if (!events::read_json(event.data, data) || !data.is_structured()) return out;
    json* at = some_container(data, chance);
    if (at->empty()) {
        *at = junk(chance);
    } else {
        auto child = at->begin();
        std::advance(child, static_cast<int64_t>(chance() % at->size()));
        if (chance() % 4 == 0)
            at->erase(child);
        else
            *child = junk(chance);
    }
    out.data = data.dump(-1, ' ', false, json::error_handler_t::replace);
    return out;
}

}  // namespace bw::check
