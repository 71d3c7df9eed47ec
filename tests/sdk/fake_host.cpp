// SPDX-License-Identifier: Apache-2.0
#include "fake_host.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace bw::test {
namespace {

[[noreturn]] void die(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::abort();
}

std::vector<char> read_all(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> bytes(std::filesystem::file_size(path));
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

}  // namespace

base::UniqueFd baked_atlas(double scale) {
    const char* build = std::getenv("BEACONWALL_BUILD");
    std::filesystem::path path = std::filesystem::path(build != nullptr ? build : ".") / "tests" /
                                 ("glyphs-" + std::to_string(scale) + ".bin");
    auto program = path.parent_path().parent_path() / "libexec/beaconwall-glyphs";
    std::error_code none;
    bool fresh =
        std::filesystem::exists(path, none) && std::filesystem::last_write_time(path, none) >
                                                   std::filesystem::last_write_time(program, none);
    if (!fresh) {
        std::string command = program.string() + " " + path.string() + " " + std::to_string(scale);
        if (std::system(command.c_str()) != 0) die("cannot bake: " + command);
    }
    std::vector<char> bytes = read_all(path);
    auto fd = base::make_sealed_memfd("glyphs", bytes.size());
    if (!fd) die(fd.error().text);
    auto map = base::Mapping::map(fd->get(), 0, base::Access::read_write);
    if (!map) die(map.error().text);
    std::memcpy(map->data(), bytes.data(), bytes.size());
    return std::move(*fd);
}

struct FakeHost::Calls {
    static FakeHost& self(const bw_host_t* host) { return *static_cast<FakeHost*>(host->context); }
    static void write(const bw_host_t* host, uint32_t, const char* text) {
        self(host).log.emplace_back(text);
    }
    static void subscribe(const bw_host_t* host, uint64_t, const char* prefix) {
        self(host).subscribed.emplace_back(prefix);
    }
    static void command(const bw_host_t* host, uint64_t, const char* type, const char* subject,
                        const char* data) {
        self(host).commands.push_back(std::string(type) + " " + subject + " " + data);
    }
    static int64_t mono(const bw_host_t* host) { return self(host).mono_ns; }
    static int64_t wall(const bw_host_t* host) { return self(host).wall_ns; }
    static int32_t offset(const bw_host_t* host) { return self(host).utc_offset_s; }
    static void save(const bw_host_t* host, uint64_t, const char* json) {
        self(host).views.emplace_back(json);
    }
    static const bw_keepout_t* keepouts(const bw_host_t* host, uint64_t, uint32_t* count) {
        *count = static_cast<uint32_t>(self(host).keepouts.size());
        return self(host).keepouts.data();
    }
    static uint32_t create_texture(const bw_host_t* host, uint64_t, uint32_t width,
                                   uint32_t height) {
        FakeHost& to = self(host);
        if (to.refuses_textures) return 0;
        text::Image& image = to.textures[++to.last_texture_];
        image.width = static_cast<int>(width);
        image.height = static_cast<int>(height);
        image.pixels.resize(size_t{width} * height);
        return to.last_texture_;
    }
    static bool write_texture(const bw_host_t* host, uint64_t, uint32_t texture,
                              const bw_texture_part_t* part) {
        text::Image& image = self(host).textures.at(texture);
        for (uint32_t y = 0; y < part->height; ++y)
            std::memcpy(&image.at(static_cast<int>(part->x), static_cast<int>(part->y + y)),
                        static_cast<const char*>(part->rgba) + size_t{y} * part->stride,
                        size_t{4} * part->width);
        return true;
    }
    static void destroy_texture(const bw_host_t* host, uint64_t, uint32_t texture) {
        self(host).textures.erase(texture);
    }
    static const void* get_extension(const bw_host_t* host, const char* id) {
        static const bw_ext_log_t log{write};
        static const bw_ext_events_t events{subscribe, command};
        static const bw_ext_clock_t clock{mono, wall, offset};
        static const bw_ext_view_t view{save};
        static const bw_ext_keepouts_t keep{Calls::keepouts};
        static const bw_ext_textures_t own{create_texture, write_texture, destroy_texture};
        std::string_view wanted = id;
        if (wanted == BW_EXT_LOG) return &log;
        if (wanted == BW_EXT_EVENTS) return &events;
        if (wanted == BW_EXT_CLOCK) return &clock;
        if (wanted == BW_EXT_VIEW) return &view;
        if (wanted == BW_EXT_KEEPOUTS) return &keep;
        if (wanted == BW_EXT_GLYPHS) return &self(host).glyphs_;
        if (wanted == BW_EXT_TEXTURES && self(host).has_textures) return &own;
        return nullptr;
    }
};

FakeHost::FakeHost(const bw_panel_entry_t& entry, double scale, bool with_textures)
    : has_textures(with_textures), entry_(entry) {
    base::UniqueFd fd = baked_atlas(scale);
    auto map = base::Mapping::map(fd.get(), 0, base::Access::read_only);
    if (!map) die(map.error().text);
    mapping_ = std::move(*map);
    auto atlas = text::Atlas::map(fd.get());
    if (!atlas) die(atlas.error().text);
    atlas_ = std::move(*atlas);
    glyphs_ = {mapping_.data(), mapping_.size()};
    host_ = {BW_ABI_VERSION, this, Calls::get_extension};
    if (!entry_.init(&host_)) die("init said no");
}

FakeHost::~FakeHost() {
    entry_.deinit();
}

void FakeHost::configure(bw_panel_t* panel, uint32_t width, uint32_t height, float scale,
                         const char* language, const char* settings) {
    bw_pane_config_t config{width, height, scale, "pane-1", settings, language, "{}"};
    panel->configure(panel, &config);
}

}  // namespace bw::test
