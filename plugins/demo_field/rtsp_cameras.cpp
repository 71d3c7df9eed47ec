// SPDX-License-Identifier: Apache-2.0
#include "rtsp_cameras.h"

#include <beaconwall/service/clock.h>
#include <beaconwall/service/log.h>
#include <beaconwall/service/mutex.h>
#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "camera_painter.h"

namespace bw::demo_field {
namespace {

constexpr int64_t kFrameNs = base::kSecond / 15;
constexpr gsize kPictureBytes = kCameraWidth * kCameraHeight * 3 / 2;
constexpr guint64 kMostQueuedBytes = 4 * kPictureBytes;  // an encoder that falls behind skips

constexpr const char* kLaunch =
    "( appsrc name=drawn is-live=true do-timestamp=true format=time "
    "caps=video/x-raw,format=I420,width=640,height=360,framerate=15/1,colorimetry=bt601 ! "
    "x264enc speed-preset=ultrafast tune=zerolatency threads=1 bitrate=900 key-int-max=15 ! "
    "h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )";

/// One camera: its plan, and while it is watched the appsrc that takes its pictures. Shared with
/// the signals that name it: the server's own threads end some time after the server is gone.
struct Mount {
    CameraPlan plan;
    uint32_t number = 0;
    std::unique_ptr<Painter> painter;  // the drawing thread's, made at the first picture
    GstBufferPool* pool = nullptr;     // likewise
    int64_t due_ns = 0;                // likewise
    base::Mutex mutex;
    GstElement* source BW_GUARDED_BY(mutex) = nullptr;   // a reference of ours
    GstRTSPMedia* media BW_GUARDED_BY(mutex) = nullptr;  // compared only
};

using SharedMount = std::shared_ptr<Mount>;

/// Connects a signal whose handler gets a SharedMount of its own.
void connect(gpointer object, const char* signal, GCallback handler, const SharedMount& mount) {
    g_signal_connect_data(
        object, signal, handler, new SharedMount(mount),
        [](gpointer data, GClosure*) { delete static_cast<SharedMount*>(data); },
        static_cast<GConnectFlags>(0));
}

void on_unprepared(GstRTSPMedia* media, gpointer data) {
    auto& mount = **static_cast<SharedMount*>(data);
    base::Lock lock(mount.mutex);
    if (mount.media != media) return;  // a newer one plays already
    gst_clear_object(&mount.source);
    mount.media = nullptr;
}

void on_media(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer data) {
    const auto& shared = *static_cast<SharedMount*>(data);
    auto& mount = *shared;
    GstElement* bin = gst_rtsp_media_get_element(media);
    GstElement* source = gst_bin_get_by_name(GST_BIN(bin), "drawn");
    gst_object_unref(bin);
    connect(media, "unprepared", G_CALLBACK(on_unprepared), shared);
    base::Lock lock(mount.mutex);
    gst_clear_object(&mount.source);
    mount.source = source;
    mount.media = media;
}

GstElement* watched(Mount& mount) {
    base::Lock lock(mount.mutex);
    return mount.source != nullptr ? GST_ELEMENT(gst_object_ref(mount.source)) : nullptr;
}

/// One stream under every path: a viewer of any of them joins the encoder that runs already.
GstRTSPMediaFactory* make_factory() {
    static const GType type = g_type_register_static_simple(
        GST_TYPE_RTSP_MEDIA_FACTORY, "BwOneStreamFactory", sizeof(GstRTSPMediaFactoryClass),
        [](gpointer klass, gpointer) {
            GST_RTSP_MEDIA_FACTORY_CLASS(klass)->gen_key =
                [](GstRTSPMediaFactory*, const GstRTSPUrl*) { return g_strdup("one"); };
        },
        sizeof(GstRTSPMediaFactory), nullptr, static_cast<GTypeFlags>(0));
    auto* factory = GST_RTSP_MEDIA_FACTORY(g_object_new(type, nullptr));
    gst_rtsp_media_factory_set_launch(factory, kLaunch);
    gst_rtsp_media_factory_set_shared(factory, TRUE);
    gst_rtsp_media_factory_set_protocols(factory, GST_RTSP_LOWER_TRANS_TCP);
    return factory;
}

GstBufferPool* make_pool() {
    GstBufferPool* pool = gst_buffer_pool_new();
    GstStructure* config = gst_buffer_pool_get_config(pool);
    gst_buffer_pool_config_set_params(config, nullptr, kPictureBytes, 2, 0);
    gst_buffer_pool_set_config(pool, config);
    gst_buffer_pool_set_active(pool, TRUE);
    return pool;
}

gboolean clean_sessions(gpointer server) {
    GstRTSPSessionPool* pool = gst_rtsp_server_get_session_pool(GST_RTSP_SERVER(server));
    gst_rtsp_session_pool_cleanup(pool);
    g_object_unref(pool);
    return G_SOURCE_CONTINUE;
}

}  // namespace

struct RtspCameras::Impl {
    std::vector<CameraPlan> plans;
    std::vector<SharedMount> mounts;
    SmokeIn smoke_in;
    std::unique_ptr<Studio> studio;  // the drawing thread's
    GMainContext* context = nullptr;
    GMainLoop* loop = nullptr;
    GstRTSPServer* server = nullptr;
    std::thread serving, drawing;
    std::atomic<bool> ending{false};

    bool listen();
    void draw_all();
    void prepare(Mount& mount) const;
    bool prepare_one() const;
    void draw(Mount& mount, GstElement* source, int64_t now);
    ~Impl();
};

bool RtspCameras::Impl::listen() {
    context = g_main_context_new();
    loop = g_main_loop_new(context, FALSE);
    server = gst_rtsp_server_new();
    gst_rtsp_server_set_address(server, "127.0.0.1");
    gst_rtsp_server_set_service(server, "0");
    GstRTSPMountPoints* points = gst_rtsp_server_get_mount_points(server);
    for (auto& mount : mounts) {
        GstRTSPMediaFactory* factory = make_factory();
        connect(factory, "media-configure", G_CALLBACK(on_media), mount);
        for (const auto& plan : plans)
            if (plan.id == mount->plan.id || plan.like == mount->plan.id)
                gst_rtsp_mount_points_add_factory(points, ("/" + plan.id).c_str(),
                                                  GST_RTSP_MEDIA_FACTORY(g_object_ref(factory)));
        g_object_unref(factory);
    }
    g_object_unref(points);
    if (gst_rtsp_server_attach(server, context) == 0) return false;
    GSource* timer = g_timeout_source_new_seconds(5);
    g_source_set_callback(timer, clean_sessions, server, nullptr);
    g_source_attach(timer, context);
    g_source_unref(timer);
    return true;
}

void RtspCameras::Impl::prepare(Mount& mount) const {
    if (mount.painter) return;
    mount.painter = std::make_unique<Painter>(mount.plan, mount.number, *studio);
    mount.pool = make_pool();
}

/// A panorama takes a tenth of a second: drawn ahead, so that the first look does not wait.
bool RtspCameras::Impl::prepare_one() const {
    for (const auto& mount : mounts)
        if (!mount->painter) {
            prepare(*mount);
            return true;
        }
    return false;
}

void RtspCameras::Impl::draw(Mount& mount, GstElement* source, int64_t now) {
    if (gst_app_src_get_current_level_bytes(GST_APP_SRC(source)) > kMostQueuedBytes) return;
    prepare(mount);
    GstBuffer* buffer = nullptr;
    if (gst_buffer_pool_acquire_buffer(mount.pool, &buffer, nullptr) != GST_FLOW_OK) return;
    GstMapInfo map;
    if (!gst_buffer_map(buffer, &map, GST_MAP_WRITE)) return gst_buffer_unref(buffer);
    constexpr int kLuma = kCameraWidth * kCameraHeight;
    const Planes planes{map.data, map.data + kLuma, map.data + kLuma * 5 / 4, kCameraWidth,
                        kCameraWidth / 2};
    mount.painter->paint(planes, now, base::wall_ns(), smoke_in(mount.plan.id));
    gst_buffer_unmap(buffer, &map);
    gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
}

void RtspCameras::Impl::draw_all() {
    while (!ending.load()) {
        const int64_t now = base::mono_ns();
        int64_t wake = now + 50 * base::kMillisecond;
        for (auto& mount : mounts) {
            GstElement* source = watched(*mount);
            if (source == nullptr) continue;
            if (now >= mount->due_ns) {
                draw(*mount, source, now);
                // Each camera has its own place within the frame time, so that their encoders do
                // not all run at once; what was missed is skipped.
                const int64_t phase =
                    kFrameNs * mount->number / static_cast<int64_t>(mounts.size());
                mount->due_ns = ((now - phase) / kFrameNs + 1) * kFrameNs + phase;
            }
            wake = std::min(wake, mount->due_ns);
            gst_object_unref(source);
        }
        if (prepare_one()) continue;
        const int64_t left = wake - base::mono_ns();
        if (left > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(left));
    }
}

RtspCameras::Impl::~Impl() {
    ending.store(true);
    if (drawing.joinable()) drawing.join();
    if (loop != nullptr) g_main_loop_quit(loop);
    if (serving.joinable()) serving.join();
    if (server != nullptr) g_object_unref(server);
    if (loop != nullptr) g_main_loop_unref(loop);
    if (context != nullptr) g_main_context_unref(context);
    for (auto& mount : mounts) {
        mount->painter.reset();  // draws from the studio, which goes with us
        base::Lock lock(mount->mutex);
        gst_clear_object(&mount->source);
        gst_clear_object(&mount->pool);
    }
}

RtspCameras::RtspCameras(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RtspCameras::~RtspCameras() = default;

base::Result<std::unique_ptr<RtspCameras>> RtspCameras::start(std::vector<CameraPlan> plans,
                                                              SmokeIn smoke_in) {
    if (!gst_init_check(nullptr, nullptr, nullptr))
        return base::Error{"system", "GStreamer does not start"};
    auto studio = Studio::open();
    if (!studio) return studio.error();
    auto impl = std::make_unique<Impl>();
    impl->plans = std::move(plans);
    impl->smoke_in = std::move(smoke_in);
    impl->studio = std::move(*studio);
    const auto drawn = [&all = impl->plans](const std::string& id) {
        return std::any_of(all.begin(), all.end(), [&id](const CameraPlan& plan) {
            return plan.id == id && plan.like.empty();
        });
    };
    for (const auto& plan : impl->plans) {
        if (!plan.like.empty() && !drawn(plan.like))
            return base::Error{"invalid", plan.id + " is like " + plan.like +
                                              ", which is no camera that is drawn"};
        if (!plan.like.empty()) continue;
        impl->mounts.push_back(std::make_shared<Mount>());
        impl->mounts.back()->plan = plan;
        impl->mounts.back()->number = static_cast<uint32_t>(impl->mounts.size());
    }
    if (!impl->listen()) return base::Error{"system", "no port on 127.0.0.1 for the cameras"};
    impl->serving = std::thread([run = impl.get()] { g_main_loop_run(run->loop); });
    impl->drawing = std::thread([run = impl.get()] { run->draw_all(); });
    return std::unique_ptr<RtspCameras>(new RtspCameras(std::move(impl)));
}

std::string RtspCameras::uri(const CameraPlan& plan) const {
    return "rtsp://127.0.0.1:" + std::to_string(gst_rtsp_server_get_bound_port(impl_->server)) +
           "/" + plan.id;
}

const std::vector<CameraPlan>& RtspCameras::plans() const {
    return impl_->plans;
}

}  // namespace bw::demo_field
