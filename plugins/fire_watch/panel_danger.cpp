// SPDX-License-Identifier: Apache-2.0
#include "panel_danger.h"

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
    auto fact = [&](std::string_view label, const char* member, int decimals, const char* unit,
                    const std::string& more) {
        auto value = danger.get_number(member);
        float height = ui.line(Text::body) * 1.25f;
        if (!value || area.h < height) return;
        Rect row = area.cut_top(height);
        ui.text(row, Text::body, token::text2, label);
        ui.text(row, Text::body, token::text, number_text(*value, decimals) + " " + unit + more,
                Align::right);
    };
    fact(tr("气温", "temperature"), "temperature_c", 1, "℃", "");
    fact(tr("相对湿度", "humidity"), "humidity_pct", 0, "%", "");
    fact(tr("风", "wind"), "wind_ms", 1, "m/s",
         " " + compass_word(danger.number("wind_deg"), chinese()));
    fact(tr("指数", "index"), "index", 1, "", "");
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
