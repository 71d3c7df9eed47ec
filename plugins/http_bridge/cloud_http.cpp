// SPDX-License-Identifier: Apache-2.0
#include "cloud_http.h"

#include <beaconwall/service/json.h>
#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace bw::http_bridge {
namespace {

using events::Event;
using nlohmann::json;

constexpr auto kReplace = json::error_handler_t::replace;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type(std::string_view content_type) {
    std::string media = lower(content_type.substr(0, content_type.find(';')));
    while (!media.empty() && media.back() == ' ') media.pop_back();
    return media;
}

bool is_json(const std::string& media) {
    const auto ends = [&](std::string_view end) {
        return media.size() >= end.size() &&
               std::string_view(media).substr(media.size() - end.size()) == end;
    };
    return media == "application/json" || media == "text/json" || ends("+json");
}

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string base64(std::string_view bytes) {
    char* text = g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size());
    std::string out = text;
    g_free(text);
    return out;
}

/// One that is the same when the same event is sent again, and no other sender's.
std::string own_id(const std::string& source, const std::string& id) {
    const std::string text = source + '\n' + id;
    char* sum = g_compute_checksum_for_data(
        G_CHECKSUM_SHA256, reinterpret_cast<const guchar*>(text.data()), text.size());
    std::string out = std::string(sum).substr(0, 32);
    g_free(sum);
    return out;
}

base::Error bad(std::string text) {
    return {"400", std::move(text)};
}

base::Result<Event> event_of(json object) {
    if (!object.is_object()) return bad("an event is a JSON object");
    for (const char* name : {"id", "source", "type"}) {
        const auto found = object.find(name);
        if (found == object.end() || !found->is_string() ||
            found->get_ref<const std::string&>().empty())
            return bad(fmt::format("`{}` is missing, or no text", name));
    }
    if (events::text_of(object, "specversion") != "1.0")
        return bad("`specversion` is missing, or not \"1.0\"");
    const std::string id = object["id"], source = object["source"];
    object["id"] = own_id(source, id);
    object[kOriginId] = id;
    object[kOriginSource] = source;
    // What is the hub's to say.
    for (const char* ours : {"sequence", "revision", "tombstone", "recordedtime", "space"})
        object.erase(ours);
    auto event = events::parse_event(object.dump(-1, ' ', false, kReplace));
    if (!event) return bad(event.error().text);
    return event;
}

using Events = base::Result<std::vector<Event>>;

Events structured(std::string_view body) {
    json object;
    if (!events::read_json(body, object)) return bad("the body is no JSON in UTF-8");
    auto event = event_of(std::move(object));
    if (!event) return event.error();
    return std::vector{std::move(*event)};
}

Events batched(std::string_view body) {
    json list;
    if (!events::read_json(body, list)) return bad("the body is no JSON in UTF-8");
    if (!list.is_array()) return bad("a batch is a JSON list of events");
    if (list.size() > kMostBatch)
        return bad(fmt::format("a batch of {} events; at most {}", list.size(), kMostBatch));
    std::vector<Event> out;
    for (size_t i = 0; i < list.size(); ++i) {
        auto event = event_of(std::move(list[i]));
        if (!event) return bad(fmt::format("event {} of the batch: {}", i + 1, event.error().text));
        out.push_back(std::move(*event));
    }
    return out;
}

/// A sentence why not; empty: the body is in `object` as its data.
std::string put_data(json& object, std::string_view content_type, std::string_view body) {
    const std::string media = media_type(content_type);
    if (!content_type.empty()) object["datacontenttype"] = std::string(content_type);
    if (is_json(media) || media.empty()) {
        if (is_json(media)) object["datacontenttype"] = "application/json";
        if (body.empty()) return {};
        json data;
        if (!events::read_json(body, data)) return "the body is no JSON in UTF-8";
        object["data"] = std::move(data);
    } else if (media.rfind("text/", 0) == 0 &&
               g_utf8_validate(body.data(), static_cast<gssize>(body.size()), nullptr) != FALSE) {
        object["data"] = std::string(body);
    } else {
        object["data_base64"] = base64(body);
    }
    return {};
}

Events binary(std::string_view content_type, const Headers& headers, std::string_view body) {
    json object = json::object();
    for (const auto& [header, value] : headers) {
        const std::string name = lower(header);
        if (name.rfind("ce-", 0) != 0) continue;
        const auto text = header_decoded(value);
        const std::string attribute = name.substr(3);
        if (!text) return bad(fmt::format("the header {} is no text in UTF-8", header));
        if (attribute == "data" || attribute == "datacontenttype" || attribute == "data_base64")
            return bad(
                fmt::format("there is no header {}: the body and Content-Type are that", header));
        if (object.contains(attribute)) return bad(fmt::format("two headers {}", header));
        object[attribute] = *text;
    }
    if (const std::string why = put_data(object, content_type, body); !why.empty()) return bad(why);
    auto event = event_of(std::move(object));
    if (!event) return event.error();
    return std::vector{std::move(*event)};
}

}  // namespace

std::optional<std::string> header_decoded(std::string_view value) {
    std::string out;
    // One that is quoted is unquoted first (3.1.3.2).
    const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    if (quoted) value = value.substr(1, value.size() - 2);
    for (size_t i = 0; i < value.size(); ++i) {
        if (quoted && value[i] == '\\' && i + 1 < value.size()) {
            out += value[++i];
        } else if (value[i] == '%' && i + 2 < value.size() && hex(value[i + 1]) >= 0 &&
                   hex(value[i + 2]) >= 0) {
            out += static_cast<char>(hex(value[i + 1]) * 16 + hex(value[i + 2]));
            i += 2;
        } else {
            out += value[i];
        }
    }
    const bool control = std::any_of(out.begin(), out.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (control || g_utf8_validate(out.data(), static_cast<gssize>(out.size()), nullptr) == FALSE)
        return std::nullopt;
    return out;
}

std::string header_encoded(std::string_view value) {
    std::string out;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f && c != '"' && c != '%')
            out += c;
        else
            out += fmt::format("%{:02X}", byte);
    }
    return out;
}

Events events_of(std::string_view content_type, const Headers& headers, std::string_view body) {
    const std::string media = media_type(content_type);
    if (media == "application/cloudevents+json") return structured(body);
    if (media == "application/cloudevents-batch+json") return batched(body);
    if (media.rfind("application/cloudevents", 0) == 0)
        return base::Error{"415",
                           "of the event formats JSON is understood: "
                           "application/cloudevents+json, application/"
                           "cloudevents-batch+json, or headers ce-…"};
    const bool has = std::any_of(headers.begin(), headers.end(), [](const auto& header) {
        return lower(header.first) == "ce-specversion";
    });
    if (!has)
        return base::Error{"415",
                           "no CloudEvent: the content type is none of its, and there is no "
                           "header ce-specversion"};
    return binary(content_type, headers, body);
}

Request request_of(const Event& event, bool is_binary) {
    Request out;
    const json object = json::parse(events::to_json(event), nullptr, false);
    if (!is_binary || !object.is_object()) {
        out.content_type = "application/cloudevents+json; charset=utf-8";
        out.body = events::to_json(event);
        return out;
    }
    for (const auto& [name, value] : object.items()) {
        if (name == "data") {
            out.body = event.data;
        } else if (name == "data_base64" && value.is_string()) {
            gsize size = 0;
            guchar* bytes = g_base64_decode(value.get_ref<const std::string&>().c_str(), &size);
            out.body.assign(reinterpret_cast<const char*>(bytes), size);
            g_free(bytes);
        } else if (name == "datacontenttype" && value.is_string()) {
            out.content_type = value;
        } else {
            out.headers.emplace_back(
                "ce-" + name,
                header_encoded(value.is_string() ? value.get<std::string>() : value.dump()));
        }
    }
    // Text travels as it is, not as a JSON text.
    const auto data = object.find("data");
    if (data != object.end() && data->is_string() && !is_json(media_type(out.content_type)))
        out.body = data->get<std::string>();
    return out;
}

}  // namespace bw::http_bridge
