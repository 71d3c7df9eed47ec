// SPDX-License-Identifier: Apache-2.0
#include "panel_teams.h"

#include <algorithm>

namespace bw::dispatch {

using namespace bw::sdk;

bool Teams::event(const Event& event) {
    teams_.put(event, [&] { return event.data(); });
    return true;
}

Teams::Count Teams::count(std::string_view member, std::string_view value, bool active_only) const {
    Count count;
    for (const auto& [id, team] : teams_) {
        if (!value.empty() && team.value.text(member) != value) continue;
        if (active_only && team.value.text("state") == "standby") continue;
        count.teams += 1;
        count.people += team.value.integer("people");
    }
    return count;
}

/// Five cards beside each other, or three over two where a word or a figure would be cut.
int Teams::state_columns(Ui& ui, float width) const {
    float card = (width - 4 * ui.u(8)) / 5 - ui.u(16);
    for (const Word& word : kStateWords) {
        Count now = count("state", word.id);
        float figure = ui.width(Text::title, count_text(now.teams)) + ui.u(6);
        if (ui.width(Text::body, word.in(chinese())) + figure > card) return 3;
        if (ui.width(Text::caption, count_text(now.people) + " 人") > card) return 3;
    }
    return 5;
}

void Teams::draw_states(Ui& ui, const Rect& area) const {
    // Work first, then those who wait.
    constexpr std::array<size_t, 5> kOrder{3, 2, 1, 4, 0};
    int columns = state_columns(ui, area.w), rows = (5 + columns - 1) / columns;
    for (size_t i = 0; i < kOrder.size(); ++i) {
        const Word& word = kStateWords[kOrder[i]];
        Count now = count("state", word.id);
        int at = static_cast<int>(i);
        // The last row's cards share its width: no hole where a sixth would be.
        Rect line = area.cell(0, at / columns, 1, rows, ui.u(8));
        int beside = std::min(columns, 5 - at / columns * columns);
        Rect card = line.cell(at % columns, 0, beside, 1, ui.u(8));
        ui.fill(card, token::raised);
        card = {card.x + ui.u(8), card.y, card.w - ui.u(16), card.h};
        Color color = now.teams > 0 ? token::text : token::text3;
        std::string figure = count_text(now.teams);
        float body = ui.line(Text::body), caption = ui.line(Text::caption);
        // In a narrow card the figure stands beside the word alone and the people get the line
        // below.
        bool narrow = card.w < ui.u(124);
        Text style = narrow ? Text::title : Text::number;
        Rect right = narrow ? card : card.cut_right(ui.width(style, figure) + 1, ui.u(6));
        card.cut_top((card.h - body - caption) / 2);
        Rect top = card.cut_top(body);
        if (narrow) right = top.cut_right(ui.width(style, figure) + 1, ui.u(4));
        ui.text(right, style, color, figure, Align::right);
        ui.text(top, Text::body, token::text2, word.in(chinese()));
        std::string people = count_text(now.people) + (chinese() ? " 人" : "");
        ui.text(card.cut_top(caption), Text::caption, token::text2, people);
    }
}

Table Teams::by_kind() const {
    Table table;
    table.columns = {{.title = std::string(tr("类别", "kind"))},
                     {.title = std::string(tr("队", "teams")), .fixed = 52, .align = Align::right},
                     {.title = std::string(tr("人", "people")), .fixed = 66, .align = Align::right},
                     {.title = std::string(tr("在外", "out")), .fixed = 52, .align = Align::right}};
    for (const Word& kind : kKindWords) {
        Count all = count("kind", kind.id), out = count("kind", kind.id, true);
        if (all.teams == 0) continue;
        Row row;
        row.cells.push_back(kind.in(chinese()));
        row.cells.push_back(count_text(all.teams));
        row.cells.push_back(count_text(all.people));
        row.cells.push_back(out.teams > 0 ? Cell(count_text(out.teams)) : Cell("–", token::text3));
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table Teams::active() const {
    std::vector<Json> out;
    for (const auto& [id, team] : teams_) {
        if (team.value.text("state") != "standby") out.push_back(team.value);
    }
    // Those on their way first, then at the scene, then on the way back.
    constexpr std::array<int, 5> kRank{5, 0, 1, 2, 3};
    std::stable_sort(out.begin(), out.end(), [&](const Json& a, const Json& b) {
        return kRank[state_index(a.text("state"))] < kRank[state_index(b.text("state"))];
    });
    Table table;
    table.columns = {
        {.title = std::string(tr("在外队伍", "teams out")), .share = 1},
        {.title = std::string(tr("状态", "state")), .fixed = chinese() ? 52.0f : 92.0f},
        {.title = std::string(tr("人", "people")), .fixed = 58, .align = Align::right}};
    for (const Json& team : out) {
        Row row;
        row.cells.push_back(team.text_in("name", language()));
        row.cells.push_back(
            Cell(kStateWords[state_index(team.text("state"))].in(chinese()), token::text2));
        row.cells.push_back(count_text(team.integer("people")));
        table.rows.push_back(std::move(row));
    }
    table.empty = tr("无在外队伍", "no team is out");
    return table;
}

void Teams::draw(Ui& ui) {
    Rect area = ui.bounds();
    Count all = count("state", "");
    bool exercise = !teams_.empty() && teams_.begin()->second.value.flag("exercise");
    std::string total = count_text(all.teams) + std::string(tr(" 队 · ", " teams, ")) +
                        count_text(all.people) + std::string(tr(" 人", " people"));
    if (teams_.empty()) total.clear();  // not known is not none
    ui.header(area, {.title = tr("应急队伍", "Teams"),
                     .scope = exercise ? tr("演练数据", "exercise data") : "",
                     .count = total});
    area = {area.x + ui.u(12), area.y, area.w - ui.u(24), area.h - ui.u(4)};
    if (teams_.empty()) return ui.empty(area, tr("暂无队伍数据", "no teams"), now_ns());
    // A small pane keeps the teams that are out.
    int card_rows = state_columns(ui, area.w) < 5 ? 2 : 1;
    if (area.w >= ui.u(330) && area.h >= ui.u(card_rows > 1 ? 250 : 190)) {
        float card = ui.line(Text::body) + ui.line(Text::caption) + ui.u(8);
        auto rows = static_cast<float>(card_rows);
        draw_states(ui, area.cut_top(rows * card + (rows - 1) * ui.u(8), ui.u(6)));
    }
    if (area.w >= ui.u(620)) {
        ui.table(area.cut_left(area.w * (chinese() ? 0.48f : 0.42f), ui.u(24)), by_kind());
    }
    ui.table(area, active());
}

}  // namespace bw::dispatch
