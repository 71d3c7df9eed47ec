// SPDX-License-Identifier: Apache-2.0
// A camera for tests: an RTSP server on 127.0.0.1 with one live H.264 stream.
//   rtsp_server [--port N] [--mount /PATH] [--user U --password P] [--width W --height H] [--fps F]
//               [--encoding h264|theora|jpeg] [--pictures N] [--gop PICTURES, else a second]
//               [--transport tcp|udp] [--certificate FILE: PEM, with its key; RTSP in TLS]
// Prints "listening on port N" when it does. Port 0: a free one. --pictures: the stream ends after
// so many. It runs until it is killed: what a dead camera does, tests do to it by signals.
#include <gst/rtsp-server/rtsp-server.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

namespace {

std::string launch_line(std::map<std::string, std::string>& options) {
    const bool theora = options["--encoding"] == "theora";
    const bool jpeg = options["--encoding"] == "jpeg";
    return "( videotestsrc is-live=true pattern=ball num-buffers=" + options["--pictures"] +
           " ! video/x-raw,format=I420,width=" + options["--width"] +
           ",height=" + options["--height"] + ",framerate=" + options["--fps"] + "/1 ! " +
           (theora ? "theoraenc ! rtptheorapay"
            : jpeg ? "jpegenc ! rtpjpegpay"
                   : "x264enc speed-preset=ultrafast tune=zerolatency threads=1 bitrate=800 "
                     "key-int-max=" +
                         options[options["--gop"].empty() ? "--fps" : "--gop"] +
                         " ! h264parse ! rtph264pay config-interval=-1") +
           " name=pay0 pt=96 )";
}

bool use_certificate(GstRTSPAuth* auth, const std::string& file) {
    GError* fault = nullptr;
    GTlsCertificate* certificate = g_tls_certificate_new_from_file(file.c_str(), &fault);
    if (certificate == nullptr) {
        std::fprintf(stderr, "rtsp_server: %s\n", fault->message);
        return false;
    }
    gst_rtsp_auth_set_tls_certificate(auth, certificate);
    g_object_unref(certificate);
    return true;
}

/// Without a user anyone is a viewer.
bool require_login(GstRTSPServer* server, GstRTSPMediaFactory* factory, const std::string& user,
                   const std::string& password, const std::string& certificate) {
    GstRTSPAuth* auth = gst_rtsp_auth_new();
    if (!certificate.empty() && !use_certificate(auth, certificate)) return false;
    GstRTSPToken* token =
        gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", nullptr);
    if (user.empty()) {
        gst_rtsp_auth_set_default_token(auth, token);
    } else {
        gchar* basic = gst_rtsp_auth_make_basic(user.c_str(), password.c_str());
        gst_rtsp_auth_add_basic(auth, basic, token);
        g_free(basic);
    }
    gst_rtsp_token_unref(token);
    gst_rtsp_server_set_auth(server, auth);
    g_object_unref(auth);
    GstRTSPPermissions* permissions = gst_rtsp_permissions_new();
    gst_rtsp_permissions_add_role(permissions, "viewer", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                  G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                  G_TYPE_BOOLEAN, TRUE, nullptr);
    gst_rtsp_media_factory_set_permissions(factory, permissions);
    gst_rtsp_permissions_unref(permissions);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    std::map<std::string, std::string> options = {
        {"--port", "0"},      {"--mount", "/one"}, {"--user", ""},         {"--password", ""},
        {"--width", "640"},   {"--height", "360"}, {"--fps", "15"},        {"--encoding", "h264"},
        {"--pictures", "-1"}, {"--gop", ""},       {"--transport", "tcp"}, {"--certificate", ""}};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!options.contains(argv[i])) {
            std::fprintf(stderr, "rtsp_server: unknown option %s\n", argv[i]);
            return 2;
        }
        options[argv[i]] = argv[i + 1];
    }
    gst_init(nullptr, nullptr);
    GstRTSPServer* server = gst_rtsp_server_new();
    gst_rtsp_server_set_address(server, "127.0.0.1");
    gst_rtsp_server_set_service(server, options["--port"].c_str());
    GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
    gst_rtsp_media_factory_set_launch(factory, launch_line(options).c_str());
    gst_rtsp_media_factory_set_shared(factory, TRUE);
    gst_rtsp_media_factory_set_protocols(factory, options["--transport"] == "udp"
                                                      ? GST_RTSP_LOWER_TRANS_UDP
                                                      : GST_RTSP_LOWER_TRANS_TCP);
    const bool closed = !options["--user"].empty() || !options["--certificate"].empty();
    if (closed && !require_login(server, factory, options["--user"], options["--password"],
                                 options["--certificate"]))
        return 1;
    GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
    gst_rtsp_mount_points_add_factory(mounts, options["--mount"].c_str(), factory);
    g_object_unref(mounts);
    if (gst_rtsp_server_attach(server, nullptr) == 0) {
        std::fprintf(stderr, "rtsp_server: cannot listen on port %s\n", options["--port"].c_str());
        return 1;
    }
    std::printf("listening on port %d\n", gst_rtsp_server_get_bound_port(server));
    std::fflush(stdout);
    g_main_loop_run(g_main_loop_new(nullptr, FALSE));
}
