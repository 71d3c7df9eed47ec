// SPDX-License-Identifier: Apache-2.0
#include "core/media/decoder.h"

#include <fmt/core.h>

#include "core/media/gst.h"

namespace bw::media {
namespace {

/// Our end pads: without an element around them, as GStreamer's own test harness has them.
GstStaticPadTemplate kFeedTemplate =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
GstStaticPadTemplate kTakeTemplate = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/x-raw,format=I420"));

}  // namespace

struct Decoder::Chain {
    ElementPtr bin;     // decode ! convert
    PadPtr feed, take;  // ours, linked to its ends
    OnPicture on_picture;
    HeldCaps caps;  // told last
    std::string media;
    GstVideoInfo info{};  // of the pictures
    bool begun = false;

    static GstFlowReturn on_buffer(GstPad* pad, GstObject*, GstBuffer* buffer);
    static gboolean on_event(GstPad* pad, GstObject* parent, GstEvent* event);
    static gboolean on_query(GstPad* pad, GstObject* parent, GstQuery* query);
    void begin();
    [[nodiscard]] base::Error error(const char* otherwise) const;
};

GstFlowReturn Decoder::Chain::on_buffer(GstPad* pad, GstObject*, GstBuffer* buffer) {
    auto& chain = *static_cast<Chain*>(gst_pad_get_element_private(pad));
    const auto arrived = static_cast<int64_t>(GST_BUFFER_PTS(buffer));
    if (chain.info.finfo == nullptr) {
        gst_buffer_unref(buffer);
        return GST_FLOW_NOT_NEGOTIATED;
    }
    if (auto picture = held_picture(buffer, chain.info); picture.valid())
        chain.on_picture(std::move(picture), arrived);
    return GST_FLOW_OK;
}

gboolean Decoder::Chain::on_event(GstPad* pad, GstObject* parent, GstEvent* event) {
    auto& chain = *static_cast<Chain*>(gst_pad_get_element_private(pad));
    if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
        GstCaps* caps = nullptr;
        gst_event_parse_caps(event, &caps);
        if (gst_video_info_from_caps(&chain.info, caps) == FALSE) chain.info = {};
    }
    return gst_pad_event_default(pad, parent, event);
}

/// We read pictures whatever their rows' length, so nobody needs to copy them for us.
gboolean Decoder::Chain::on_query(GstPad* pad, GstObject* parent, GstQuery* query) {
    if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION)
        return gst_pad_query_default(pad, parent, query);
    gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
    return TRUE;
}

void Decoder::Chain::begin() {
    gst_pad_push_event(feed.get(), gst_event_new_stream_start("beaconwall"));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(feed.get(), gst_event_new_caps(caps.get()));
    gst_pad_push_event(feed.get(), gst_event_new_segment(&segment));
    begun = true;
}

/// Of all that elements say only their faults are kept.
GstBusSyncReply keep_faults(GstBus*, GstMessage* message, gpointer) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) return GST_BUS_PASS;
    gst_message_unref(message);
    return GST_BUS_DROP;
}

base::Error Decoder::Chain::error(const char* otherwise) const {
    GstBus* bus = gst_element_get_bus(bin.get());
    base::Error found{"failed", otherwise};
    if (const MessagePtr message{gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR)}) {
        GError* fault = nullptr;
        gst_message_parse_error(message.get(), &fault, nullptr);
        found.text = fault->message;
        g_error_free(fault);
    }
    gst_object_unref(bus);
    return found;
}

namespace {

/// One thread a stream, and no picture that is nobody's view: whoever joins between two key frames
/// gets none until the next, instead of a grey one.
void set_up(GstElement* decode) {
    if (has_property(decode, "output-corrupt"))
        g_object_set(decode, "output-corrupt", FALSE, nullptr);
    if (has_property(decode, "max-threads")) g_object_set(decode, "max-threads", 1, nullptr);
}

/// Drivers of hardware want to be told sizes and profiles, which a parser finds out; libav finds
/// them by itself.
const char* parser_for(const Decoders::Candidate& candidate) {
    if (!candidate.hardware) return nullptr;
    if (candidate.media == "video/x-h264") return "h264parse";
    if (candidate.media == "video/x-h265") return "h265parse";
    return nullptr;
}

GstElement* add(Decoder::Chain& chain, const char* factory) {
    GstElement* element = gst_element_factory_make(factory, nullptr);
    if (element != nullptr) gst_bin_add(GST_BIN(chain.bin.get()), element);
    return element;
}

bool link_ends(Decoder::Chain& chain, GstElement* first, GstElement* decode, GstElement* convert) {
    const PadPtr entry{gst_element_get_static_pad(first, "sink")};
    const PadPtr exit{gst_element_get_static_pad(convert, "src")};
    return entry && exit && (first == decode || gst_element_link(first, decode) == TRUE) &&
           gst_element_link(decode, convert) == TRUE &&
           gst_pad_link(chain.feed.get(), entry.get()) == GST_PAD_LINK_OK &&
           gst_pad_link(exit.get(), chain.take.get()) == GST_PAD_LINK_OK;
}

void make_ends(Decoder::Chain& chain) {
    chain.feed.reset(
        GST_PAD(gst_object_ref_sink(gst_pad_new_from_static_template(&kFeedTemplate, "feed"))));
    chain.take.reset(
        GST_PAD(gst_object_ref_sink(gst_pad_new_from_static_template(&kTakeTemplate, "take"))));
    gst_pad_set_element_private(chain.take.get(), &chain);
    gst_pad_set_chain_function(chain.take.get(), Decoder::Chain::on_buffer);
    gst_pad_set_event_function(chain.take.get(), Decoder::Chain::on_event);
    gst_pad_set_query_function(chain.take.get(), Decoder::Chain::on_query);
    gst_pad_set_active(chain.take.get(), TRUE);
    gst_pad_set_active(chain.feed.get(), TRUE);
}

}  // namespace

base::Result<std::unique_ptr<Decoder>> Decoder::make(const Decoders::Candidate& candidate,
                                                     OnPicture on_picture) {
    auto chain = std::make_unique<Chain>();
    chain->on_picture = std::move(on_picture);
    chain->bin.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
    GstBus* bus = gst_element_get_bus(chain->bin.get());
    gst_bus_set_sync_handler(bus, keep_faults, nullptr, nullptr);
    gst_object_unref(bus);
    const char* parser = parser_for(candidate);
    GstElement* decode = add(*chain, candidate.name.c_str());
    GstElement* convert = add(*chain, "videoconvert");
    GstElement* first = parser != nullptr ? add(*chain, parser) : decode;
    if (decode == nullptr || convert == nullptr || first == nullptr)
        return base::Error{"missing", fmt::format("{} cannot be made", candidate.name)};
    set_up(decode);
    make_ends(*chain);
    std::unique_ptr<Decoder> made(new Decoder(std::move(chain)));
    Chain& own = *made->chain_;
    if (!link_ends(own, first, decode, convert))
        return base::Error{"failed",
                           fmt::format("{} gives no pictures that we read", candidate.name)};
    if (gst_element_set_state(own.bin.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
        return own.error("it does not start");
    return made;
}

Decoder::Decoder(std::unique_ptr<Chain> chain) : chain_(std::move(chain)) {}

Decoder::~Decoder() {
    if (!chain_) return;
    gst_pad_set_active(chain_->feed.get(), FALSE);
    gst_element_set_state(chain_->bin.get(), GST_STATE_NULL);
    gst_pad_set_active(chain_->take.get(), FALSE);
}

base::Status Decoder::feed(const Unit& unit) {
    const bool other = unit.caps != chain_->caps;
    if (other) {
        chain_->caps = unit.caps;
        chain_->media = media_of(unit.caps.get());
    }
    if (!chain_->begun)
        chain_->begin();
    else if (other)
        gst_pad_push_event(chain_->feed.get(), gst_event_new_caps(unit.caps.get()));
    const GstFlowReturn flow = gst_pad_push(chain_->feed.get(), gst_buffer_ref(unit.buffer.get()));
    if (flow == GST_FLOW_OK) return {};
    return chain_->error(gst_flow_get_name(flow));
}

const std::string& Decoder::media() const {
    return chain_->media;
}

}  // namespace bw::media
