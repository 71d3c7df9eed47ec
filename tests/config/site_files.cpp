// SPDX-License-Identifier: Apache-2.0
#include "tests/config/site_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace bw::config::test {
namespace fs = std::filesystem;

TempFolder::TempFolder() {
    std::string name = "/tmp/bw-config-test-XXXXXX";
    path_ = mkdtemp(name.data());
}

TempFolder::~TempFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

void TempFolder::write(const Files& files) const {
    for (const auto& [name, text] : files) {
        const fs::path path = path_ / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        if (name == "secrets.toml") chmod(path.c_str(), 0600);
        if (name.ends_with("-service")) chmod(path.c_str(), 0700);
    }
}

Files full_site() {
    Files files;
    files["wall.toml"] = R"(title = { zh = "大厅", en = "Hall" }
language = "en"
bind = "displays"
viewing_distance_mm = 4000
refresh_hz = 50
first_layout = "one"
plugins = ["maps", "field"]
exercise = true
console_port = 9000
[restarts]
budget = 3
window_s = 30
[[display]]
name = "left"
x_mm = 0
y_mm = 0
width_mm = 1600
height_mm = 900
width_px = 1920
height_px = 1080
[[display]]
name = "right"
x_mm = 1610
width_mm = 1600
height_mm = 900
bezel_mm = { left = 6, top = 3, right = 5, bottom = 2.5 }
output = { maker = "DEL", model = "Wide", serial = "A1", connector = "DP-1" }
[[display]]
name = "column"
rotation = 90
x_mm = 3220
width_mm = 900
height_mm = 1600
bezel_mm = 4
[display.output]
maker = "EIZ"
connector = "DP-2"
[[zone]]
name = "main"
title = { zh = "主屏", en = "Main" }
displays = ["left", "right"]
[[zone]]
name = "side"
displays = ["column"]
)";
    files["layouts/one.toml"] = R"(title = { zh = "一", en = "One" }
key = "F2"
[[grid]]
display = "left"
columns = ["1fr", "300mm"]
rows = ["2fr", "1fr"]
gap_mm = 5
margin_mm = 10
areas = ["cam board", "cam list"]
[[grid]]
display = "right"
columns = ["1fr"]
rows = ["1fr"]
areas = ["wide"]
[[pane]]
id = "cam"
shows = "camera/C-1"
caption = false
z = -1
[[pane]]
id = "board"
shows = "maps/board"
title = "Board"
settings = { rows = 3, names = ["a", "b"], deep = { on = true, share = 0.5 } }
[[pane]]
id = "list"
shows = "maps/list"
[[pane]]
id = "wide"
shows = "camera/C-2"
)";
    files["layouts/two.toml"] = R"(key = "F1"
[[grid]]
columns = ["1fr"]
rows = ["1fr"]
areas = ["all"]
[[pane]]
id = "all"
shows = "maps/board"
)";
    files["layouts/three.toml"] = R"toml(transition = { kind = "fade", ms = 250 }
[[grid]]
columns = ["minmax(200mm, 1fr)", "2fr"]
rows = ["1fr"]
areas = ["cams near"]
[[pane]]
id = "cams"
shows = "sources"
margin_mm = 8
sources = { kind = "forest", town = "Shicheng", owner = "field", id_prefix = "C-", columns = 4, rows = 3, page_s = 9 }
[[pane]]
id = "near"
shows = "camera/C-1"
aspect = "crop"
focus = [0.25, 1]
)toml";
    files["cameras.toml"] = R"([[camera]]
id = "C-1"
name = { zh = "一号", en = "First" }
kind = "forest"
place = "Ridge"
main = "rtsp://192.0.2.1/main"
sub = "rtsp://192.0.2.1/sub"
position = [116.5, 40.25]
[[camera]]
id = "C-2"
owner = "field"
town = "Shicheng"
groups = ["north"]
)";
    files["roles.toml"] = R"([[role]]
name = "river_desk"
title = "River desk"
[[role.may]]
actions = ["take", "hold"]
zones = ["side", "left"]
groups = ["north"]
[[role]]
name = "logistics"
[[role.may]]
actions = ["plugin.maps.*"]
)";
    files["rules.toml"] = R"([limits]
takes = 4
within = "15m"
after_person = "90s"
[[rule]]
name = "river"
title = { zh = "河", en = "River" }
priority = 70
role = "river_desk"
[rule.when]
type = "maps.position."
subject = "gauge/"
level = "orange"
between = ["22:00", "06:00"]
for = "2m"
lasts = "30m"
field = [ { at = "/level_m", min = 2.5, max = 9 }, { at = "/state", is = ["high", 3, true], is_not = "test", there = true } ]
place = { center = [116.4, 39.9], radius_km = 20, from = "maps.place.v1" }
[rule.then]
take = "one"
fade_ms = 500
dwell = "3m"
hold = "1h30m"
return = false
attention = { title = "High water", level = 4, keep = "2h" }
[[rule]]
name = "many"
enabled = false
[rule.when]
type = "x.alarm.v1"
count = 5
within = "10m"
count_of = "subjects"
place = { box = [116, 39, 117, 40] }
[rule.then]
focus = "wide"
[[rule]]
name = "quiet"
when = { type = "beaconwall.source.state.v1", subject = "camera/C-1", place = { polygon = [[0, 0], [1, 0], [1, 1]] } }
then = { preview = "two" }
)";
    files["secrets.toml"] = R"([[camera]]
id = "C-1"
user = "viewer"
password = "hunter2-hunter2"
)";
    return files;
}

Files full_plugins() {
    Files files;
    files["maps/plugin.toml"] = R"(name = "maps"
version = "1.2.3"
vendor = "Someone"
title = { zh = "图", en = "Maps" }
library = "maps.so"
service = "maps-service"
publishes = ["maps.position."]
subscribes = ["beaconwall.source.v1"]
owns = ["maps.place.v1"]
[[panel]]
id = "board"
title = "Board"
commands = ["maps.show.v1"]
[[panel]]
id = "list"
)";
    files["maps/schemas/maps.place.v1.json"] = R"({ "type": "object", "examples": [{}] }
)";
    files["maps/schemas/settings/board.json"] = R"({
  "type": "object", "additionalProperties": false,
  "properties": {
    "rows": { "type": "integer", "minimum": 1 },
    "names": { "type": "array", "items": { "type": "string" } },
    "deep": { "type": "object", "additionalProperties": { "type": ["boolean", "number"] } }
  }
}
)";
    files["maps/maps.so"] = "";
    files["maps/maps-service"] = "";
    files["field/plugin.toml"] = "name = \"field\"\nservice = \"field-service\"\n";
    files["field/field-service"] = "";
    files["radio/plugin.toml"] = R"(name = "radio"
service = "radio-service"
licence = "MIT"
network = ["192.0.2.0/24:502", "localhost:1883"]
files = ["/dev/ttyS0"]
extensions = ["beaconwall.glyphs/1"]
)";
    files["radio/radio-service"] = "";
    return files;
}

void replace(Files& files, const std::string& file, const std::string& from,
             const std::string& to) {
    std::string& text = files.at(file);
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << file << " has no " << from;
    ASSERT_EQ(text.find(from, at + 1), std::string::npos) << file << " has more than one " << from;
    text.replace(at, from.size(), to);
}

Loaded<std::vector<Plugin>> find(const TempFolder& plugins) {
    return find_plugins({plugins.path()});
}

Loaded<Site> load(const Files& site) {
    const TempFolder plugins, folder;
    plugins.write(full_plugins());
    folder.write(site);
    const auto found = find(plugins);
    EXPECT_TRUE(found.ok()) << list(found.faults);
    return load_site(folder.path(), found.value);
}

fs::path source_folder() {
    const char* folder = std::getenv("BEACONWALL_SOURCE");
    return folder ? folder : fs::current_path();
}

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    EXPECT_TRUE(in) << path;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string list(const std::vector<Fault>& faults) {
    std::string text;
    for (const Fault& fault : faults) text += to_string(fault) + "\n";
    return text;
}

}  // namespace bw::config::test
