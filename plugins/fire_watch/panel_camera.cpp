// SPDX-License-Identifier: Apache-2.0
#include "panel_camera.h"

#include <algorithm>
#include <cmath>

namespace bw::fire {

using namespace bw::sdk;

namespace {

int64_t time_of(const std::string& text) {
    Event event;
    event.time = text;
    return event.time_ns();
}

std::string degrees(double bearing) {
    std::string number = std::to_string(std::lround(std::fmod(bearing + 360, 360)) % 360);
    return std::string(3 - std::min<size_t>(3, number.size()), '0') + number + "°";
}

}  // namespace

/// All round the compass, north at both ends' middle: what the camera reports no heading for is not
/// guessed; only the smoke's bearing is marked.
void CameraPanel::draw_tape(Ui& ui, const Rect& area, const Json& fire) const {
    ui.fill(area, token::raised);
    double middle = fire.is_null() ? 180 : fire.number("bearing_deg");
    auto x_of = [&](double bearing) {
        double off = std::fmod(bearing - middle + 540 + 360, 360) - 180;
        return area.centre().x + static_cast<float>(off / 360) * area.w;
    };
    float caption = ui.line(Text::caption);
    for (int bearing = 0; bearing < 360; bearing += 15) {
        float x = x_of(bearing);
        bool named = bearing % 45 == 0;
        ui.rule({x, area.y}, {x, area.y + ui.u(named ? 12 : 7)}, token::text3);
        if (!named) continue;
        std::string word = compass_word(bearing, chinese());
        float width = ui.width(Text::body, word);
        if (x - width / 2 < area.x || x + width / 2 > area.right()) continue;
        Rect place = moved_off({x - width / 2, area.y + ui.u(14), width, ui.line(Text::body)},
                               ui.keepouts());
        ui.text_at(place.x, place.y, Text::body, token::text2, word);
    }
    if (fire.is_null()) return;
    // The needle stops above the words: what it points between must be read.
    float x = x_of(middle);
    ui.rule({x, area.y}, {x, area.y + ui.u(13)}, token::red, 3);
    ui.symbol({x, area.bottom() - ui.u(8)}, Shape::triangle_up, 16, token::red);
    std::string text = degrees(middle);
    ui.text_at(x + ui.u(14), area.bottom() - caption - ui.u(1), Text::caption, token::text, text);
}

void CameraPanel::draw_incident(Ui& ui, Rect area, const Json& fire) const {
    if (fire.is_null()) {
        ui.text(area, Text::body, token::text2, tr("画面中无火情", "no incident in this picture"));
        return;
    }
    area.cut_left(ui.pill(area, Level::red, tr("发现烟点", "smoke seen")), ui.u(24));
    double bearing = fire.number("bearing_deg");
    std::string where = (chinese() ? "方位 " : "bearing ") + degrees(bearing) + " " +
                        compass_word(bearing, chinese()) + (chinese() ? "，约 " : ", about ") +
                        number_text(fire.number("distance_km"), 1) + " km";
    if (fire.has("longitude")) {
        where += "   " + number_text(fire.number("longitude"), 4) + "E  " +
                 number_text(fire.number("latitude"), 4) + "N";
    }
    int64_t since = time_of(fire.text("since"));
    std::string begun = (chinese() ? "发现于 " : "since ") + clock_text(since);
    std::string watchers = std::to_string(fire.at("cameras").size()) +
                           (chinese() ? " 路视频可见" : " cameras can see it");
    ui.text(area.cut_right(ui.width(Text::body, begun) + 1, ui.u(24)), Text::body, token::text2,
            begun, Align::right);
    ui.text(area.cut_right(ui.width(Text::body, watchers) + 1, ui.u(24)), Text::body, token::text2,
            watchers, Align::right);
    ui.text(area, Text::body, token::text, where);
}

void CameraPanel::draw(Ui& ui) {
    Rect area = ui.bounds();
    Json fire = incident();
    std::string id = settings().text("camera", "incident");
    if (id == "incident") id = fire.text("camera");
    if (!alarmed(id)) fire = Json();
    std::string title = id.empty() ? std::string(tr("火情主视", "Main view")) : camera_name(id);
    ui.header(area, {.title = title,
                     .scope = id.empty() ? std::string() : camera_place(id),
                     .count = scope(fire)});
    if (id.empty()) return ui.empty(area, tr("当前无火情", "no incident now"), now_ns());
    area = area.inset(ui.u(8));
    Rect text = area.cut_bottom(ui.line(Text::body) * 1.3f, ui.u(4));
    Rect tape = area.cut_bottom(ui.u(60), ui.u(6));
    std::string source = "camera/" + id;
    float width = std::min(area.w, area.h * 16 / 9), height = width * 9 / 16;
    Rect picture{area.x + (area.w - width) / 2, area.y + (area.h - height) / 2, width, height};
    ui.camera(
        picture,
        {.source = source, .caption = false, .level = fire.is_null() ? Level::none : Level::red});
    draw_tape(ui, tape, fire);
    draw_incident(ui, text, fire);
}

}  // namespace bw::fire
