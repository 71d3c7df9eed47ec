// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/table.h"

#include <algorithm>
#include <cmath>

#include "frame.h"
#include "pages.h"

namespace bw::sdk {
namespace {

// Heights of a row in lines of its text: as it should be, as it may be to avoid pages, and as it
// may be where there is room.
constexpr float kRow = 1.3f, kTightRow = 1.02f, kLooseRow = 1.7f;

struct Layout {
    std::vector<Rect> columns;   // x and w
    std::vector<Text> styles;    // of each column's text
    std::vector<float> figures;  // of each column's bars
    float row = 0;
    size_t per_page = 0;
};

/// Width of the widest figures beside a column's bars; 0 for a column without bars.
float figures_width(Ui& ui, const Table& table, size_t column, Text style) {
    float width = 0;
    for (const Row& row : table.rows) {
        if (column >= row.cells.size() || row.cells[column].share < 0) continue;
        width = std::max(width, ui.width(style, row.cells[column].text) + 1);
    }
    return width;
}

/// Width of a column's bars with their figures whole; 0 for a column without bars.
float bars_width(Ui& ui, const Table& table, size_t column) {
    const float figures = figures_width(ui, table, column, table.style);
    return figures > 0 ? figures + ui.u(10 + 36) : 0;
}

std::vector<Rect> column_places(Ui& ui, const Rect& area, const Table& table) {
    float gap = ui.u(14), shares = 0;
    float left = area.w - gap * static_cast<float>(table.columns.size() - 1);
    for (const Column& column : table.columns) {
        left -= ui.u(column.fixed);
        if (column.fixed <= 0) shares += column.share;
    }
    // What must not be cut takes its width first; the names share what is left.
    std::vector<float> widths;
    float firm = 0, soft = 0;
    for (size_t i = 0; i < table.columns.size(); ++i) {
        const Column& column = table.columns[i];
        float share = std::max(0.0f, left) * column.share / std::max(shares, 1e-6f);
        float least = bars_width(ui, table, i);
        bool grows = column.fixed <= 0 && least > share;
        widths.push_back(column.fixed > 0 ? ui.u(column.fixed) : std::max(share, least));
        if (grows) firm += least - share;
        if (column.fixed <= 0 && least <= share) soft += share;
    }
    float squeeze = soft > 0 ? std::max(0.0f, 1 - firm / soft) : 1;
    std::vector<Rect> places;
    float x = area.x;
    for (size_t i = 0; i < table.columns.size(); ++i) {
        const float least = bars_width(ui, table, i);
        bool names = table.columns[i].fixed <= 0 && least < widths[i];
        float w = names ? std::max(least, widths[i] * squeeze) : widths[i];
        places.push_back({x, 0, std::max(0.0f, std::min(w, area.right() - x)), 0});
        x += w + gap;
    }
    return places;
}

/// A column whose texts do not all fit is written smaller, as one; what then is still too long is
/// cut.
std::vector<Text> column_styles(Ui& ui, const Table& table, const std::vector<Rect>& places) {
    std::vector<Text> styles(table.columns.size(), table.style);
    if (table.style != Text::body) return styles;
    // Bars that are too short to be compared gain what smaller figures leave.
    for (size_t i = 0; i < styles.size(); ++i) {
        const float figures = figures_width(ui, table, i, table.style);
        if (figures > 0 && places[i].w - figures < ui.u(90)) styles[i] = Text::caption;
    }
    for (const Row& row : table.rows) {
        for (size_t i = 0; i < std::min(row.cells.size(), styles.size()); ++i) {
            const Cell& cell = row.cells[i];
            bool plain = !cell.is_status && cell.share < 0;
            if (plain && ui.width(table.style, cell.text) > places[i].w) styles[i] = Text::caption;
        }
    }
    return styles;
}

/// All tracks of a column are of one length: bars are there to be compared.
void draw_bar(Ui& ui, Rect place, const Cell& cell, Text style, float figures) {
    Rect words = place.cut_right(std::min(place.w, figures));
    place.cut_right(ui.u(10));
    float height = std::round(place.h * 0.34f);
    Rect track{place.x, place.y + (place.h - height) / 2, place.w, height};
    ui.bar(track, {.parts = {{cell.share, cell.bar_color}}, .maximum = 1});
    ui.text(words, style, cell.color, cell.text, Align::right);
}

void draw_cell(Ui& ui, const Rect& place, const Cell& cell, const Column& column, Text style,
               float figures) {
    if (cell.is_status) {
        ui.pill(place, cell.level, cell.text, style);
        return;
    }
    if (cell.share >= 0) return draw_bar(ui, place, cell, style, figures);
    ui.text(place, style, cell.color, cell.text, column.align);
    if (!cell.changed) return;
    // The atlas has one weight per role: a second strike beside the first makes it bold.
    Rect beside = place;
    beside.x += std::max(1.0f, std::round(ui.u(0.7f)));
    ui.text(beside, style, cell.color, cell.text, column.align);
}

void draw_titles(Ui& ui, Rect& area, const Table& table, const Layout& layout) {
    Rect strip = area.cut_top(ui.line(Text::caption) * 1.2f);
    for (size_t i = 0; i < table.columns.size(); ++i) {
        Rect place{layout.columns[i].x, strip.y, layout.columns[i].w, strip.h};
        ui.text(place, Text::caption, token::text3, table.columns[i].title, table.columns[i].align);
    }
    ui.rule({area.x, area.y}, {area.right(), area.y}, token::line);
    area.cut_top(std::max(1.0f, ui.u(2)));
}

void draw_row(Ui& ui, const Rect& place, const Row& row, const Table& table, const Layout& layout,
              bool levels) {
    if (row.selected) ui.fill(place, token::raised);
    if (levels && row.level != Level::none)
        ui.fill({place.x, place.y + ui.u(2), ui.u(4), place.h - ui.u(4)}, level_color(row.level));
    for (size_t i = 0; i < std::min(row.cells.size(), table.columns.size()); ++i) {
        Rect cell{layout.columns[i].x, place.y, layout.columns[i].w, place.h};
        draw_cell(ui, cell, row.cells[i], table.columns[i], layout.styles[i], layout.figures[i]);
    }
    ui.rule({place.x, place.bottom() - 1}, {place.right(), place.bottom() - 1},
            faded(token::line, 0.6f));
}

}  // namespace

void Ui::table(const Rect& area_in, const Table& table) {
    if (table.columns.empty()) return;
    if (table.rows.empty()) return empty(area_in, table.empty);
    Rect area = area_in;
    bool levels = std::any_of(table.rows.begin(), table.rows.end(),
                              [](const Row& row) { return row.level != Level::none; });
    Rect inner = area;
    if (levels) inner.cut_left(u(4), u(10));
    Layout layout;
    layout.columns = column_places(*this, inner, table);
    layout.styles = column_styles(*this, table, layout.columns);
    for (size_t i = 0; i < table.columns.size(); ++i)
        layout.figures.push_back(figures_width(*this, table, i, layout.styles[i]));
    layout.row = std::round(line(table.style) * kRow);
    if (table.titles) draw_titles(*this, area, table, layout);
    auto fitting = [&](float height) {
        return static_cast<size_t>(std::max(1.0f, std::floor(height / layout.row)));
    };
    Rect foot;
    // In the bottom corner of a pane without a caption stands the host's exercise mark.
    bool at_edge = area.bottom() > bounds().bottom() - u(12);
    if (at_edge) foot = area.cut_bottom(line(Text::caption));
    layout.per_page = fitting(area.h);
    auto rows = static_cast<float>(table.rows.size());
    if (table.rows.size() > layout.per_page && rows * line(table.style) * kTightRow <= area.h) {
        layout.row = std::floor(area.h / rows);  // closer together rather than on two pages
        layout.per_page = table.rows.size();
    } else if (table.rows.size() > layout.per_page) {
        if (!at_edge) foot = area.cut_bottom(line(Text::caption));
        size_t most = fitting(area.h), pages = (table.rows.size() + most - 1) / most;
        // Pages of one length: 4 + 4 rather than 6 + 2; the rows spread over the height.
        layout.per_page = (table.rows.size() + pages - 1) / pages;
        layout.row = std::min(std::floor(area.h / static_cast<float>(layout.per_page)),
                              std::round(line(table.style) * kLooseRow));
    }
    const Page page = choose_page(*this, area_in, table.rows.size(), layout.per_page);
    for (size_t i = page.first; i < page.end; ++i)
        draw_row(*this, area.cut_top(layout.row), table.rows[i], table, layout, levels);
    write_page(*this, foot, page);
}

}  // namespace bw::sdk
