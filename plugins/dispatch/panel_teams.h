// SPDX-License-Identifier: Apache-2.0
// Teams by state and by kind; those at work first.
#pragma once

#include <vector>

#include "panel_team.h"

namespace bw::dispatch {

class Teams final : public sdk::Panel {
  public:
    void start() override { subscribe(std::string(kTeam) + "/"); }
    bool event(const sdk::Event& event) override;
    void draw(sdk::Ui& ui) override;

  private:
    struct Count {
        int64_t teams = 0, people = 0;
    };
    [[nodiscard]] Count count(std::string_view member, std::string_view value,
                              bool active_only = false) const;
    [[nodiscard]] int state_columns(sdk::Ui& ui, float width) const;
    void draw_states(sdk::Ui& ui, const sdk::Rect& area) const;
    [[nodiscard]] sdk::Table by_kind() const;
    [[nodiscard]] sdk::Table active() const;

    sdk::Records<sdk::Json> teams_;
};

}  // namespace bw::dispatch
