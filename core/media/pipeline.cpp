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

bool seek_to_start(GstElement* pipeline, GstSeekFlags extra) {
    return gst_element_seek(pipeline, 1.0, GST_FORMAT_TIME,
                            static_cast<GstSeekFlags>(GST_SEEK_FLAG_SEGMENT | extra),
                            GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, 0) == TRUE;
}

/// What may block (a file on a disk that does not answer, a seek that waits for its stream) runs on
/// a thread of GStreamer's pool: neither the main loop nor a streaming thread waits for it.
struct Errand {
    std::shared_ptr<Shared> shared;
    void (*run)(Shared&);
    // As Shared::built: ThreadSanitizer does not see a lock of GLib's.
    std::atomic<bool> handed_over{false};
};

void run_apart(Shared& shared, void (*run)(Shared&)) {
    auto* errand = new Errand{shared.shared_from_this(), run};
    errand->handed_over.store(true, std::memory_order_release);
    gst_element_call_async(
        shared.pipeline,
        [](GstElement*, gpointer data) {
            auto& given = *static_cast<Errand*>(data);
            (void)given.handed_over.load(std::memory_order_acquire);
            given.run(Shared::arrive(given.shared.get()));
        },
        errand, [](gpointer data) { delete static_cast<Errand*>(data); });
}

void play(Shared& shared) {
    if (shared.closing.load()) return;
    // On failure the element at fault has told the bus already; this is for one that has not.
    if (gst_element_set_state(shared.pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
        shared.fail(Reason::connect_failed, "the pipeline cannot be started");
    // Closed in between: whichever of the two was later, the last word is NULL.
    if (shared.closing.load()) gst_element_set_state(shared.pipeline, GST_STATE_NULL);
}

/// The first seek makes the file a segment, whose end is told without ending the stream.
void begin(Shared& shared) {
    seek_to_start(shared.pipeline, GST_SEEK_FLAG_FLUSH);
}

void begin_again(Shared& shared) {
    if (!seek_to_start(shared.pipeline, GST_SEEK_FLAG_NONE))
        shared.fail(Reason::ended, "the file ended and cannot be played again");
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
        run_apart(shared, begin);
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_SEGMENT_DONE) {
        run_apart(shared, begin_again);
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
        HeldPicture(
            view, gst_buffer_ref(buffer),
            [](void* owner) { gst_buffer_ref(static_cast<GstBuffer*>(owner)); },
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
    run_apart(*shared, play);
    return made;
}

Pipeline::~Pipeline() {
    shared_->closing.store(true);
    gst_element_set_state(shared_->pipeline, GST_STATE_NULL);
    gst_object_unref(shared_->pipeline);
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
