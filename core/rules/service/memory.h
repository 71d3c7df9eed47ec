// SPDX-License-Identifier: Apache-2.0
// What the rules remember over their death, as records beaconwall.rules.state.v1, and the items of
// attention, as records of their own. Writes what changed, one list at a time. The role's thread.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/events/client.h"
#include "core/rules/engine.h"

namespace bw::rules {

inline constexpr const char* kStateType = "beaconwall.rules.state.v1";
inline constexpr const char* kAttentionType = "beaconwall.wall.attention.v1";

class Memory {
  public:
    /// Reads what an earlier life left into `engine` and calls `done` with the newest sequence that
    /// it had worked through (nothing: there was no earlier life). Not called when the hub goes
    /// away meanwhile: ask again when it is back.
    void load(events::Client& client, Engine& engine,
              std::function<void(std::optional<uint64_t> sequence)> done);

    /// Writes what differs from the last time, if it is time for that. `now_ns`: monotonic.
    void save(events::Client& client, Engine& engine, uint64_t sequence, int64_t now_ns);
    /// Writes at once; `done` when it is on the disk, or will not be there in time. What the wall
    /// is told to do waits for it, so that nobody has to guess after a death.
    void save_first(events::Client& client, Engine& engine, uint64_t sequence, int64_t now_ns,
                    std::function<void()> done);
    void tick(int64_t now_ns);
    [[nodiscard]] int64_t next_wake_ns() const;

  private:
    using Loaded = std::function<void(const events::Event&)>;
    void list(events::Client& client, const std::string& type, const std::string& after,
              Loaded each, std::function<void()> done);
    std::vector<events::RecordWrite> changes(Engine& engine, uint64_t sequence);
    void write_state(events::Client& client, Engine& engine, uint64_t sequence, int64_t now_ns,
                     std::function<void()> done);
    void write_attention(events::Client& client, Engine& engine, int64_t now_ns);
    void told(const events::Reply& reply);

    std::map<std::string, std::string> written_;  // by subject; "sequence" among them
    std::map<std::string, std::string> read_;
    std::optional<uint64_t> read_sequence_;
    bool writing_items_ = false, keeps_ = true;
    int64_t next_save_ns_ = 0, next_items_ns_ = 0;
    std::function<void()> waiting_;  // for the disk
    int64_t waits_until_ns_ = 0;
    uint64_t waiting_id_ = 0;
};

}  // namespace bw::rules
