// SPDX-License-Identifier: Apache-2.0
#include "pages.h"

#include <algorithm>
#include <string>

#include "frame.h"

namespace bw::sdk {
namespace {

constexpr int64_t kPageNs = 12'000'000'000;

}  // namespace

Page choose_page(Ui& ui, const Rect& area, size_t entries, size_t per_page) {
    Page page;
    page.count = std::max<size_t>(1, (entries + per_page - 1) / per_page);
    if (page.count > 1) {
        const bool held = ui.hovered(area);
        const int64_t clock = held ? ui.frame().panel.pointer_since_ns : ui.now_ns();
        page.number = static_cast<size_t>(clock / kPageNs) % page.count;
        if (!held) ui.redraw_in(static_cast<double>(kPageNs - ui.now_ns() % kPageNs) / 1e9 + 0.02);
    }
    page.first = page.number * per_page;
    page.end = std::min(entries, page.first + per_page);
    return page;
}

void write_page(Ui& ui, const Rect& foot, const Page& page) {
    if (page.count < 2) return;
    const std::string text = std::to_string(page.number + 1) + "/" + std::to_string(page.count);
    ui.text(foot, Text::caption, token::text3,
            ui.chinese() ? "第 " + text + " 页" : "page " + text);
}

}  // namespace bw::sdk
