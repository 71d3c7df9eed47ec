// SPDX-License-Identifier: Apache-2.0
#include "tests/media/standin_decoder.h"

#include <gst/video/gstvideodecoder.h>

#include <cstring>

namespace bw::media::testing {

std::atomic<Standin> standin{Standin::works};
std::atomic<int> standin_opened{0};
std::atomic<bool> standin_hanging{false};
std::latch standin_release{1};

namespace {

struct Decoder {
    GstVideoDecoder parent;
    int pictures;
};
struct DecoderClass {
    GstVideoDecoderClass parent;
};

GType decoder_type();
Decoder& of(GstVideoDecoder* decoder) {
    return *reinterpret_cast<Decoder*>(decoder);
}

gboolean start(GstVideoDecoder* decoder) {
    ++standin_opened;
    of(decoder).pictures = 0;
    if (standin.load() != Standin::does_not_start) return TRUE;
    GST_ELEMENT_ERROR(decoder, RESOURCE, OPEN_READ, ("the device is taken"), (nullptr));
    return FALSE;
}

gboolean set_format(GstVideoDecoder* decoder, GstVideoCodecState* input) {
    gst_video_codec_state_unref(
        gst_video_decoder_set_output_state(decoder, GST_VIDEO_FORMAT_I420, 320, 180, input));
    return gst_video_decoder_negotiate(decoder);
}

GstFlowReturn handle_frame(GstVideoDecoder* decoder, GstVideoCodecFrame* frame) {
    const Standin how = standin.load();
    if (how == Standin::hangs) {
        standin_hanging = true;
        standin_release.wait();
    }
    if (how == Standin::breaks && ++of(decoder).pictures > 3) {
        gst_video_codec_frame_unref(frame);
        GST_ELEMENT_ERROR(decoder, STREAM, DECODE, ("the device was reset"), (nullptr));
        return GST_FLOW_ERROR;
    }
    if (how == Standin::gives_nothing) {
        gst_video_decoder_release_frame(decoder, frame);
        return GST_FLOW_OK;
    }
    const GstFlowReturn flow = gst_video_decoder_allocate_output_frame(decoder, frame);
    if (flow != GST_FLOW_OK) return flow;
    GstMapInfo map;
    gst_buffer_map(frame->output_buffer, &map, GST_MAP_WRITE);
    std::memset(map.data, 128, map.size);
    gst_buffer_unmap(frame->output_buffer, &map);
    return gst_video_decoder_finish_frame(decoder, frame);
}

void class_init(gpointer type_class, gpointer) {
    auto* element = GST_ELEMENT_CLASS(type_class);
    gst_element_class_set_static_metadata(element, "stand-in", "Codec/Decoder/Video/Hardware",
                                          "for tests", "Beaconwall");
    GstCaps* in = gst_caps_from_string("video/x-h264");
    GstCaps* out = gst_caps_from_string("video/x-raw,format=I420");
    gst_element_class_add_pad_template(
        element, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, in));
    gst_element_class_add_pad_template(
        element, gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, out));
    gst_caps_unref(in);
    gst_caps_unref(out);
    auto* decoder = GST_VIDEO_DECODER_CLASS(type_class);
    decoder->start = start;
    decoder->set_format = set_format;
    decoder->handle_frame = handle_frame;
}

GType decoder_type() {
    static const GType type = g_type_register_static_simple(
        GST_TYPE_VIDEO_DECODER, "BwStandinDec", sizeof(DecoderClass), class_init, sizeof(Decoder),
        nullptr, static_cast<GTypeFlags>(0));
    return type;
}

}  // namespace

void register_standin() {
    gst_element_register(nullptr, kStandin, GST_RANK_PRIMARY + 500, decoder_type());
}

}  // namespace bw::media::testing
