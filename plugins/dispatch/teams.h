// SPDX-License-Identifier: Apache-2.0
// The teams of a site: who they are, what they do, and how many people did what over the last
// hours. Data in, JSON out: no clock, no socket. One thread.
#pragma once

#include <beaconwall/service/result.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bw::dispatch {

inline constexpr const char* kTeamType = "beaconwall.dispatch.team.v1";
inline constexpr const char* kPositionType = "beaconwall.dispatch.position.v1";
inline constexpr const char* kForcesType = "beaconwall.dispatch.forces.v1";
inline constexpr const char* kMapType = "beaconwall.dispatch.map.v1";

/// 待命 出动 在途 到达 撤回, by these words on the wire.
inline constexpr std::array<const char*, 5> kStates{"standby", "turnout", "en_route", "on_scene",
                                                    "returning"};
/// Nothing for a word that is none of them.
std::optional<size_t> state_of(std::string_view word);

inline constexpr size_t kSteps = 48;
inline constexpr int64_t kStepNs = 900'000'000'000;  // 15 minutes
using People = std::array<int64_t, kStates.size()>;

class Teams {
  public:
    /// Errors: "invalid" with what is wrong; then nothing is known.
    base::Status load(const std::string& teams_json);

    [[nodiscard]] std::vector<std::string> ids() const;
    [[nodiscard]] bool has(std::string_view id) const { return teams_.contains(id); }
    /// True if that is news. `time` is when it came to be, RFC 3339.
    bool set_state(std::string_view id, std::string_view state, const std::string& time);
    /// Takes over the state of a team's record from an earlier life of this service.
    void adopt(std::string_view id, const std::string& record_json);
    [[nodiscard]] std::string record(std::string_view id) const;

    /// People by state now.
    [[nodiscard]] People people() const;

    // ---- forces in time ----
    /// The field's clock moved on: the present counts for its step. A step back of over a minute
    /// drops what was known.
    void tick(int64_t time_ns);
    /// A team's past states, one per step of `step_ns`, the last at `end_ns`.
    void fill(std::string_view id, int64_t end_ns, int64_t step_ns,
              const std::vector<size_t>& states);
    /// JSON of forces/site; empty before the first tick.
    [[nodiscard]] std::string forces_record() const;
    /// The steps of an earlier life's forces/site, where nothing better is known.
    void adopt_forces(const std::string& record_json);

  private:
    struct Team {
        std::string facts;  // JSON: name, kind, people, home…
        int64_t people = 0;
        size_t state = 0;
        std::string since;
        std::map<int64_t, size_t> past;  // step → state
    };
    [[nodiscard]] std::optional<People> people_at(int64_t step) const;

    std::map<std::string, Team, std::less<>> teams_;
    std::map<int64_t, People> adopted_;
    int64_t newest_step_ = 0, newest_ns_ = 0;
    bool exercise_ = false;
};

}  // namespace bw::dispatch
