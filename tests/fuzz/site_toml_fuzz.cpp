// SPDX-License-Identifier: Apache-2.0
// The same bytes as each of the site's files in turn: any text is a site or a list of faults. The
// first byte chooses the file; a site without faults must have a first layout, and every layout of
// it a scene that a compositor accepts.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/config/site.h"
#include "core/wall/lint.h"
#include "core/wall/scene.h"

namespace {

namespace fs = std::filesystem;

const fs::path& folder() {
    static const fs::path made = [] {
        std::string name = (fs::temp_directory_path() / "bw-fuzz-XXXXXX").string();
        if (!mkdtemp(name.data())) std::abort();
        fs::create_directories(fs::path(name) / "layouts");
        return fs::path(name);
    }();
    return made;
}

void write(const char* name, std::string_view text) {
    std::ofstream(folder() / name, std::ios::binary) << text;
}

constexpr const char* kFiles[] = {"wall.toml", "layouts/one.toml", "cameras.toml", "secrets.toml"};
constexpr const char* kWall =
    "title = { zh = \"x\", en = \"x\" }\nfirst_layout = \"one\"\nviewing_distance_mm = 4000\n"
    "[[display]]\nname = \"a\"\nx_mm = 0\ny_mm = 0\nwidth_mm = 1200\nheight_mm = 675\n"
    "width_px = 1280\nheight_px = 720\n";
constexpr const char* kLayout =
    "title = { zh = \"x\", en = \"x\" }\n[[grid]]\ndisplay = \"a\"\ncolumns = [\"1fr\"]\n"
    "rows = [\"1fr\"]\nareas = [\"c\"]\n[[pane]]\nid = \"c\"\nshows = \"camera/T-1\"\n";
constexpr const char* kCameras =
    "[[camera]]\nid = \"T-1\"\nname = { zh = \"x\", en = \"x\" }\nmain = \"test://ball\"\n";
constexpr const char* kPlain[] = {kWall, kLayout, kCameras, ""};

void check(const bw::config::Site& site) {
    (void)site.first_layout();
    for (const auto& layout : site.layouts) {
        const std::string json = bw::wall::to_json(bw::wall::resolve(site, layout));
        if (json.size() < 1 << 20 && !bw::wall::parse_scene(json)) std::abort();
    }
    (void)bw::wall::lint(site, 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) return 0;
    for (size_t i = 0; i < 4; ++i) write(kFiles[i], kPlain[i]);
    write(kFiles[data[0] % 4], {reinterpret_cast<const char*>(data) + 1, size - 1});
    fs::permissions(folder() / "secrets.toml", fs::perms::owner_read | fs::perms::owner_write);
    const auto site = bw::config::load_site(folder(), {});
    if (site.ok()) check(site.value);
    for (const auto& fault : site.faults)
        if (bw::config::to_string(fault).empty()) std::abort();
    (void)bw::config::load_secrets(folder());
    return 0;
}
