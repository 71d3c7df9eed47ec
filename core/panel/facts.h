// SPDX-License-Identifier: Apache-2.0
// What a panel that is made later must be told: the newest event per type and subject, and the
// view records of the panes.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/space_clock.h"
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
inline constexpr std::string_view kViewPrefix = "beaconwall.pane.view.v1/";
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

inline constexpr std::string_view kLive = "live";

/// What is known of one space. Nothing of it is ever another's.
struct SpaceFacts {
    base::SpaceClock clock;
    LastValues values;
    Views views;
    std::set<std::string, std::less<>> prefixes;  // subscribed at the hub
    int64_t entered_ns = 0;                       // CLOCK_MONOTONIC
    bool heard = false;                           // the hub has delivered something of it

    /// Until when (CLOCK_MONOTONIC) its first facts are waited for, as what is drawn now would be
    /// empty; 0: they are there, or there may be none.
    [[nodiscard]] int64_t awaited_until(int64_t now_ns) const {
        const int64_t until_ns = entered_ns + kPatienceNs;
        return heard || now_ns >= until_ns ? 0 : until_ns;
    }
    static constexpr int64_t kPatienceNs = 250'000'000;
};

/// The spaces of a process by name.
class Spaces {
  public:
    Spaces();
    /// Null: nothing is known of it.
    [[nodiscard]] SpaceFacts* find(std::string_view name);
    /// As SpaceFacts::awaited_until(), where its facts are awaited; else 0.
    [[nodiscard]] int64_t awaited_until(std::string_view name, int64_t now_ns) const;
    struct Entered {
        SpaceFacts& facts;
        bool first;  // nothing of it was known; all that was is forgotten
        bool again;  // it was known, and this is another run of that name
    };
    /// A clock that goes differently is that of another run: facts of the one before are none. One
    /// that stands still is the same run's, at its end.
    Entered enter(const std::string& name, const base::SpaceClock& clock, int64_t now_ns);
    /// Forgets all but the live one and those that `keep` names; gives what is forgotten.
    std::vector<std::string> leave(const std::function<bool(const std::string&)>& keep);

  private:
    std::map<std::string, SpaceFacts, std::less<>> spaces_;
};

}  // namespace bw::panel
