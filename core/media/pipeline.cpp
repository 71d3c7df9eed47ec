// SPDX-License-Identifier: Apache-2.0
#include "core/media/pipeline.h"

#include <gst/app/gstappsink.h>

#include <algorithm>

#include "core/base/clock.h"
#include "core/media/gst.h"
#include "core/media/pipeline_shared.h"
#include "core/media/unit_of.h"

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
        if (!shared.still) shared.fail(Reason::ended, "the stream ended");
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ASYNC_DONE && shared.loops &&
               !shared.begun.exchange(true)) {
        run_apart(shared, begin);
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_SEGMENT_DONE) {
        run_apart(shared, begin_again);
    }
    gst_message_unref(message);
    return GST_BUS_DROP;
}

/// When a unit is to be decoded, by the clock that runs on when a file begins anew. A bare stream
/// may know no times: then 25 a second.
int64_t running_time(const Shared& shared, const GstSegment& segment, const GstBuffer& buffer) {
    const GstClockTime stamp = GST_BUFFER_DTS_OR_PTS(&buffer);
    if (segment.format != GST_FORMAT_TIME || !GST_CLOCK_TIME_IS_VALID(stamp))
        return shared.time_ns + 40 * base::kMillisecond;
    guint64 time = 0;
    const int sign = gst_segment_to_running_time_full(&segment, GST_FORMAT_TIME, stamp, &time);
    return sign * static_cast<int64_t>(time);
}

void put(Shared& shared, SamplePtr sample) {
    GstCaps* caps = gst_sample_get_caps(sample.get());
    if (!shared.caps || gst_caps_is_equal(shared.caps.get(), caps) == FALSE)
        shared.caps = hold(gst_caps_ref(caps));
    GstBuffer* buffer = gst_buffer_ref(gst_sample_get_buffer(sample.get()));
    shared.time_ns = running_time(shared, *gst_sample_get_segment(sample.get()), *buffer);
    sample.reset();
    buffer = gst_buffer_make_writable(buffer);
    Unit unit;
    unit.key = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) == FALSE;
    unit.bytes = gst_buffer_get_size(buffer);
    unit.caps = shared.caps;
    // What cameras say of time jumps, stands still and goes back; when a unit came does not. The
    // decoder's pictures come out in their right order whatever their stamps.
    GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
    unit.buffer = hold(buffer);
    stamp(unit, shared.arrived_ns);
    if (shared.line)
        shared.line->put(std::move(unit), shared.time_ns);
    else
        shared.opening.flow->put(std::move(unit));
}

void show(Shared& shared, const SamplePtr& sample) {
    GstVideoInfo info;
    if (gst_video_info_from_caps(&info, gst_sample_get_caps(sample.get())) == FALSE) return;
    auto picture = held_picture(gst_buffer_ref(gst_sample_get_buffer(sample.get())), info);
    if (picture.valid()) shared.opening.flow->show(std::move(picture), shared.arrived_ns);
}

GstFlowReturn on_sample(GstAppSink* sink, gpointer data) {
    Shared& shared = Shared::arrive(data);
    SamplePtr sample{gst_app_sink_pull_sample(sink)};
    if (!sample || gst_sample_get_buffer(sample.get()) == nullptr) return GST_FLOW_OK;
    shared.arrived_ns = std::max(base::mono_ns(), shared.arrived_ns + 1);
    if (media_of(gst_sample_get_caps(sample.get())) == "video/x-raw")
        show(shared, sample);
    else
        put(shared, std::move(sample));
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
    if (shared_->line) shared_->line->close();
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

int64_t Pipeline::true_at_ns(int64_t now) const {
    return shared_->still ? now : 0;
}

}  // namespace bw::media
