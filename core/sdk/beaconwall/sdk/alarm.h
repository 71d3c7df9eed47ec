// SPDX-License-Identifier: Apache-2.0
// One alarm as a card: how grave (colour, shape and word), what, where, for how long, and whether
// somebody has seen it. A press on its button tells the panel, which then asks for what its
// manifest allows; the card says "acknowledged" only when the panel does: a press alone proves
// nothing.
#pragma once

#include <beaconwall/sdk/ui.h>

#include <functional>
#include <string_view>

namespace bw::sdk {

struct AlarmCard {
    enum class Seen {
        no,     // nobody has acknowledged it
        asked,  // somebody pressed; the answer is not here yet
        yes,
    };
    Level level = Level::none;
    std::string_view word = {};   // "橙色预警"; empty: the level's name
    std::string_view title;       // what: "石城镇水位超警戒"
    std::string_view place = {};  // where
    int64_t since_ns = 0;         // field time it began; 0: not known
    Seen seen = Seen::no;
    std::string_view by = {};  // who acknowledged it
    int64_t seen_ns = 0;       // and when; 0: not known
    /// Called on a press of its button, on the panel's thread, within Panel's input: send the
    /// command here. Empty: the card has no button. Only cards that are not `seen` have one.
    std::function<void()> acknowledge = {};
};

}  // namespace bw::sdk
