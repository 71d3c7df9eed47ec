// SPDX-License-Identifier: Apache-2.0
// Everything that is not RTSP: files, stills, HLS and what else comes by HTTP, SRT, capture
// devices, test patterns, web pages.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/media/pipeline_parts.h"
#include "core/media/workshop.h"

namespace bw::media::parts {

using Shared = Pipeline::Shared;
using surface::Reason;

namespace {

bool is_still(std::string path) {
    std::transform(path.begin(), path.end(), path.begin(), g_ascii_tolower);
    constexpr std::array<std::string_view, 4> ends{".png", ".jpg", ".jpeg", ".webp"};
    return std::any_of(ends.begin(), ends.end(), [&](auto end) { return path.ends_with(end); });
}

GstElement* add_at(Shared& shared, const char* factory, const char* property,
                   const std::string& where) {
    GstElement* element = add(shared, factory);
    if (element != nullptr) g_object_set(element, property, where.c_str(), nullptr);
    return element;
}

}  // namespace

bool build_file(Shared& shared) {
    GError* fault = nullptr;
    gchar* path = g_filename_from_uri(shared.opening.uri.c_str(), nullptr, &fault);
    if (path == nullptr) {
        shared.fail(Reason::bad_address, fault->message);
        g_clear_error(&fault);
        return false;
    }
    const std::string file = path;
    g_free(path);
    shared.still = is_still(file);
    shared.loops = !shared.still;
    shared.line = shared.opening.workshop->pacer.open(shared.opening.flow);
    g_object_set(shared.sink, "sync", TRUE, nullptr);
    return build_parsed(shared, add_at(shared, "filesrc", "location", file));
}

/// HLS comes in pieces of seconds and is played at its own pace; pictures that are sent as they are
/// taken (multipart MJPEG) have no stamps to wait for.
bool build_http(Shared& shared) {
    GstElement* source = add_at(shared, "souphttpsrc", "location", shared.opening.uri);
    if (source == nullptr) return false;
    const Opening& opening = shared.opening;
    g_object_set(source, "is-live", TRUE, "timeout", 4U, "retries", 0, nullptr);
    if (!opening.user.empty())
        g_object_set(source, "user-id", opening.user.c_str(), "user-pw", opening.password.c_str(),
                     nullptr);
    g_object_set(shared.sink, "sync", TRUE, nullptr);
    return build_parsed(shared, source);
}

bool build_srt(Shared& shared) {
    return build_parsed(shared, add_at(shared, "srtsrc", "uri", shared.opening.uri));
}

/// v4l2:///dev/video0
bool build_v4l2(Shared& shared) {
    return build_raw(shared, add_at(shared, "v4l2src", "device", shared.opening.uri.substr(7)),
                     "video/x-raw");
}

/// test://PATTERN, as videotestsrc names them.
bool build_test(Shared& shared) {
    GstElement* source = add(shared, "videotestsrc");
    if (source == nullptr) return false;
    const std::string pattern = shared.opening.uri.substr(7);
    GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(source), "pattern");
    const GEnumValue* value =
        g_enum_get_value_by_nick(G_PARAM_SPEC_ENUM(spec)->enum_class, pattern.c_str());
    if (value == nullptr) {
        shared.fail(Reason::not_found, fmt::format("no test pattern is named {}", pattern));
        return false;
    }
    g_object_set(source, "pattern", value->value, "is-live", TRUE, nullptr);
    return build_raw(shared, source, "video/x-raw,format=I420,width=640,height=360,framerate=25/1");
}

/// web+https://… A page, drawn ten times a second at the size of a display.
bool build_web(Shared& shared) {
    return build_raw(
        shared,
        add_at(shared, "wpesrc", "location", shared.opening.uri.substr(std::string("web+").size())),
        "video/x-raw,format=BGRA,width=1920,height=1080,framerate=10/1");
}

}  // namespace bw::media::parts
