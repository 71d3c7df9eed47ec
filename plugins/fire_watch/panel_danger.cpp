// SPDX-License-Identifier: Apache-2.0
#include "panel_danger.h"

#include <algorithm>
#include <cmath>

namespace bw::fire {

using namespace bw::sdk;

bool DangerPanel::event(const Event& event) {
    const auto* before = dangers_.find(event.id());
    bool news = before == nullptr || before->value.dump() != event.data().dump();
    dangers_.put(event, [&] { return event.data(); });
    return news;
}

const DangerPanel::Entry* DangerPanel::chosen() const {
    std::string wanted = settings().text("station");
    if (!wanted.empty()) return dangers_.find(wanted);
    const Entry* worst = nullptr;
    for (const auto& [id, entry] : dangers_) {
        if (worst == nullptr || entry.value.integer("grade") > worst->value.integer("grade")) {
            worst = &entry;
        }
    }
    return worst;
}

void DangerPanel::draw_weather(Ui& ui, Rect area, const Json& danger) const {
    struct Fact {
        std::string_view label;
        const char* member;
        int decimals;
        std::string unit;
    };
    const Fact facts[] = {
        {tr("气温", "temperature"), "temperature_c", 1, "℃"},
        {tr("相对湿度", "humidity"), "humidity_pct", 0, "%"},
        {tr("风", "wind"), "wind_ms", 1,
         "m/s " + compass_word(danger.number("wind_deg"), chinese())},
        {tr("指数", "index"), "index", 1, ""},
    };
    // Figures end on one line, their units begin on one.
    float units = 0;
    for (const Fact& fact : facts) units = std::max(units, ui.width(Text::body, fact.unit) + 1);
    for (const Fact& fact : facts) {
        auto value = danger.get_number(fact.member);
        float height = ui.line(Text::body) * 1.25f;
        if (!value || area.h < height) continue;
        Rect row = area.cut_top(height);
        ui.text(row.cut_right(units, ui.u(6)), Text::body, token::text2, fact.unit);
        std::string figure = number_text(*value, fact.decimals);
        ui.text(row.cut_right(ui.width(Text::body, figure) + 1, ui.u(8)), Text::body, token::text,
                figure, Align::right);
        ui.text(row, Text::body, token::text2, fact.label);
    }
}

void DangerPanel::draw(Ui& ui) {
    Rect area = ui.bounds();
    const Entry* entry = chosen();
    bool exercise = entry != nullptr && entry->value.flag("exercise");
    ui.header(area, {.title = tr("火险等级", "Fire danger"),
                     .scope = exercise ? tr("演练数据", "exercise data") : "",
                     .oldest_ns = entry == nullptr ? 0 : entry->time_ns});
    area = area.inset(ui.u(12));
    if (entry == nullptr)
        return ui.empty(area, tr("暂无火险数据", "no fire danger data"), now_ns());
    const Json& danger = entry->value;
    std::string grade = std::to_string(danger.integer("grade"));
    std::string word = danger.text_in("word", language());
    std::string note = (chinese() ? "按 " : "by the ") + danger.text_in("method", language());
    Rect number = area.w > ui.u(420) ? area.cut_left(area.w * 0.48f, ui.u(24))
                                     : area.cut_top(std::min(area.h * 0.5f, ui.u(140)), ui.u(8));
    ui.big_number(number, {.value = grade,
                           .unit = tr("级", "of 5"),
                           .label = tr("林火", "forest"),
                           .note = note,
                           .level = static_cast<Level>(danger.integer("level")),
                           .level_word = word});
    Rect weather = area;
    float height = ui.line(Text::body) * 1.25f * 4;
    if (weather.h > height) weather.cut_top((weather.h - height) / 2);
    draw_weather(ui, weather, danger);
}

}  // namespace bw::fire
