// SPDX-License-Identifier: Apache-2.0
#include "core/wall/layout_toml.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "core/config/readers.h"

namespace bw::wall::test {
namespace {

using config::Layout;

/// Reads what was written, as a site does; names of other files are not checked.
Layout read(const std::string& text, const std::string& name) {
    const config::Parsed parsed = config::parse_toml(text);
    EXPECT_TRUE(parsed.ok) << parsed.text << "\n" << text;
    std::vector<config::Fault> faults;
    config::Report report(faults, name + ".toml");
    const std::vector<config::Plugin> none;
    config::Known known;
    known.plugins = &none;
    const Layout layout = config::read_layout(parsed.root, name, report, known).layout;
    for (const config::Fault& fault : faults)
        if (fault.number != config::fault::unknown_panel)  // no plugin is known here
            ADD_FAILURE() << config::to_string(fault) << "\n" << text;
    return layout;
}

class Random {
  public:
    explicit Random(unsigned seed) : random_(seed) {}
    unsigned below(unsigned n) { return random_() % n; }
    bool often() { return below(3) != 0; }
    double number(double least, double most) {
        const double share = static_cast<double>(random_()) / static_cast<double>(random_.max());
        const double value = least + share * (most - least);
        return often() ? std::round(value * 10) / 10 : value;
    }
    template <class T>
    T of(std::initializer_list<T> list) {
        return *(list.begin() + below(static_cast<unsigned>(list.size())));
    }

  private:
    std::mt19937 random_;
};

config::Text text(Random& r) {
    const auto word = [&r] {
        return std::string(r.of({"", "水情", "Two \"words\"", "back\\slash", "# no comment", "é"}));
    };
    return {word(), word()};
}

config::Track track(Random& r) {
    config::Track t;
    t.value = r.number(0.1, 20);
    if (r.below(3) == 0) {
        t.unit = config::Track::Unit::millimetres;
        t.value = r.number(1, 900);
    } else if (r.below(3) == 0) {
        t.minimum_mm = r.number(1, 500);
    }
    return t;
}

config::Pane pane(Random& r, const std::string& id) {
    config::Pane p;
    p.id = id;
    p.title = text(r);
    p.caption = r.often();
    if (r.below(3) == 0) p.z = static_cast<int>(r.below(201)) - 100;
    if (r.below(3) == 0) p.margin_mm = r.number(0, 50);
    const unsigned kind = r.below(3);
    p.shows = kind == 0 ? "maps/board" : kind == 1 ? "camera/FF-001" : "sources";
    if (kind == 0) {
        p.settings = r.of({"{}", R"({"a":[1,2.5,-3],"b":{"c d":"q\"uo\\te","empty":{}},"on":true})",
                           R"({"line":"one\ntwo\t","none":[],"r":0.1,"x":1e+30})"});
        return p;
    }
    p.aspect = r.of({config::Aspect::fit, config::Aspect::fill, config::Aspect::crop});
    if (p.aspect == config::Aspect::crop && r.often())
        p.focus_x = r.number(0, 1), p.focus_y = r.number(0, 1);
    if (kind == 2) {
        p.sources = config::SourceGrid{};
        p.sources->query = {r.of({"", "forest-fire"}), r.of({"", "石城镇"}), "",
                            r.of({"", "camera/FF-"})};
        p.sources->columns = 1 + r.below(4);
        p.sources->rows = 1 + r.below(4);
        p.sources->page_s = r.of({12U, 30U});
    }
    return p;
}

Layout layout(unsigned seed) {
    Random r(seed);
    Layout out;
    out.name = "saved-any";
    out.title = text(r);
    out.key = r.of({"", "F5"});
    if (r.often())
        out.transition = {r.of({config::Transition::Kind::fade, config::Transition::Kind::push}),
                          1 + r.below(10000)};
    unsigned next = 0;
    for (unsigned g = 0; g <= r.below(3); ++g) {
        config::Grid grid;
        if (r.often()) (r.often() ? grid.display : grid.zone) = "left";
        for (unsigned i = 0; i <= r.below(4); ++i) grid.columns.push_back(track(r));
        for (unsigned i = 0; i <= r.below(4); ++i) grid.rows.push_back(track(r));
        if (r.often()) grid.gap_mm = r.number(0, 20);
        if (r.often()) grid.margin_mm = r.number(0, 20);
        for (size_t row = 0; row < grid.rows.size(); ++row) {
            grid.areas.emplace_back();
            for (size_t column = 0; column < grid.columns.size(); ++column) {
                if (!r.often()) {
                    grid.areas.back().emplace_back(".");
                    continue;
                }
                const std::string id = std::string(r.below(8), 'p') + std::to_string(next++);
                grid.areas.back().push_back(id);
                out.panes.push_back(pane(r, id));
            }
        }
        out.grids.push_back(grid);
    }
    if (out.panes.empty()) return layout(seed + 10'000);
    return out;
}

TEST(LayoutToml, any_layout_reads_back_equal) {
    for (unsigned seed = 1; seed <= 400; ++seed) {
        const Layout written = layout(seed);
        const std::string text = to_toml(written, {"one", "two"});
        ASSERT_EQ(read(text, written.name), written) << "seed " << seed << "\n" << text;
    }
}

TEST(LayoutToml, every_shipped_layout_reads_back_equal) {
    size_t seen = 0;
    const std::filesystem::path sites =
        std::filesystem::path(getenv("BEACONWALL_SOURCE")) / "layouts";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(sites)) {
        if (entry.path().parent_path().filename() != "layouts" ||
            entry.path().extension() != ".toml")
            continue;
        std::ifstream file(entry.path());
        std::stringstream text;
        text << file.rdbuf();
        const std::string name = entry.path().stem();
        const Layout shipped = read(text.str(), name);
        EXPECT_EQ(read(to_toml(shipped, {}), name), shipped) << entry.path();
        ++seen;
    }
    EXPECT_GE(seen, 5u);
}

TEST(LayoutToml, is_written_as_a_person_would) {
    Layout l;
    l.name = "saved-x";
    l.title = {"总览", "Overview"};
    config::Grid grid;
    grid.display = "left";
    grid.columns = {config::Track{}, config::Track{2}};
    grid.rows = {config::Track{}, {300, config::Track::Unit::millimetres}};
    grid.gap_mm = 6;
    grid.areas = {{"one", "b"}, {"c", "b"}};
    l.grids = {grid};
    config::Pane pane;
    pane.id = "one";
    pane.shows = "maps/board";
    pane.settings = R"({"cameras":["A","B"],"columns":2})";
    l.panes = {pane};
    EXPECT_EQ(to_toml(l, {"由李四保存"}), R"(# 由李四保存
title = { zh = "总览", en = "Overview" }

[[grid]]
display = "left"
columns = ["1fr", "2fr"]
rows = ["1fr", "300mm"]
gap_mm = 6
areas = [
    "one b",
    "c   b",
]

[[pane]]
id = "one"
shows = "maps/board"
settings = { cameras = ["A", "B"], columns = 2 }
)");
}

}  // namespace
}  // namespace bw::wall::test
