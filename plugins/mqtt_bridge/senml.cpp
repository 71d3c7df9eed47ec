// SPDX-License-Identifier: Apache-2.0
#include "senml.h"

#include <beaconwall/service/json.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace bw::mqtt_bridge {
namespace {

using nlohmann::json;

constexpr int64_t kVersion = 10;              // RFC 8428's own, and what is meant without one
constexpr double kRelativeBelow = 1U << 28U;  // seconds: 4.5.3
constexpr size_t kMostRecords = 10'000;

struct Base {
    std::string name, unit;
    double time = 0, value = 0, sum = 0;
};

base::Error invalid(size_t number, const std::string& text) {
    return {"invalid", fmt::format("SenML record {}: {}", number, text)};
}

bool known(const std::string& label) {
    static constexpr const char* kLabels[] = {"bn", "bt", "bu", "bv", "bs", "bver", "n", "u",
                                              "v",  "vs", "vb", "vd", "s",  "t",    "ut"};
    return std::find(std::begin(kLabels), std::end(kLabels), label) != std::end(kLabels);
}

/// The number at `key`; false if something else is there.
bool number(const json& record, const char* key, double& out) {
    const auto found = record.find(key);
    if (found == record.end()) return true;
    if (!found->is_number() || !std::isfinite(found->get<double>())) return false;
    out = found->get<double>();
    return true;
}

bool text(const json& record, const char* key, std::string& out) {
    const auto found = record.find(key);
    if (found == record.end()) return true;
    if (!found->is_string()) return false;
    out = found->get<std::string>();
    return true;
}

/// 4.5.1
bool is_name(const std::string& name) {
    const auto alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !name.empty() && alphanumeric(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return alphanumeric(c) ||
                      std::string_view("-:./_").find(c) != std::string_view::npos;
           });
}

/// A sentence why not; empty: the base values are in `base`.
std::string read_base(const json& record, Base& base, std::optional<int64_t>& version) {
    for (const auto& [label, value] : record.items())
        if (!label.empty() && label.back() == '_' && !known(label))
            return "the label `" + label + "` has to be understood, and is not";
    if (const auto found = record.find("bver"); found != record.end()) {
        if (!found->is_number_integer() || found->get<int64_t>() < 1)
            return "`bver` is a whole number";
        const auto here = found->get<int64_t>();
        if (here > kVersion) return fmt::format("version {}; this bridge reads up to 10", here);
        if (version && *version != here) return "another version than the records before";
        version = here;
    }
    if (!text(record, "bn", base.name)) return "`bn` is a text";
    if (!text(record, "bu", base.unit)) return "`bu` is a text";
    for (const auto& [label, out] :
         {std::pair("bt", &base.time), std::pair("bv", &base.value), std::pair("bs", &base.sum)})
        if (!number(record, label, *out)) return fmt::format("`{}` is a number", label);
    return {};
}

std::string read_value(const json& record, const Base& base, SenmlRecord& out) {
    int values = 0;
    for (const char* label : {"v", "vs", "vb", "vd"}) values += record.contains(label) ? 1 : 0;
    if (values > 1) return "has several values";
    if (values == 0 && !record.contains("s")) return "has neither a value nor a sum";
    double v = 0, s = 0;
    std::string word;
    if (!number(record, "v", v)) return "`v` is a number";
    if (!number(record, "s", s)) return "`s` is a number";
    if (record.contains("v")) out.value = base.value + v;
    if (record.contains("s")) out.sum = base.sum + s;
    if (const auto found = record.find("vb"); found != record.end()) {
        if (!found->is_boolean()) return "`vb` is true or false";
        out.value = found->get<bool>();
    }
    if (!text(record, "vs", word)) return "`vs` is a text";
    if (record.contains("vs")) out.value = word;
    if (!text(record, "vd", word)) return "`vd` is a text";
    if (record.contains("vd")) out.value = SenmlRecord::Bytes{word};
    return {};
}

std::string read_record(const json& record, const Base& base, int64_t now_ns, SenmlRecord& out) {
    std::string name;
    if (!text(record, "n", name)) return "`n` is a text";
    out.name = base.name + name;
    if (!is_name(out.name))
        return fmt::format("\"{}\" is no name: letters, digits and -:./_, a letter or digit first",
                           out.name);
    out.unit = base.unit;
    if (!text(record, "u", out.unit)) return "`u` is a text";
    double t = 0;
    if (!number(record, "t", t)) return "`t` is a number";
    t += base.time;
    if (std::fabs(t) > 9e9) return "a time outside of what a clock can say";
    // In two parts: nanoseconds since 1970 are more than a double holds.
    const double whole = std::floor(t);
    const int64_t ns = static_cast<int64_t>(whole) * 1'000'000'000 +
                       static_cast<int64_t>(std::llround((t - whole) * 1e9));
    out.time_ns = t < kRelativeBelow ? now_ns + ns : ns;
    return read_value(record, base, out);
}

}  // namespace

base::Result<std::vector<SenmlRecord>> read_senml(std::string_view text, int64_t now_ns) {
    json pack;
    if (!events::read_json(text, pack) || !pack.is_array())
        return base::Error{"invalid", "SenML is a JSON list of records"};
    if (pack.size() > kMostRecords)
        return base::Error{"invalid", "a SenML pack of more than 10000 records"};
    std::vector<SenmlRecord> out;
    Base base;
    std::optional<int64_t> version;
    for (size_t i = 0; i < pack.size(); ++i) {
        if (!pack[i].is_object()) return invalid(i + 1, "is no object");
        std::string why = read_base(pack[i], base, version);
        SenmlRecord record;
        if (why.empty()) why = read_record(pack[i], base, now_ns, record);
        if (!why.empty()) return invalid(i + 1, why);
        out.push_back(std::move(record));
    }
    return out;
}

}  // namespace bw::mqtt_bridge
