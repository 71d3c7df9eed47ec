// SPDX-License-Identifier: Apache-2.0
// RTSP: receive ! depayload ! parse.
#include <fmt/core.h>
#include <gst/rtsp/gstrtsptransport.h>

#include <cstring>

#include "core/media/packages.h"
#include "core/media/pipeline_parts.h"

namespace bw::media::parts {

using Shared = Pipeline::Shared;
using surface::Reason;

namespace {

struct Codec {
    const char* encoding;  // of the RTP caps
    const char* depay;
    const char* parse;  // nullptr: none
    const char* whole;  // caps for whole pictures after depay; nullptr: any
    const char* units;  // caps after parse: whole pictures, parameter sets among them
};
constexpr Codec kCodecs[] = {
    {"H264", "rtph264depay", "h264parse", "video/x-h264,stream-format=byte-stream,alignment=au",
     "video/x-h264,stream-format=byte-stream,alignment=au"},
    {"H265", "rtph265depay", "h265parse", nullptr,
     "video/x-h265,stream-format=byte-stream,alignment=au"},
    {"MP4V-ES", "rtpmp4vdepay", "mpeg4videoparse", nullptr, "video/mpeg"},
    {"JPEG", "rtpjpegdepay", nullptr, nullptr, "image/jpeg"},
};
// What may wait for its decoder. Packets over TCP arrive in order and pass at once, so this delays
// nothing; it bounds what a stalled machine finds waiting, below the 1.5 s after which a tile is
// late. (40 ms made every stall a gap in the stream.)
constexpr guint kBacklogMs = 1000;
// Over UDP it is how long a packet that was overtaken is waited for.
constexpr guint kReorderMs = 80;

const Codec* codec_of(const char* encoding) {
    for (const Codec& codec : kCodecs)
        if (encoding != nullptr && g_ascii_strcasecmp(encoding, codec.encoding) == 0) return &codec;
    return nullptr;
}

/// After a gap nothing is handed on until the next key frame: what lies between would be drawn onto
/// pictures that it was not made for. The depayloader sees to that if it hands on whole pictures.
bool link_depay(GstElement* depay, GstElement* to, const Codec& codec) {
    if (has_property(depay, "wait-for-keyframe"))
        g_object_set(depay, "wait-for-keyframe", TRUE, nullptr);
    if (codec.whole == nullptr) return gst_element_link(depay, to) == TRUE;
    const CapsPtr whole{gst_caps_from_string(codec.whole)};
    return gst_element_link_filtered(depay, to, whole.get()) == TRUE;
}

/// depay ! parse ! appsink
void receive(Shared& shared, GstPad* pad, const Codec& codec) {
    GstElement* depay = add(shared, codec.depay);
    GstElement* parse = codec.parse != nullptr ? add(shared, codec.parse) : nullptr;
    if (depay == nullptr || (codec.parse != nullptr && parse == nullptr)) return;
    if (parse != nullptr) repeat_parameter_sets(parse);
    const CapsPtr units{gst_caps_from_string(codec.units)};
    const bool linked = (parse == nullptr || link_depay(depay, parse, codec)) &&
                        gst_element_link_filtered(parse != nullptr ? parse : depay, shared.sink,
                                                  units.get()) == TRUE;
    if (!linked) return shared.fail(Reason::bad_stream, "the parts of the stream do not fit");
    // From the sink's end to the source's, so that no data meets an element that is not ready.
    for (GstElement* element : {parse, depay})
        if (element != nullptr) gst_element_sync_state_with_parent(element);
    link(shared, pad, depay);
}

void on_rtp_pad(GstElement*, GstPad* pad, gpointer data) {
    Shared& shared = Shared::arrive(data);
    if (shared.taken.exchange(true)) return;
    const CapsPtr caps = caps_of(pad);
    const GstStructure* s =
        gst_caps_is_empty(caps.get()) ? nullptr : gst_caps_get_structure(caps.get(), 0);
    const char* encoding = s != nullptr ? gst_structure_get_string(s, "encoding-name") : nullptr;
    shared.connected.store(true);
    shared.opening.wake->ring();
    if (const Codec* codec = codec_of(encoding)) return receive(shared, pad, *codec);
    shared.fail(Reason::no_decoder, fmt::format("video of the kind {} is not known",
                                                encoding != nullptr ? encoding : "?"));
}

/// The first packet passes at once too, instead of waiting for a predecessor.
void on_jitter_buffer(GstElement*, GstElement* buffer, guint, guint, gpointer) {
    if (has_property(buffer, "faststart-min-packets"))
        g_object_set(buffer, "faststart-min-packets", 1U, nullptr);
}

void on_manager(GstElement*, GstElement* manager, gpointer) {
    if (g_signal_lookup("new-jitterbuffer", G_OBJECT_TYPE(manager)) != 0)
        g_signal_connect(manager, "new-jitterbuffer", G_CALLBACK(on_jitter_buffer), nullptr);
}

/// Only the first video stream is set up; sound and metadata are never sent.
gboolean on_select(GstElement* source, guint number, GstCaps* caps, gpointer) {
    const GstStructure* s = gst_caps_get_structure(caps, 0);
    const char* media = gst_structure_get_string(s, "media");
    if (media == nullptr || std::strcmp(media, "video") != 0) return FALSE;
    const auto taken = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(source), "bw-video"));
    if (taken != 0 && taken != number + 1) return FALSE;
    g_object_set_data(G_OBJECT(source), "bw-video", GUINT_TO_POINTER(number + 1));
    return TRUE;
}

}  // namespace

/// TCP: on a wall's network a lost packet costs a second of grey blocks, and 2 s of buffer (the
/// default) make a live picture a lie. rtspu:// asks for UDP, for cameras that know nothing else.
bool build_rtsp(Shared& shared) {
    GstElement* source = add(shared, "rtspsrc");
    if (source == nullptr) return false;
    const Opening& opening = shared.opening;
    const bool udp = opening.uri.starts_with("rtspu://");
    const std::string location = udp ? "rtsp://" + opening.uri.substr(8) : opening.uri;
    g_object_set(source, "location", location.c_str(), "protocols",
                 udp                    ? GST_RTSP_LOWER_TRANS_UDP
                 : opening.by_gstreamer ? GST_RTSP_LOWER_TRANS_TCP | GST_RTSP_LOWER_TRANS_UDP
                                        : GST_RTSP_LOWER_TRANS_TCP,
                 "latency", udp ? kReorderMs : kBacklogMs, "drop-on-latency", TRUE, "tcp-timeout",
                 static_cast<guint64>(4'000'000), nullptr);
    if (!opening.user.empty())
        g_object_set(source, "user-id", opening.user.c_str(), "user-pw", opening.password.c_str(),
                     nullptr);
    g_signal_connect(source, "new-manager", G_CALLBACK(on_manager), nullptr);
    g_signal_connect(source, "select-stream", G_CALLBACK(on_select), nullptr);
    g_signal_connect(source, "pad-added", G_CALLBACK(on_rtp_pad), &shared);
    return true;
}

}  // namespace bw::media::parts
