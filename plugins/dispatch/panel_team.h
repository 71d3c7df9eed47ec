// SPDX-License-Identifier: Apache-2.0
// What the dispatch panels share: teams, their states and their words.
#pragma once

#include <beaconwall/sdk/panel.h>
#include <beaconwall/sdk/table.h>
#include <beaconwall/sdk/ui.h>

#include <array>
#include <string>
#include <string_view>

namespace bw::dispatch {

inline constexpr const char* kTeam = "beaconwall.dispatch.team.v1";

struct Word {
    const char *id, *zh, *en;
    [[nodiscard]] std::string in(bool chinese) const { return chinese ? zh : en; }
};
/// In the order of a mission.
inline constexpr std::array<Word, 5> kStateWords{{{"standby", "待命", "standby"},
                                                  {"turnout", "出动", "turnout"},
                                                  {"en_route", "在途", "en route"},
                                                  {"on_scene", "到达", "on scene"},
                                                  {"returning", "撤回", "returning"}}};
inline constexpr std::array<Word, 6> kKindWords{{{"forest_fire", "森林消防", "forest fire"},
                                                 {"fire_station", "消防救援站", "fire stations"},
                                                 {"special", "特勤", "special"},
                                                 {"military", "驻地部队", "military"},
                                                 {"departmental", "部门队伍", "departmental"},
                                                 {"township", "镇街队伍", "township"}}};

/// The place of a state's word in kStateWords; 0 for a word that is none.
inline size_t state_index(std::string_view state) {
    for (size_t i = 0; i < kStateWords.size(); ++i) {
        if (state == kStateWords[i].id) return i;
    }
    return 0;
}

}  // namespace bw::dispatch
