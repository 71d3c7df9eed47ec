// SPDX-License-Identifier: Apache-2.0
// Panels that show every part of the SDK once, with fixed facts. The test draws them; a person may
// look at the pictures (gallery_view OUT_DIR).
#include <beaconwall/sdk/alarm.h>
#include <beaconwall/sdk/map.h>
#include <beaconwall/sdk/panel.h>
#include <beaconwall/sdk/plot.h>
#include <beaconwall/sdk/table.h>
#include <beaconwall/sdk/timeline.h>
#include <beaconwall/sdk/ui.h>

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace bw::sdk;

namespace {

constexpr int64_t kHour = 3600ll * 1'000'000'000;

class Numbers : public Panel {
    bool event(const Event&) override { return true; }
    void draw(Ui& ui) override {
        Rect area = ui.bounds();
        ui.header(area, {.title = tr("密云水库", "Miyun reservoir"),
                         .scope = tr("潮白河流域", "Chaobai basin"),
                         .count = tr("8 站", "8 stations"),
                         .oldest_ns = now_ns() - 3 * 60'000'000'000 - 12'000'000'000});
        area = area.inset(ui.u(16));
        Rect top = area.cut_top(area.h * 0.5f, ui.u(16));
        ui.big_number(top.cell(0, 0, 2, 1, ui.u(16)),
                      {.value = "152.38",
                       .unit = "m",
                       .label = tr("水位", "Level"),
                       .trend = Trend::rising,
                       .rate = "+0.12 m/h",
                       .note = tr("距保证 0.42 m · 库容 28.4 亿m³", "0.42 m below guarantee"),
                       .level = Level::orange,
                       .level_word = tr("警戒以上", "above warning")});
        ui.big_number(top.cell(1, 0, 2, 1, ui.u(16)), {.value = "1,830",
                                                       .unit = "m³/s",
                                                       .label = tr("入库流量", "Inflow"),
                                                       .trend = Trend::falling,
                                                       .rate = "−35 m³/s·h",
                                                       .note = tr("泄洪中", "spilling")});
        Rect pills = area.cut_top(ui.line(Text::body) * 1.4f, ui.u(8));
        for (Level level : {Level::none, Level::blue, Level::yellow, Level::orange, Level::red}) {
            std::string word(level == Level::none ? tr("正常", "normal")
                                                  : level_name(level, chinese()));
            pills.cut_left(ui.pill(pills, level, word), ui.u(24));
        }
        ui.bar(area.cut_top(ui.u(20), ui.u(12)),
               {.parts = {{40, token::series[0]}, {25, token::series[2]}},
                .maximum = 100,
                .marks = {{80, token::text}}});
        std::string icons;
        for (const char* one :
             {icon::pause, icon::broken_link, icon::clock, icon::warning, icon::camera, icon::water,
              icon::fire, icon::fire_truck, icon::people, icon::store, icon::flood, icon::landslide,
              icon::storm, icon::medical, icon::map, icon::sensor, icon::forest})
            icons += std::string(one) + " ";
        ui.text(area.cut_top(ui.line(Text::title)), Text::title, token::text, icons);
        ui.paragraph(
            area, Text::caption, token::text2,
            tr("栗榛寨、牤牛河一线预计 2 小时后水位达到保证水位，请相关乡镇做好转移准备；The "
               "upstream reservoir spills since 14:05, gauge SYN-G01 ↗ rising。",
               "The Mangniu river is expected to reach its guarantee level in two hours; "
               "towns along it prepare to move people. 8 ℃, 12 ㎡, 30 m³."));
    }
};

class Rows : public Panel {
    std::string say(const char* zh, const char* en) const { return chinese() ? zh : en; }
    bool event(const Event&) override { return true; }
    void draw(Ui& ui) override {
        Rect area = ui.bounds();
        ui.header(area, {.title = tr("队伍", "Teams"), .count = tr("21 支", "21")});
        Table table;
        table.columns = {{.title = say("名称", "Name"), .share = 2},
                         {.title = say("状态", "State"), .share = 1.4f},
                         {.title = say("人数", "People"), .fixed = 60, .align = Align::right},
                         {.title = say("库存", "Stock"), .share = 2, .align = Align::right}};
        for (int i = 0; i < settings().integer("rows", 21); ++i) {
            Level level = i < 2 ? Level::red : i < 5 ? Level::yellow : Level::none;
            Row row;
            row.level = level;
            row.selected = i == 3;
            Cell people(count_text(1200 - 53 * i));
            people.changed = i == 1;
            row.cells = {
                Cell(say("石城镇森林消防中队第 ", "Shicheng forest fire squad ") +
                     std::to_string(i + 1)),
                Cell::status(level, std::string(level == Level::none ? tr("待命", "ready")
                                                                     : tr("途中", "on the way"))),
                people, Cell::bar(1.0 - 0.04 * i, count_text(5000 - 200 * i))};
            table.rows.push_back(row);
        }
        table.empty = say("无在途队伍", "no team on the way");
        ui.table(area.inset(ui.u(16)), table);
    }
};

class Curve : public Panel {
    bool event(const Event&) override { return true; }
    void draw(Ui& ui) override {
        Rect area = ui.bounds();
        ui.header(area, {.title = tr("水位过程线", "Hydrograph"), .scope = "SYN-G01"});
        Plot plot;
        Series level{.name = "level", .samples = {}, .max_gap_ns = kHour};
        int64_t now = now_ns();
        for (int i = 0; i <= 144; ++i) {
            if (i > 60 && i < 75) continue;  // the sensor was away
            int64_t t = now - 36 * kHour + i * kHour / 4;
            level.samples.push_back({t, 150.2 + 2.3 / (1 + std::exp((70 - i) / 12.0))});
        }
        Series forecast{.name = "forecast",
                        .samples = {},
                        .max_gap_ns = 2 * kHour,
                        .forecast = true,
                        .shade = 1};
        for (int i = 0; i <= 12; ++i) {
            double v = 152.5 + 0.04 * i;
            forecast.samples.push_back({now + i * kHour, v, v - 0.05 * i, v + 0.05 * i});
        }
        plot.series = {level, forecast};
        plot.thresholds = {{std::string(tr("警戒 152.00", "warning 152.00")), 152, Level::yellow},
                           {std::string(tr("保证 153.20", "guarantee 153.20")), 153.2, Level::red}};
        plot.unit = "m";
        plot.now_ns = now;
        Rect body = area.inset(ui.u(16));
        Rect spark = body.cut_bottom(ui.u(60));
        ui.plot(body, plot);
        Plot small;
        small.series = {level};
        small.axes = false;
        ui.plot(spark, small);
    }
};

class Places : public Panel {
    bool event(const Event&) override { return true; }
    void draw(Ui& ui) override {
        Rect area = ui.bounds();
        ui.header(area, {.title = tr("态势", "Situation")});
        Rect cameras = area.cut_right(area.w * 0.4f, ui.u(4));
        for (int i = 0; i < 3; ++i) {
            std::string source = "camera/FF-00" + std::to_string(i + 1);
            ui.camera(cameras.cell(0, i, 1, 3, ui.u(4)),
                      {.source = source, .level = i == 0 ? Level::red : Level::none});
        }
        area.cut_right(ui.u(8));
        Map map;
        Map::Area lake;
        for (int i = 0; i < 40; ++i) {  // a star: not convex
            double r = i % 2 ? 0.05 : 0.11, a = i * 0.157;
            lake.ring.push_back({117.0 + r * std::cos(a), 40.5 + r * 0.8 * std::sin(a)});
        }
        map.areas = {lake};
        map.lines = {{.points = {{116.8, 40.6}, {116.95, 40.52}, {117.2, 40.45}}}};
        map.symbols = {{.at = {116.9, 40.55},
                        .shape = Shape::half_circle,
                        .label = "FF-001",
                        .bearing = 60,
                        .view = 50,
                        .range_km = 8},
                       {.at = {117.1, 40.45},
                        .shape = Shape::triangle_up,
                        .level = Level::red,
                        .label = std::string(tr("特勤中队", "special squad"))},
                       {.at = {117.1, 40.46},
                        .shape = Shape::square,
                        .label = std::string(tr("区级库", "district store"))},
                       {.at = {116.85, 40.42},
                        .shape = Shape::triangle_down,
                        .level = Level::yellow,
                        .label = "SYN-G01",
                        .stale = true}};
        ui.map(area, map);
    }
};

class Times : public Panel {
    std::string say(const char* zh, const char* en) const { return chinese() ? zh : en; }
    bool event(const Event&) override { return true; }
    void draw(Ui& ui) override {
        Rect area = ui.bounds();
        ui.header(area, {.title = tr("力量时间线", "Forces in time"), .scope = "SYN-F07"});
        const int64_t now = now_ns();
        const auto at = [&](double hours) {
            return now + static_cast<int64_t>(hours * static_cast<double>(kHour));
        };
        Timeline times;
        times.from_ns = at(-6);
        times.to_ns = at(3);
        times.now_ns = now;
        times.rows = {
            {.name = say("石城镇中队", "Shicheng squad"),
             .spans = {{at(-7), at(-5.2), say("待命", "ready")},
                       {at(-5.2), at(-4.6), say("途中", "on the way")},
                       {at(-4.6), at(-1.1), say("扑救东线火头", "fights the eastern head"),
                        Level::orange},
                       {at(-1.1), 0, say("清理余火", "mops up")}},
             .moments = {{at(-5.2), say("出动", "leaves")},
                         {at(-4.6), say("到场", "arrives")},
                         {at(-4.45), say("请求增援", "asks for help"), Level::red},
                         {at(-4.4), say("风向转西北", "wind turns north-west"), Level::yellow}}},
            {.name = say("特勤中队", "Special squad"),
             .spans = {{at(-3.9), at(-3.7), say("集结", "gathers"), Level::yellow},
                       {at(-3), at(-0.5), say("扑救", "fights")},
                       {at(0.5), at(2.5), say("轮换", "relieves"), Level::none, true}},
             .moments = {{at(0.5), say("计划轮换", "relief planned")}},
             .gaps = {{at(-0.5), 0}}},
            {.name = say("无人机一号", "Drone 1"),
             .spans = {{at(-5), at(-4), say("巡查", "patrol")},
                       {at(-2), at(-1), say("巡查", "patrol")},
                       {at(-0.4), at(2.2), say("巡查", "patrol"), Level::none, true}},
             .moments = {{at(-6), say("充电", "charges")}, {at(2.98), say("返航", "returns")}}}};
        for (int i = 0; i < settings().integer("more", 0); ++i)
            times.rows.push_back({.name = say("梯队 ", "Echelon ") + std::to_string(i + 1),
                                  .spans = {{at(-2), at(1), say("运输", "carries")}}});
        times.empty = say("尚无行动", "nothing has been done yet");
        if (settings().flag("none")) times.rows.clear();
        ui.timeline(area.inset(ui.u(16)), times);
    }
};

class Alarms : public Panel {
    bool event(const Event&) override { return true; }
    AlarmCard first() {
        return {.level = Level::red,
                .title = tr("石城镇二道河水位超保证 0.35 m，仍在上涨",
                            "Erdao river at Shicheng 0.35 m above guarantee, still rising"),
                .place = tr("石城镇 · 二道河水文站", "Shicheng · Erdao gauge"),
                .since_ns = now_ns() - 12 * 60'000'000'000,
                .seen = asked_ ? AlarmCard::Seen::asked : AlarmCard::Seen::no,
                .acknowledge = [this] {
                    asked_ = true;
                    command("x.alarm.acknowledge.v1", "alarm/1", Json::object());
                }};
    }
    void draw(Ui& ui) override {
        Rect area = ui.bounds();
        if (settings().flag("one")) return ui.alarm(area, first());
        area = area.inset(ui.u(16));
        Rect top = area.cut_top(area.h * 0.46f, ui.u(12));
        ui.alarm(top.cell(0, 0, 2, 1, ui.u(12)), first());
        ui.alarm(top.cell(1, 0, 2, 1, ui.u(12)),
                 {.level = Level::orange,
                  .word = tr("橙色预警", "orange warning"),
                  .title = tr("云蒙山北坡热点", "Hot spot on the north slope"),
                  .place = tr("云蒙山林场 3 号瞭望塔", "Yunmeng forest farm, tower 3"),
                  .since_ns = now_ns() - 3 * kHour,
                  .seen = AlarmCard::Seen::yes,
                  .by = tr("王建国", "Wang Jianguo"),
                  .seen_ns = now_ns() - 2 * kHour});
        ui.alarm(area.cut_top(ui.u(72), ui.u(12)),
                 {.level = Level::yellow,
                  .title = tr("应急照明车缺油", "Lighting truck short of fuel"),
                  .place = tr("区级库", "District store"),
                  .since_ns = now_ns() - 25'000'000'000,
                  .acknowledge = [] {}});
        ui.alarm(area.cut_top(ui.u(72), ui.u(12)), {.level = Level::blue,
                                                    .title = tr("雨强减弱", "Rain eases"),
                                                    .place = tr("全区", "Whole district"),
                                                    .since_ns = now_ns() - 26 * kHour,
                                                    .seen = AlarmCard::Seen::yes,
                                                    .by = tr("李敏", "Li Min")});
        ui.alarm(area.cut_top(ui.u(46), ui.u(12)),
                 {.title = tr("终端离线", "Terminal off line"), .acknowledge = [] {}});
    }
    bool asked_ = false;
};

class Nothing : public Panel {
    bool event(const Event&) override { return true; }
    void draw(Ui& ui) override {
        ui.empty(ui.bounds(), tr("无在途物资", "nothing on the way"), now_ns());
    }
};

/// What a heat map, a logo and a lamp with a soft edge look like.
class Pictures : public Panel {
    static constexpr uint32_t kSide = 96;
    bool event(const Event& event) override {
        lamp_.write(1, 1, 1, 1, "\xFF\xFF\xFF\xFF", 4);
        if (event.data().flag("drop")) lamp_ = {};
        return true;
    }
    void start() override {
        heat_ = Texture(*this, 24, 12);
        lamp_ = Texture(*this, kSide, kSide);
        std::vector<Color> heat, lamp;
        for (int i = 0; i < 24 * 12; ++i) {
            const double x = (i % 24 - 9) / 7.0, y = (i / 24 - 5) / 3.5;
            heat.push_back(faded(token::orange, static_cast<float>(std::exp(-x * x - y * y))));
        }
        for (uint32_t i = 0; i < kSide * kSide; ++i) {
            const float x = static_cast<float>(i % kSide) - 47.5F;
            const float y = static_cast<float>(i / kSide) - 47.5F;
            const float inside = 44.0F - std::sqrt(x * x + y * y);
            // What is transparent is black: it must not show at the edge.
            lamp.push_back(inside <= 0 ? 0 : faded(token::text, std::min(1.0F, inside / 6)));
        }
        heat_.write(heat);
        lamp_.write(lamp);
    }
    void draw(Ui& ui) override {
        Rect area = ui.bounds();
        ui.header(area, {.title = tr("图片", "Pictures")});
        area = area.inset(ui.u(16));
        ui.image(area.cut_top(area.h / 2, ui.u(16)), heat_, Fit::stretch);
        for (Fit fit : {Fit::contain, Fit::cover, Fit::stretch}) {
            const Rect box = area.cut_left(ui.u(180), ui.u(16));
            ui.fill(box, token::raised);
            ui.image(box, lamp_, fit, fit == Fit::cover ? token::blue : 0xFFFFFFFFu);
        }
        // Pixel for pixel, its corner at a whole pixel.
        ui.image({std::round(area.x), std::round(area.y), kSide, kSide}, lamp_);
        ui.text(area.cut_bottom(ui.line(Text::caption)), Text::caption, token::text2,
                tr("原尺寸", "pixel for pixel"));
    }
    Texture heat_, lamp_;
};

class Thrower : public Panel {
    bool event(const Event& event) override {
        if (event.data().flag("throw")) throw std::runtime_error("event asked for it");
        throw_ = event.data().flag("throw_in_draw");
        return true;
    }
    void draw(Ui& ui) override {
        if (throw_) throw std::runtime_error("draw asked for it");
        ui.clipped(ui.bounds(), [&] { ui.fill(ui.bounds(), token::raised); });
    }
    bool throw_ = false;
};

}  // namespace

BW_PANEL_PLUGIN({"numbers", make<Numbers>}, {"rows", make<Rows>}, {"curve", make<Curve>},
                {"places", make<Places>}, {"times", make<Times>}, {"alarms", make<Alarms>},
                {"nothing", make<Nothing>}, {"pictures", make<Pictures>},
                {"thrower", make<Thrower>})
