// SPDX-License-Identifier: Apache-2.0
#include "core/media/pipeline.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include "core/base/clock.h"
#include "core/media/pipeline_shared.h"

namespace bw::media {
namespace {

using Shared = Pipeline::Shared;
using surface::Reason;

Reason resource_reason(int code, bool connected) {
    switch (code) {
        case GST_RESOURCE_ERROR_NOT_AUTHORIZED:
            return Reason::unauthorised;
        case GST_RESOURCE_ERROR_NOT_FOUND:
            return Reason::not_found;
        case GST_RESOURCE_ERROR_READ:
        case GST_RESOURCE_ERROR_WRITE:
        case GST_RESOURCE_ERROR_CLOSE:
            return connected ? Reason::ended : Reason::connect_failed;
        default:
            return connected ? Reason::bad_stream : Reason::connect_failed;
    }
}

Reason reason_of(const GError& error, bool connected) {
    if (error.domain == GST_RESOURCE_ERROR) return resource_reason(error.code, connected);
    if (error.domain == GST_STREAM_ERROR && error.code == GST_STREAM_ERROR_CODEC_NOT_FOUND)
        return Reason::no_decoder;
    if (error.domain == GST_CORE_ERROR && error.code == GST_CORE_ERROR_MISSING_PLUGIN)
        return Reason::no_decoder;
    return Reason::bad_stream;
}

/// Runs on whichever thread posts; what matters is noted and the main loop woken, so that nobody
/// needs a GLib main loop.
GstBusSyncReply on_message(GstBus*, GstMessage* message, gpointer data) {
    Shared& shared = Shared::arrive(data);
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        GError* error = nullptr;
        gst_message_parse_error(message, &error, nullptr);
        shared.fail(reason_of(*error, shared.connected.load()), error->message);
        g_error_free(error);
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
        shared.fail(Reason::ended, "the stream ended");
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ASYNC_DONE && shared.loops &&
               !shared.begun.exchange(true)) {
        shared.begin_wanted.store(true);
        shared.opening.wake->ring();
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_SEGMENT_DONE) {
        shared.again_wanted.store(true);
        shared.opening.wake->ring();
    }
    gst_message_unref(message);
    return GST_BUS_DROP;
}

Matrix matrix_of(const GstVideoInfo& info) {
    const bool full = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
    if (info.colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_BT709)
        return full ? Matrix::full709 : Matrix::bt709;
    return full ? Matrix::full601 : Matrix::bt601;
}

PictureView view_of(const GstVideoFrame& frame) {
    const auto plane = [&](int i) {
        return static_cast<const uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, i));
    };
    PictureView view;
    view.y = plane(0);
    view.u = plane(1);
    view.v = plane(2);
    view.stride_y = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
    view.stride_u = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 1);
    view.stride_v = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 2);
    view.width = GST_VIDEO_FRAME_WIDTH(&frame);
    view.height = GST_VIDEO_FRAME_HEIGHT(&frame);
    view.matrix = matrix_of(frame.info);
    return view;
}

void deliver(const Shared& shared, GstSample* sample, int64_t arrived_ns) {
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    GstVideoInfo info;
    GstVideoFrame frame;
    if (buffer == nullptr || !gst_video_info_from_caps(&info, gst_sample_get_caps(sample))) return;
    if (!gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ)) return;
    const PictureView view = view_of(frame);
    gst_video_frame_unmap(&frame);
    // Plain system memory (the appsink's caps allow no other) stays where it is while referenced.
    shared.opening.outlet->deliver(
        shared.opening.epoch,
        HeldPicture(view, gst_buffer_ref(buffer),
                    [](void* owner) { gst_buffer_unref(static_cast<GstBuffer*>(owner)); }),
        arrived_ns);
}

GstFlowReturn on_sample(GstAppSink* sink, gpointer data) {
    const int64_t arrived_ns = base::mono_ns();
    GstSample* sample = gst_app_sink_pull_sample(sink);
    if (sample == nullptr) return GST_FLOW_OK;
    deliver(Shared::arrive(data), sample, arrived_ns);
    gst_sample_unref(sample);
    return GST_FLOW_OK;
}

bool seek_to_start(GstElement* pipeline, GstSeekFlags extra) {
    return gst_element_seek(pipeline, 1.0, GST_FORMAT_TIME,
                            static_cast<GstSeekFlags>(GST_SEEK_FLAG_SEGMENT | extra),
                            GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, 0) == TRUE;
}

}  // namespace

void Pipeline::Shared::fail(Reason reason, std::string text) {
    {
        base::Lock lock(mutex);
        if (failed) return;  // what follows a fault is its echo
        failed = true;
        trouble = Trouble{reason, std::move(text)};
    }
    opening.wake->ring();
}

void Pipeline::Shared::note_decoder(const std::string& name) {
    base::Lock lock(mutex);
    decoder = name;
}

base::Status init_pipelines() {
    GError* fault = nullptr;
    if (gst_init_check(nullptr, nullptr, &fault)) return {};
    base::Error error{"system", fault != nullptr ? fault->message : "GStreamer does not start"};
    g_clear_error(&fault);
    return error;
}

std::unique_ptr<Pipeline> Pipeline::open(Opening opening) {
    auto shared = std::make_shared<Shared>(std::move(opening));
    shared->pipeline = GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr)));
    std::unique_ptr<Pipeline> made(new Pipeline(shared));
    GstBus* bus = gst_element_get_bus(shared->pipeline);
    gst_bus_set_sync_handler(bus, on_message, shared.get(), nullptr);
    gst_object_unref(bus);
    if (!build_elements(*shared)) {
        shared->fail(Reason::bad_stream, "the pipeline cannot be built");
        return made;
    }
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = on_sample;
    gst_app_sink_set_callbacks(GST_APP_SINK(shared->sink), &callbacks, shared.get(), nullptr);
    shared->built.store(true, std::memory_order_release);
    // On failure the element at fault has told the bus already; this is for one that has not.
    if (gst_element_set_state(shared->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
        shared->fail(Reason::connect_failed, "the pipeline cannot be started");
    return made;
}

Pipeline::~Pipeline() {
    gst_element_set_state(shared_->pipeline, GST_STATE_NULL);
    gst_object_unref(shared_->pipeline);
}

void Pipeline::pump() {
    if (!shared_->loops) return;
    // The first seek makes the file a segment, whose end is told without ending the stream.
    if (shared_->begin_wanted.exchange(false))
        seek_to_start(shared_->pipeline, GST_SEEK_FLAG_FLUSH);
    if (shared_->again_wanted.exchange(false) &&
        !seek_to_start(shared_->pipeline, GST_SEEK_FLAG_NONE))
        shared_->fail(Reason::ended, "the file ended and cannot be played again");
}

std::optional<Trouble> Pipeline::trouble() {
    base::Lock lock(shared_->mutex);
    return std::exchange(shared_->trouble, std::nullopt);
}

bool Pipeline::connected() const {
    return shared_->connected.load();
}

std::string Pipeline::decoder() const {
    base::Lock lock(shared_->mutex);
    return shared_->decoder;
}

}  // namespace bw::media
