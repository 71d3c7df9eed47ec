// SPDX-License-Identifier: Apache-2.0
// A panel library in the process that draws it, with nothing in between: the peer of the wall in
// `./dev bench isolation`. It redraws what changed, as the wall does; with "null" it only finds out
// what that is, as the wall's null renderer does; with "call" the panel is called and no more.
//     in_process LIBRARY PANEL SETTINGS ATLAS WIDTH HEIGHT SCALE PICTURES HZ gl|null|call
// Prints the processor time per picture in microseconds.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/compositor/backend.h"
#include "core/compositor/gl_lists.h"
#include "core/compositor/list_diff.h"
#include "core/panel/host_api.h"
#include "core/panel/plugin.h"
#include "core/text/atlas.h"

namespace {

using namespace bw;

/// A wall without events.
struct Nobody : panel::Owner {
    void subscribe(uint64_t, std::string_view) override {}
    void command(uint64_t, std::string_view, std::string_view, std::string_view) override {}
    void save_view(uint64_t, std::string_view) override {}
    [[nodiscard]] int64_t space_wall_ns() const override { return base::wall_ns(); }
    [[nodiscard]] int32_t utc_offset_s() const override { return 0; }
};

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "in_process: %s\n", why.c_str());
    std::exit(1);
}

std::vector<char> bytes_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What an application has to keep that redraws only what changed, as the wall does: the last list,
/// to compare the next one with. Nothing is validated and nothing is sent.
class Kept {
  public:
    /// The rectangles that differ from the list before.
    std::vector<wall::RectPx> take(const bw_draw_list_t& given, const wall::RectPx& all) {
        std::swap(list_, before_);
        list_.clear();
        // The arrays have one shape on both sides; indices are 32 bits here.
        const auto* vertices = reinterpret_cast<const surface::Vertex*>(given.vertices);
        list_.vertices.assign(vertices, vertices + given.vertex_count);
        list_.indices.assign(given.indices, given.indices + given.index_count);
        for (uint32_t i = 0; i < given.command_count; ++i) {
            const bw_draw_command_t& c = given.commands[i];
            list_.commands.push_back({c.clip_x0, c.clip_y0, c.clip_x1, c.clip_y1, c.texture,
                                      c.first_index, c.count, c.video});
        }
        list_.pieces = surface::pieces_of(list_.vertices, list_.indices);
        return compositor::list_diff(before_, list_, all.width, all.height);
    }
    [[nodiscard]] const surface::DrawList& list() const { return list_; }

  private:
    surface::DrawList list_, before_;
};

/// GL as an application that has the panel in it would use it.
class Screen {
  public:
    Screen(const std::vector<char>& atlas, int width, int height) {
        auto viewed = text::Atlas::view(std::as_bytes(std::span(atlas)));
        auto backend = compositor::make_headless_backend();
        if (!viewed || !backend) fail("no glyphs, or no GL");
        atlas_ = std::move(*viewed);
        backend_ = std::move(*backend);
        if (auto opened = lists_.open(*atlas_); !opened) fail(opened.error().text);
        canvas_ = compositor::make_gl_canvas(width, height);
    }
    void draw(const surface::DrawList& list, const std::vector<wall::RectPx>& changed) {
        for (const wall::RectPx& part : changed) {
            compositor::fill(canvas_, part, 0xFF1A1512);
            compositor::Plan::List what;
            what.list = &list;
            what.clip = part;
            lists_.draw(canvas_, what);
        }
        glFinish();
    }

  private:
    std::unique_ptr<text::Atlas> atlas_;
    std::unique_ptr<compositor::Backend> backend_;
    compositor::GlLists lists_;
    compositor::Canvas canvas_;
};

double cpu_us() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    return us(used.ru_utime) + us(used.ru_stime);
}

void wait_until(int64_t at_ns) {
    const timespec at{at_ns / base::kSecond, at_ns % base::kSecond};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 11) fail("see the first lines of in_process.cpp");
    const std::vector<char> atlas = bytes_of(argv[4]);
    Nobody nobody;
    const panel::HostApi api(nobody, std::as_bytes(std::span(atlas)));
    auto plugin = panel::Plugin::load(argv[1], api.host());
    if (!plugin) fail(plugin.error().text);
    bw_panel_t* panel = (*plugin)->entry().create(api.host(), 1, argv[2]);
    if (panel == nullptr) fail("no such panel");
    bw_pane_config_t config{};
    config.width = static_cast<uint32_t>(std::atof(argv[5]));
    config.height = static_cast<uint32_t>(std::atof(argv[6]));
    config.scale = static_cast<float>(std::atof(argv[7]));
    config.pane = "bench";
    config.settings = argv[3];
    config.language = "zh";
    config.view = "{}";
    panel->configure(panel, &config);
    const wall::RectPx all{0, 0, static_cast<int>(config.width), static_cast<int>(config.height)};
    const std::string mode = argv[10];
    std::optional<Screen> screen;
    if (mode == "gl") screen.emplace(atlas, all.width, all.height);
    Kept kept;

    const int pictures = std::atoi(argv[8]);
    const int64_t period = base::kSecond / std::atoi(argv[9]);
    constexpr int kFirst = 30;  // the driver compiles, memory is touched
    double began = 0;
    int64_t due = base::mono_ns();
    for (int i = 0; i < kFirst + pictures; ++i) {
        if (i == kFirst) began = cpu_us();
        wait_until(due += period);
        bw_draw_list_t list{};
        if (!panel->draw(panel, &list)) fail("the panel draws nothing");
        if (mode == "call") continue;
        const auto changed = kept.take(list, all);
        if (changed.empty()) fail("no difference between two pictures");
        if (screen) screen->draw(kept.list(), changed);
    }
    std::printf("%.1f\n", (cpu_us() - began) / pictures);
    panel->destroy(panel);
    return 0;
}
