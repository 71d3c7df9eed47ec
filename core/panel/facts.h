// SPDX-License-Identifier: Apache-2.0
// What a panel that is made later must be told: the newest event per type and subject, and the
// view records of the panes.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/events/event.h"

namespace bw::panel {

/// Last values of everything this process subscribes to.
class LastValues {
  public:
    /// A tombstone takes the value away.
    void keep(const events::Event& event);
    /// In order of type and subject.
    void replay(std::string_view prefix,
                const std::function<void(const events::Event&)>& visit) const;

  private:
    std::map<std::string, events::Event, std::less<>> values_;
};

inline constexpr std::string_view kViewType = "beaconwall.pane.view.v1";
inline constexpr size_t kMaxViewBytes = 4096;

/// View records by pane. What this process saved itself comes back from the hub and is no news.
class Views {
  public:
    /// "{}" for a pane that has none.
    [[nodiscard]] const std::string& of(std::string_view pane) const;
    /// Called with what a panel saves. False: too long, not JSON, or nothing new.
    bool saved(const std::string& pane, std::string_view json);
    /// Called with a record from the hub. True: somebody else changed the view of `pane`.
    bool arrived(const std::string& pane, const events::Event& record);

  private:
    struct View {
        std::string json = "{}";
        std::deque<std::string> on_their_way;  // saved, not yet come back
    };
    std::map<std::string, View, std::less<>> views_;
};

}  // namespace bw::panel
