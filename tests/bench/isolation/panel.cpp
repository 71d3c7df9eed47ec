// SPDX-License-Identifier: Apache-2.0
// 5,000 glyphs, all others with each picture, as often a second as the settings' `hz` say; 0: they
// stay as they are. What `./dev bench isolation` measures.
#include <beaconwall/sdk/panel.h>
#include <beaconwall/sdk/ui.h>

#include <string>

namespace {

using namespace bw::sdk;

constexpr int kRows = 40, kColumns = 125;

class Board : public Panel {
    void configured() override {
        log_info("pane " + std::to_string(width()) + " " + std::to_string(height()) + " " +
                 std::to_string(scale()));
    }
    bool event(const Event&) override { return false; }
    void draw(Ui& ui) override {
        const Rect area = ui.bounds();
        const float size = area.h / kRows / ui.line(Text::caption);
        for (int row = 0; row < kRows; ++row)
            ui.text_at(area.x, area.y + area.h * static_cast<float>(row) / kRows, Text::caption,
                       token::text, line(row), size);
        ++drawn_;
        if (const double hz = settings().number("hz"); hz > 0) redraw_in(1 / hz);
    }
    [[nodiscard]] std::string line(int row) const {
        std::string text;
        for (int column = 0; column < kColumns; ++column)
            text += static_cast<char>('!' + (row * 31 + column * 7 + drawn_ * 13) % 90);
        return text;
    }

    int drawn_ = 0;
};

}  // namespace

BW_PANEL_PLUGIN({"board", make<Board>})
