// SPDX-License-Identifier: Apache-2.0
// The peer of `./dev bench media`: the wall as a GStreamer pipeline, rtspsrc to compositor to an
// appsink that reads the frame code of every pane.
//   gst_wall PORT MOUNTS COUNT COLUMNS WIDTH HEIGHT FPS WARM_S SPAN_S
// Prints, of the span after warming up: CPU-seconds of this process, resident KiB at its end, and
// how many different pictures each pane had.
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Wall {
    int count = 0, columns = 0, width = 0, height = 0;
    std::mutex mutex;
    bool counting = false;
    std::vector<std::set<unsigned>> numbers;
};

/// plugins/demo_field/README.md: 32 cells, 20 bits of number, 6 of camera, 6 of check.
bool read_code(const guint8* row, int width, unsigned& number) {
    unsigned value = 0;
    for (int cell = 0; cell < 32; ++cell)
        value = value << 1 | (row[4 * static_cast<int>((cell + 0.5) * 16 * width / 640)] >= 126);
    unsigned check = 63;
    for (int shift = 0; shift < 26; shift += 6) check ^= (value >> 6) >> shift & 63;
    number = value >> 12;
    return check == (value & 63);
}

GstFlowReturn on_sample(GstAppSink* sink, gpointer data) {
    auto& wall = *static_cast<Wall*>(data);
    GstSample* sample = gst_app_sink_pull_sample(sink);
    GstMapInfo map;
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        std::lock_guard lock(wall.mutex);
        const int stride = wall.columns * wall.width * 4;
        for (int i = 0; wall.counting && i < wall.count; ++i) {
            const int y =
                i / wall.columns * wall.height + static_cast<int>(352.0 * wall.height / 360);
            unsigned number = 0;
            const guint8* row = map.data + y * stride + i % wall.columns * wall.width * 4;
            if (read_code(row, wall.width, number))
                wall.numbers[static_cast<size_t>(i)].insert(number);
        }
        gst_buffer_unmap(buffer, &map);
    }
    gst_sample_unref(sample);
    return GST_FLOW_OK;
}

double cpu_seconds() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

long resident_kib() {
    std::ifstream file("/proc/self/smaps_rollup");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("Pss:")) return std::atol(line.c_str() + 4);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 10) return 2;
    const auto number = [&](int i) { return std::atoi(argv[i]); };
    gst_init(nullptr, nullptr);
    Wall wall;
    wall.count = number(3);
    wall.columns = number(4);
    wall.width = number(5);
    wall.height = number(6);
    wall.numbers.resize(static_cast<size_t>(wall.count));
    const auto text = [](auto value) { return std::to_string(value); };
    const int rows = (wall.count + wall.columns - 1) / wall.columns;
    std::string line = "compositor name=c background=black max-threads=2";
    for (int i = 0; i < wall.count; ++i) {
        const std::string pad = " sink_" + text(i) + "::";
        line += pad + "xpos=" + text(i % wall.columns * wall.width) + pad +
                "ypos=" + text(i / wall.columns * wall.height) + pad + "width=" + text(wall.width) +
                pad + "height=" + text(wall.height);
    }
    line += " ! video/x-raw,format=BGRx,width=" + text(wall.columns * wall.width) +
            ",height=" + text(rows * wall.height) + ",framerate=" + argv[7] +
            "/1 ! appsink name=out sync=true max-buffers=2 drop=true";
    for (int i = 0; i < wall.count; ++i)
        line += std::string(
                    " rtspsrc protocols=tcp latency=60 drop-on-latency=true "
                    "location=rtsp://127.0.0.1:") +
                argv[1] + "/" + text(i % number(2)) +
                " ! rtph264depay ! h264parse ! avdec_h264 max-threads=1 ! queue max-size-buffers=3 "
                "leaky=downstream ! c.sink_" +
                text(i);
    GError* fault = nullptr;
    GstElement* pipeline = gst_parse_launch(line.c_str(), &fault);
    if (pipeline == nullptr) {
        std::fprintf(stderr, "gst_wall: %s\n", fault->message);
        return 1;
    }
    GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = on_sample;
    gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, &wall, nullptr);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    std::this_thread::sleep_for(std::chrono::seconds(number(8)));
    {
        std::lock_guard lock(wall.mutex);
        wall.counting = true;
    }
    const double before = cpu_seconds();
    std::this_thread::sleep_for(std::chrono::seconds(number(9)));
    const double used = cpu_seconds() - before;
    std::lock_guard lock(wall.mutex);
    std::printf("%.2f %ld", used, resident_kib());
    for (const auto& each : wall.numbers) std::printf(" %zu", each.size());
    std::printf("\n");
    std::fflush(stdout);
    _exit(0);
}
