// SPDX-License-Identifier: Apache-2.0
// Which kind of address is opened how, and the parts that all of them have.
#include <fmt/core.h>
#include <gst/app/gstappsink.h>

#include <array>
#include <string_view>
#include <utility>

#include "core/media/packages.h"
#include "core/media/pipeline_parts.h"

namespace bw::media {
namespace parts {

using Shared = Pipeline::Shared;
using surface::Reason;

GstElement* add(Shared& shared, const char* factory) {
    GstElement* element = gst_element_factory_make(factory, nullptr);
    if (element == nullptr) {
        const auto package = package_of_element(factory);
        shared.fail(package.reason, fmt::format("the GStreamer element {} is missing: install {}",
                                                factory, package.name));
        return nullptr;
    }
    gst_bin_add(GST_BIN(shared.pipeline), element);
    return element;
}

bool link(Shared& shared, GstPad* pad, GstElement* to) {
    const PadPtr entry{gst_element_get_static_pad(to, "sink")};
    const bool linked = gst_pad_is_linked(entry.get()) == FALSE &&
                        gst_pad_link(pad, entry.get()) == GST_PAD_LINK_OK;
    if (!linked) shared.fail(Reason::bad_stream, "the parts of the stream do not fit");
    return linked;
}

void take_raw(Shared& shared, GstPad* pad) {
    GstElement* convert = add(shared, "videoconvert");
    if (convert == nullptr) return;
    GstCaps* caps = gst_caps_from_string("video/x-raw,format=I420");
    const bool fits = gst_element_link_filtered(convert, shared.sink, caps) == TRUE;
    gst_caps_unref(caps);
    gst_element_sync_state_with_parent(convert);
    if (!fits) return shared.fail(Reason::bad_stream, "its pictures cannot be converted");
    link(shared, pad, convert);
}

/// Playing on from elsewhere drops what was read ahead, and lets a reader go that waits for room.
GstPadProbeReturn on_flush(GstPad*, GstPadProbeInfo* info, gpointer data) {
    if (GST_EVENT_TYPE(gst_pad_probe_info_get_event(info)) == GST_EVENT_FLUSH_START)
        Shared::arrive(data).line->flush();
    return GST_PAD_PROBE_OK;
}

void take_parsed(Shared& shared, GstPad* pad) {
    if (shared.line) {
        g_object_set(shared.sink, "sync", FALSE, nullptr);
        gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_FLUSH, on_flush, &shared, nullptr);
    }
    link(shared, pad, shared.sink);
}

void repeat_parameter_sets(GstElement* parse) {
    if (has_property(parse, "config-interval")) g_object_set(parse, "config-interval", -1, nullptr);
}

namespace {

/// The first video stream; sound and the rest are left.
void on_parsed_pad(GstElement*, GstPad* pad, gpointer data) {
    Shared& shared = Shared::arrive(data);
    const CapsPtr caps = caps_of(pad);
    const std::string media = media_of(caps.get());
    if (!media.starts_with("video/") && !media.starts_with("image/")) return;
    if (shared.taken.exchange(true)) return;
    shared.connected.store(true);
    if (media == "video/x-raw")
        take_raw(shared, pad);
    else
        take_parsed(shared, pad);
}

void on_deep_element(GstBin*, GstBin*, GstElement* element, gpointer) {
    GstElementFactory* factory = gst_element_get_factory(element);
    if (factory != nullptr &&
        gst_element_factory_list_is_type(factory, GST_ELEMENT_FACTORY_TYPE_PARSER) == TRUE)
        repeat_parameter_sets(element);
}

}  // namespace

bool build_parsed(Shared& shared, GstElement* source) {
    GstElement* parse = source != nullptr ? add(shared, "parsebin") : nullptr;
    if (parse == nullptr) return false;
    g_signal_connect(parse, "pad-added", G_CALLBACK(on_parsed_pad), &shared);
    g_signal_connect(shared.pipeline, "deep-element-added", G_CALLBACK(on_deep_element), &shared);
    return gst_element_link(source, parse) == TRUE;
}

bool build_raw(Shared& shared, GstElement* source, const char* caps_text) {
    GstElement* size = source != nullptr ? add(shared, "capsfilter") : nullptr;
    if (size == nullptr) return false;
    const CapsPtr caps{gst_caps_from_string(caps_text)};
    g_object_set(size, "caps", caps.get(), nullptr);
    shared.connected.store(true);
    const PadPtr exit{gst_element_get_static_pad(size, "src")};
    take_raw(shared, exit.get());
    return gst_element_link(source, size) == TRUE;
}

}  // namespace parts

namespace {

using Build = bool (*)(Pipeline::Shared&);
constexpr std::pair<std::string_view, Build> kKinds[] = {
    {"rtsp://", parts::build_rtsp},     {"rtsps://", parts::build_rtsp},
    {"rtspu://", parts::build_rtsp},    {"file://", parts::build_file},
    {"http://", parts::build_http},     {"https://", parts::build_http},
    {"srt://", parts::build_srt},       {"v4l2://", parts::build_v4l2},
    {"test://", parts::build_test},     {"web+http://", parts::build_web},
    {"web+https://", parts::build_web}, {"web+file://", parts::build_web},
};

std::string kinds() {
    std::string all;
    for (const auto& [scheme, build] : kKinds) all.append(all.empty() ? "" : ", ").append(scheme);
    return all;
}

/// Whatever the source sends, as soon as it is there; a file at its own pace.
bool build_sink(Pipeline::Shared& shared) {
    shared.sink = parts::add(shared, "appsink");
    if (shared.sink == nullptr) return false;
    g_object_set(shared.sink, "sync", FALSE, "enable-last-sample", FALSE, "wait-on-eos", FALSE,
                 nullptr);
    return true;
}

}  // namespace

bool sends_only_changes(std::string_view uri) {
    return uri.starts_with("vnc://") || uri.starts_with("web+");
}

bool build_elements(Pipeline::Shared& shared) {
    if (!build_sink(shared)) return false;
    for (const auto& [scheme, build] : kKinds)
        if (shared.opening.uri.starts_with(scheme)) return build(shared);
    shared.fail(surface::Reason::bad_address,
                "this kind of address is not known; allowed: " + kinds());
    return false;
}

}  // namespace bw::media
