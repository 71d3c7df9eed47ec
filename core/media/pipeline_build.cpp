// SPDX-License-Identifier: Apache-2.0
// Which elements open which kind of URI. One decode thread a stream: avdec's default of one thread
// per core is over a thousand threads for a wall of cameras.
#include <fmt/core.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/rtsp/gstrtsptransport.h>

#include <cstring>

#include "core/media/pipeline_shared.h"

namespace bw::media {
namespace {

using Shared = Pipeline::Shared;
using surface::Reason;

struct Codec {
    const char* encoding;  // of the RTP caps
    const char* media;     // of the caps in a file
    const char* depay;
    const char* parse;  // nullptr: none
    const char* decode;
    const char* whole;  // caps for whole pictures after depay; nullptr: any
};
constexpr Codec kCodecs[] = {
    {"H264", "video/x-h264", "rtph264depay", "h264parse", "avdec_h264",
     "video/x-h264,stream-format=byte-stream,alignment=au"},
    {"H265", "video/x-h265", "rtph265depay", "h265parse", "avdec_h265", nullptr},
    {"JPEG", "image/jpeg", "rtpjpegdepay", nullptr, "jpegdec", nullptr},
};
// What may wait for its decoder. Packets over TCP arrive in order and pass at once, so this delays
// nothing; it bounds what a stalled machine finds waiting, below the 1.5 s after which a tile is
// late. (40 ms, as for UDP, made every stall a gap in the stream.)
constexpr guint kBacklogMs = 1000;

/// A new element in the pipeline, or nothing and the trouble told.
GstElement* add(Shared& shared, const char* factory) {
    GstElement* element = gst_element_factory_make(factory, nullptr);
    if (element == nullptr) {
        shared.fail(Reason::no_decoder,
                    fmt::format("the GStreamer element {} is not installed", factory));
        return nullptr;
    }
    gst_bin_add(GST_BIN(shared.pipeline), element);
    return element;
}

bool has_property(GstElement* element, const char* name) {
    return g_object_class_find_property(G_OBJECT_GET_CLASS(element), name) != nullptr;
}

/// Also: whoever joins between two key frames gets no picture until the next one, instead of a grey
/// one that is nobody's view.
void set_up_decoder(GstElement* element) {
    if (has_property(element, "output-corrupt"))
        g_object_set(element, "output-corrupt", FALSE, nullptr);
    if (has_property(element, "max-threads")) g_object_set(element, "max-threads", 1, nullptr);
}

bool link_pad(Shared& shared, GstPad* pad, GstElement* to) {
    GstPad* entry = gst_element_get_static_pad(to, "sink");
    const bool linked = !gst_pad_is_linked(entry) && gst_pad_link(pad, entry) == GST_PAD_LINK_OK;
    gst_object_unref(entry);
    if (!linked) shared.fail(Reason::bad_stream, "the stream does not fit its decoder");
    return linked;
}

/// After a gap nothing is decoded until the next key frame: what lies between would be drawn onto
/// pictures that it was not made for. The depayloader sees to that if it hands on whole pictures.
bool link_depay(GstElement* depay, GstElement* to, const Codec& codec) {
    if (codec.whole == nullptr || !has_property(depay, "wait-for-keyframe"))
        return gst_element_link(depay, to) == TRUE;
    g_object_set(depay, "wait-for-keyframe", TRUE, nullptr);
    GstCaps* whole = gst_caps_from_string(codec.whole);
    const bool linked = gst_element_link_filtered(depay, to, whole) == TRUE;
    gst_caps_unref(whole);
    return linked;
}

/// depay ! parse ! decode, between an RTP pad and the head.
void decode_rtp(Shared& shared, GstPad* pad, const Codec& codec) {
    GstElement* depay = add(shared, codec.depay);
    GstElement* parse = codec.parse != nullptr ? add(shared, codec.parse) : nullptr;
    GstElement* decode = add(shared, codec.decode);
    if (depay == nullptr || decode == nullptr || (codec.parse != nullptr && parse == nullptr))
        return;
    set_up_decoder(decode);
    shared.note_decoder(codec.decode);
    const bool linked = link_depay(depay, parse != nullptr ? parse : decode, codec) &&
                        (parse == nullptr || gst_element_link(parse, decode) == TRUE) &&
                        gst_element_link(decode, shared.head) == TRUE;
    if (!linked) return shared.fail(Reason::bad_stream, "the decoder's parts do not fit");
    // From the sink's end to the source's, so that no data meets an element that is not ready.
    for (GstElement* element : {decode, parse, depay})
        if (element != nullptr) gst_element_sync_state_with_parent(element);
    link_pad(shared, pad, depay);
}

void on_rtp_pad(GstElement*, GstPad* pad, gpointer data) {
    Shared& shared = Shared::arrive(data);
    GstCaps* caps = gst_pad_get_current_caps(pad);
    if (caps == nullptr) caps = gst_pad_query_caps(pad, nullptr);
    const GstStructure* s = gst_caps_is_empty(caps) ? nullptr : gst_caps_get_structure(caps, 0);
    const char* encoding = s != nullptr ? gst_structure_get_string(s, "encoding-name") : nullptr;
    const Codec* found = nullptr;
    for (const Codec& codec : kCodecs)
        if (encoding != nullptr && g_ascii_strcasecmp(encoding, codec.encoding) == 0)
            found = &codec;
    shared.connected.store(true);
    shared.opening.wake->ring();
    if (found != nullptr)
        decode_rtp(shared, pad, *found);
    else
        shared.fail(Reason::no_decoder, fmt::format("no decoder for {} video",
                                                    encoding != nullptr ? encoding : "this"));
    gst_caps_unref(caps);
}

/// The first packet passes at once too, instead of waiting for a predecessor.
void on_jitter_buffer(GstElement*, GstElement* buffer, guint, guint, gpointer) {
    if (has_property(buffer, "faststart-min-packets"))
        g_object_set(buffer, "faststart-min-packets", 1u, nullptr);
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

bool build_rtsp(Shared& shared) {
    GstElement* source = add(shared, "rtspsrc");
    if (source == nullptr) return false;
    const Opening& opening = shared.opening;
    // TCP: on a wall's network a lost packet costs a second of grey blocks, and 2 s of buffer (the
    // default) make a live picture a lie.
    g_object_set(source, "location", opening.uri.c_str(), "protocols", GST_RTSP_LOWER_TRANS_TCP,
                 "latency", kBacklogMs, "drop-on-latency", TRUE, "tcp-timeout",
                 static_cast<guint64>(4'000'000), nullptr);
    if (!opening.user.empty())
        g_object_set(source, "user-id", opening.user.c_str(), "user-pw", opening.password.c_str(),
                     nullptr);
    g_signal_connect(source, "new-manager", G_CALLBACK(on_manager), nullptr);
    g_signal_connect(source, "select-stream", G_CALLBACK(on_select), nullptr);
    g_signal_connect(source, "pad-added", G_CALLBACK(on_rtp_pad), &shared);
    return true;
}

/// The decoder of a stream in a file: one of ours, or whatever decodebin finds.
GstElement* decoder_for(Shared& shared, const char* media) {
    for (const Codec& codec : kCodecs) {
        if (std::strcmp(media, codec.media) != 0) continue;
        shared.note_decoder(codec.decode);
        return add(shared, codec.decode);
    }
    return add(shared, "decodebin");
}

void on_decoded_pad(GstElement*, GstPad* pad, gpointer data) {
    Shared& shared = Shared::arrive(data);
    shared.connected.store(true);
    GstPad* entry = gst_element_get_static_pad(shared.head, "sink");
    const bool free_entry = !gst_pad_is_linked(entry);
    gst_object_unref(entry);
    if (free_entry) link_pad(shared, pad, shared.head);
}

/// The first video stream of a file. Its decoder runs on the thread that reads: decodebin has a
/// queue between the two, which for a stream that is played at its own pace is a change of thread
/// per picture and nothing else.
void on_parsed_pad(GstElement*, GstPad* pad, gpointer data) {
    Shared& shared = Shared::arrive(data);
    GstCaps* caps = gst_pad_get_current_caps(pad);
    if (caps == nullptr) return;
    const std::string media = gst_structure_get_name(gst_caps_get_structure(caps, 0));
    gst_caps_unref(caps);
    if (shared.head_taken || !(media.starts_with("video/") || media.starts_with("image/"))) return;
    shared.head_taken = true;
    shared.connected.store(true);
    if (media == "video/x-raw") return static_cast<void>(link_pad(shared, pad, shared.head));
    GstElement* decode = decoder_for(shared, media.c_str());
    if (decode == nullptr) return;
    set_up_decoder(decode);
    GstPad* out = gst_element_get_static_pad(decode, "src");
    if (out == nullptr)
        g_signal_connect(decode, "pad-added", G_CALLBACK(on_decoded_pad), &shared);
    else
        gst_element_link(decode, shared.head);
    gst_clear_object(&out);
    gst_element_sync_state_with_parent(decode);
    link_pad(shared, pad, decode);
}

void on_deep_element(GstBin*, GstBin*, GstElement* element, gpointer data) {
    Shared& shared = Shared::arrive(data);
    GstElementFactory* factory = gst_element_get_factory(element);
    if (factory == nullptr ||
        !gst_element_factory_list_is_type(
            factory, GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO))
        return;
    if (gst_element_factory_list_is_type(factory, GST_ELEMENT_FACTORY_TYPE_DECODER)) {
        set_up_decoder(element);
        shared.note_decoder(GST_OBJECT_NAME(factory));
    }
}

bool build_file(Shared& shared) {
    GError* fault = nullptr;
    gchar* path = g_filename_from_uri(shared.opening.uri.c_str(), nullptr, &fault);
    if (path == nullptr) {
        shared.fail(Reason::not_found, fault != nullptr ? fault->message : "not a file's address");
        g_clear_error(&fault);
        return false;
    }
    GstElement* source = add(shared, "filesrc");
    GstElement* parse = add(shared, "parsebin");
    if (source != nullptr) g_object_set(source, "location", path, nullptr);
    g_free(path);
    if (source == nullptr || parse == nullptr) return false;
    g_signal_connect(parse, "pad-added", G_CALLBACK(on_parsed_pad), &shared);
    g_signal_connect(shared.pipeline, "deep-element-added", G_CALLBACK(on_deep_element), &shared);
    g_object_set(shared.sink, "sync", TRUE, nullptr);  // a file is played at its own pace
    shared.loops = true;
    return gst_element_link(source, parse) == TRUE;
}

bool build_test(Shared& shared, const char* pattern) {
    GstElement* source = add(shared, "videotestsrc");
    GstElement* size = add(shared, "capsfilter");
    if (source == nullptr || size == nullptr) return false;
    GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(source), "pattern");
    auto* patterns = G_PARAM_SPEC_ENUM(spec)->enum_class;
    const GEnumValue* value = g_enum_get_value_by_nick(patterns, pattern);
    if (value == nullptr) {
        shared.fail(Reason::not_found, fmt::format("no test pattern is named {}", pattern));
        return false;
    }
    g_object_set(source, "pattern", value->value, "is-live", TRUE, nullptr);
    GstCaps* caps =
        gst_caps_from_string("video/x-raw,format=I420,width=640,height=360,framerate=25/1");
    g_object_set(size, "caps", caps, nullptr);
    gst_caps_unref(caps);
    shared.note_decoder("videotestsrc");
    shared.connected.store(true);
    return gst_element_link_many(source, size, shared.head, nullptr) == TRUE;
}

/// videoconvert (which passes I420 through untouched) ! appsink.
bool build_tail(Shared& shared) {
    shared.head = add(shared, "videoconvert");
    shared.sink = add(shared, "appsink");
    if (shared.head == nullptr || shared.sink == nullptr) return false;
    GstCaps* caps = gst_caps_from_string("video/x-raw,format=I420");
    g_object_set(shared.sink, "caps", caps, "max-buffers", 1u, "drop", TRUE, "sync", FALSE,
                 "enable-last-sample", FALSE, nullptr);
    gst_caps_unref(caps);
    return gst_element_link(shared.head, shared.sink) == TRUE;
}

}  // namespace

bool build_elements(Shared& shared) {
    if (!build_tail(shared)) return false;
    const std::string& uri = shared.opening.uri;
    if (uri.starts_with("rtsp://") || uri.starts_with("rtsps://")) return build_rtsp(shared);
    if (uri.starts_with("file://")) return build_file(shared);
    if (uri.starts_with("test://")) return build_test(shared, uri.c_str() + 7);
    shared.fail(Reason::bad_stream,
                "this kind of address is not known; allowed: rtsp://, rtsps://, file://, test://");
    return false;
}

}  // namespace bw::media
