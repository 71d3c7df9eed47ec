// SPDX-License-Identifier: Apache-2.0
// A table that fits: as many rows as are legible, the rest on pages that turn every 12 s and stand
// still while the pointer is there. The caller sorts, worst first.
#pragma once

#include <beaconwall/sdk/ui.h>

#include <string>
#include <vector>

namespace bw::sdk {

struct Column {
    std::string title;
    /// Share of the width that is left when the fixed columns have theirs.
    float share = 1;
    /// Logical units; 0: by share.
    float fixed = 0;
    Align align = Align::left;  // numbers right
};

struct Cell {
    Cell() = default;
    Cell(std::string text_in, Color color_in = token::text)
        : text(std::move(text_in)), color(color_in) {}
    Cell(const char* text_in) : text(text_in) {}
    Cell(std::string_view text_in) : text(text_in) {}
    /// A status word with its level's shape and colour.
    static Cell status(Level level, std::string word) {
        Cell cell(std::move(word));
        cell.level = level;
        cell.is_status = true;
        return cell;
    }
    /// A bar from 0 to 1 with the text at its right.
    static Cell bar(double share, std::string text, Color color = token::series[1]) {
        Cell cell(std::move(text));
        cell.share = share;
        cell.bar_color = color;
        return cell;
    }

    std::string text;
    Color color = token::text;
    Level level = Level::none;
    bool is_status = false;
    bool changed = false;  // bold: for 10 s after it changed
    double share = -1;
    Color bar_color = token::series[1];
};

struct Row {
    std::vector<Cell> cells;
    Level level = Level::none;  // bar left of the row
    bool selected = false;
};

struct Table {
    std::vector<Column> columns;
    std::vector<Row> rows;
    Text style = Text::body;
    bool titles = true;
    /// What an empty table says.
    std::string empty = {};
};

}  // namespace bw::sdk
