// SPDX-License-Identifier: Apache-2.0
// Cameras for the benches: an RTSP server on 127.0.0.1 that plays one encoded film round and round
// at many mounts, each at another place of it, with running time stamps and no encoder.
//   camera_server FILM MOUNTS FPS [TIMES]    FILM: H.264, Annex B, access unit delimiters; mounts
//   /0, /1 …; TIMES: a file that gets "PICTURE CLOCK_MONOTONIC" of mount /0, as each is sent
// Prints "listening on port N". Whoever comes gets the mount's one live stream.
#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using Units = std::vector<GstBuffer*>;
Units film;
int fps = 15;
FILE* times = nullptr;

/// Cut at the delimiters (NAL type 9).
Units read_film(const char* path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    constexpr std::string_view delimiter("\0\0\0\1\x09", 5);
    Units units;
    for (size_t at = bytes.find(delimiter); at != std::string::npos;) {
        const size_t next = bytes.find(delimiter, at + 1);
        const std::string unit = bytes.substr(at, next == std::string::npos ? next : next - at);
        GstBuffer* buffer = gst_buffer_new_allocate(nullptr, unit.size(), nullptr);
        gst_buffer_fill(buffer, 0, unit.data(), unit.size());
        units.push_back(buffer);
        at = next;
    }
    return units;
}

void note(size_t picture) {
    std::fprintf(times, "%zu %lld\n", picture,
                 static_cast<long long>(std::chrono::steady_clock::now().time_since_epoch() /
                                        std::chrono::nanoseconds(1)));
    std::fflush(times);
}

/// Pushes until nobody takes any more.
void play(GstElement* in, size_t at) {
    const bool noted = times != nullptr && at == 0;
    auto next = std::chrono::steady_clock::now();
    while (true) {
        if (noted) note(at % film.size());
        GstBuffer* unit = gst_buffer_copy(film[at++ % film.size()]);
        if (gst_app_src_push_buffer(GST_APP_SRC(in), unit) != GST_FLOW_OK) break;
        next += std::chrono::nanoseconds(1'000'000'000 / fps);
        std::this_thread::sleep_until(next);
    }
    gst_object_unref(in);
}

void on_media(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer data) {
    GstElement* bin = gst_rtsp_media_get_element(media);
    GstElement* in = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "in");
    gst_object_unref(bin);
    std::thread(play, in, GPOINTER_TO_SIZE(data)).detach();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4 && argc != 5) {
        std::fprintf(stderr, "usage: camera_server FILM MOUNTS FPS [TIMES]\n");
        return 2;
    }
    gst_init(nullptr, nullptr);
    film = read_film(argv[1]);
    const int mounts = std::atoi(argv[2]);
    fps = std::atoi(argv[3]);
    if (argc == 5) times = std::fopen(argv[4], "w");
    if (film.empty() || mounts < 1 || fps < 1) {
        std::fprintf(stderr, "camera_server: no film with access unit delimiters, or no numbers\n");
        return 2;
    }
    GstRTSPServer* server = gst_rtsp_server_new();
    gst_rtsp_server_set_address(server, "127.0.0.1");
    gst_rtsp_server_set_service(server, "0");
    GstRTSPMountPoints* places = gst_rtsp_server_get_mount_points(server);
    for (int i = 0; i < mounts; ++i) {
        GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
        gst_rtsp_media_factory_set_launch(
            factory,
            "( appsrc name=in is-live=true do-timestamp=true format=time "
            "caps=video/x-h264,stream-format=byte-stream,alignment=au ! h264parse ! "
            "rtph264pay config-interval=-1 name=pay0 pt=96 )");
        gst_rtsp_media_factory_set_shared(factory, TRUE);
        gst_rtsp_media_factory_set_protocols(factory, GST_RTSP_LOWER_TRANS_TCP);
        // Key frames of different cameras do not come at one moment.
        const size_t start = film.size() * static_cast<size_t>(i) / static_cast<size_t>(mounts);
        g_signal_connect(factory, "media-configure", G_CALLBACK(on_media), GSIZE_TO_POINTER(start));
        gst_rtsp_mount_points_add_factory(places, ("/" + std::to_string(i)).c_str(), factory);
    }
    g_object_unref(places);
    if (gst_rtsp_server_attach(server, nullptr) == 0) return 1;
    std::printf("listening on port %d\n", gst_rtsp_server_get_bound_port(server));
    std::fflush(stdout);
    g_main_loop_run(g_main_loop_new(nullptr, FALSE));
}
