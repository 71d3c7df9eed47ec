// SPDX-License-Identifier: Apache-2.0
#include "core/events/cloud_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/rfc3339.h"
#include "core/events/event.h"
#include "core/events/json.h"

namespace bw::events {

using nlohmann::json;

namespace {

constexpr size_t kMaxTextBytes = 256;  // of what is kept per event: id, source, type, subject

bool is_data(std::string_view name) {
    return name == "data" || name == "data_base64";
}

/// "MUST consist of lower-case letters ('a' to 'z') or digits ('0' to '9')".
bool is_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
}

/// What the type system forbids in a String: U+0000-001F, U+007F-009F and noncharacters.
bool is_forbidden(std::string_view at) {
    const auto byte = [&](size_t i) {
        return i < at.size() ? static_cast<unsigned char>(at[i]) : 0U;
    };
    if (byte(0) < 0x20 || byte(0) == 0x7F) return true;
    if (byte(0) == 0xC2 && byte(1) < 0xA0) return true;
    if (byte(0) == 0xEF && byte(1) == 0xB7) return byte(2) >= 0x90 && byte(2) <= 0xAF;
    const size_t last = byte(0) == 0xEF ? 1 : byte(0) >= 0xF0 && (byte(1) & 0x0F) == 0x0F ? 2 : 0;
    return last != 0 && byte(last) == 0xBF && byte(last + 1) >= 0xBE;
}

/// The characters of RFC 3986, with whole escapes.
bool is_uri_reference(std::string_view text) {
    const auto hex = [&](size_t i) {
        return i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    };
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] <= ' ' || text[i] > '~') return false;
        if (std::string_view(R"("<>\^`{|})").find(text[i]) != std::string_view::npos) return false;
        if (text[i] == '%' && !(hex(i + 1) && hex(i + 2))) return false;
    }
    return !text.empty();
}

/// RFC 3986, 4.3: with a scheme.
bool is_uri(std::string_view text) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos || !is_uri_reference(text)) return false;
    const std::string_view scheme = text.substr(0, colon);
    return !scheme.empty() && std::isalpha(static_cast<unsigned char>(scheme[0])) != 0 &&
           scheme.find_first_of("/?#") == std::string_view::npos;
}

/// RFC 2046: type/subtype, and parameters behind it.
bool is_media_type(std::string_view text) {
    const std::string_view type = text.substr(0, text.find(';'));
    const size_t slash = type.find('/');
    return slash != std::string_view::npos && slash > 0 && slash + 1 < type.size() &&
           type.find('/', slash + 1) == std::string_view::npos;
}

bool is_base64(std::string_view text) {
    const size_t end = text.find_last_not_of('=') + 1;  // npos + 1 is 0
    return text.size() % 4 == 0 && text.size() - end <= 2 &&
           std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/';
           });
}

/// 32 bits, signed. A comparison of JSON values would take 2^64 - 1 for -1.
bool is_integer(const json& value) {
    if (value.is_number_unsigned()) return value.get<uint64_t>() <= INT32_MAX;
    return value.is_number_integer() && value.get<int64_t>() >= INT32_MIN &&
           value.get<int64_t>() <= INT32_MAX;
}

/// Boolean, Integer (32 bits, signed), or one of those that JSON has as text.
std::string type_fault(const std::string& name, const json& value) {
    if (value.is_null() || value.is_boolean()) return {};
    if (value.is_string()) return attribute_text_fault(name, value.get_ref<const std::string&>());
    if (is_integer(value)) return {};
    return fmt::format(
        "the attribute {} is {}; an attribute is a text, a whole number of 32 bits, or true or "
        "false: put the rest into data",
        name,
        value.is_number()   ? "another number"
        : value.is_object() ? "an object"
                            : "a list");
}

std::string required_fault(const json& event) {
    const auto version = event.find("specversion");
    if (version == event.end() || *version != "1.0") return "specversion is not \"1.0\"";
    for (const char* name : {"id", "source", "type"}) {
        const auto found = event.find(name);
        if (found == event.end() || found->is_null()) return fmt::format("{} is missing", name);
        if (!found->is_string()) return fmt::format("{} has the wrong JSON type", name);
        if (found->get_ref<const std::string&>().empty())
            return fmt::format("{} is missing: it is empty", name);
    }
    for (const char* name : {"id", "source", "type", "subject"})
        if (text_of(event, name).size() > kMaxTextBytes)
            return fmt::format("{} is longer than {} bytes", name, kMaxTextBytes);
    if (!is_uri_reference(text_of(event, "source")))
        return "source is no URI reference: write other characters as %XX";
    return {};
}

/// The attribute as a text, which is not there, or not empty and `good`.
std::string optional_fault(const json& event, const char* name, bool (*good)(std::string_view),
                           const char* allowed) {
    const auto found = event.find(name);
    if (found == event.end() || found->is_null()) return {};
    if (!found->is_string()) return fmt::format("{} has the wrong JSON type", name);
    const auto& text = found->get_ref<const std::string&>();
    if (text.empty()) return fmt::format("{} is empty: leave it out", name);
    return good(text) ? "" : fmt::format("{} is not {}: {}", name, allowed, text);
}

std::string time_fault(const json& event) {
    const std::string text = text_of(event, "time");
    if (text.empty()) return {};
    const auto time = base::read_rfc3339(text);
    return time ? std::string() : "time is not an RFC 3339 time: " + time.error().text;
}

std::string data_fault(const json& event) {
    const auto found = event.find("data_base64");
    if (found == event.end()) return {};
    if (event.contains("data")) return "data and data_base64 are both there: an event has one";
    if (!found->is_string() || !is_base64(found->get_ref<const std::string&>()))
        return "data_base64 is not a text in base64";
    return {};
}

}  // namespace

std::string attribute_text_fault(std::string_view name, std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i)
        if (is_forbidden(text.substr(i)))
            return fmt::format("{} has a control character at byte {}: leave it out", name, i);
    return {};
}

std::string cloud_event_fault(const json& event) {
    if (!event.is_object()) return "not a JSON object";
    if (std::string fault = required_fault(event); !fault.empty()) return fault;
    for (const auto& [name, value] : event.items()) {
        if (is_data(name)) continue;
        if (!is_name(name))
            return fmt::format(
                "the attribute {} has a name that is not a-z and 0-9 alone",
                json(name.substr(0, 64)).dump(-1, ' ', true, json::error_handler_t::replace));
        if (std::string fault = type_fault(name, value); !fault.empty()) return fault;
    }
    const auto any = [](std::string_view) { return true; };
    for (std::string fault :
         {optional_fault(event, "subject", any, ""), optional_fault(event, "space", any, ""),
          optional_fault(event, "time", any, ""), time_fault(event),
          optional_fault(event, "dataschema", is_uri, "a URI"),
          optional_fault(event, "datacontenttype", is_media_type, "a media type")})
        if (!fault.empty()) return fault;
    return data_fault(event);
}

bool has_json_data(const json& event) {
    if (event.contains("data_base64")) return false;
    const std::string said = text_of(event, "datacontenttype", "application/json");
    const std::string type = said.substr(0, said.find(';'));
    const size_t slash = type.find('/');
    const std::string_view sub = std::string_view(type).substr(slash + 1);
    return sub == "json" || (sub.size() > 5 && sub.substr(sub.size() - 5) == "+json");
}

std::string event_fault(const Event& event) {
    Event whole = event;
    if (whole.id.empty()) whole.id = "id";
    if (whole.source.empty()) whole.source = "source";
    const std::string text = to_json(whole);
    if (text.size() > kMaxEventBytes)
        return fmt::format("{} bytes, and an event has at most {}: larger data go by reference",
                           text.size(), kMaxEventBytes);
    const json read = json::parse(text, nullptr, false);
    if (read.is_discarded()) return "the data or the attributes are no JSON";
    return cloud_event_fault(read);
}

}  // namespace bw::events
