// SPDX-License-Identifier: Apache-2.0
// Which durable writes have been made, so that one that is sent again counts once and is answered
// as the first was. One that is on its way stays known until its outcome is; of those that are on
// the disk the newest kMax do. On the loop.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/hub/reply.h"

namespace bw::hub {

class KnownWrites {
  public:
    static constexpr size_t kMax = 20'000;

    struct Entry {
        uint64_t sequence = 0;  // 0: on its way
        uint64_t content = 0;  // of content.h; 0: of an earlier life of the hub, the journal has it
        std::vector<ReplyFn> waiting;
    };
    using Write = std::unordered_map<std::string, Entry>::value_type;

    /// Who sent it, and what it is called there.
    static std::string key(const std::string& sender, const std::string& id) {
        return sender + '\n' + id;
    }
    /// Null: it is not known.
    [[nodiscard]] Entry* find(const std::string& key);
    /// As find(); one of an earlier life is forgotten first, so that the journal is asked again.
    [[nodiscard]] Entry* find_anew(const std::string& key);
    /// It is on its way, and `reply` waits for it. The write is there until kept() or failed().
    Write& begin(const std::string& key, uint64_t content, ReplyFn reply);
    /// It is on the disk, under that sequence. Who waited.
    std::vector<ReplyFn> kept(Write& write, uint64_t sequence);
    /// It never was. Who waited.
    std::vector<ReplyFn> failed(Write& write);
    /// One of an earlier life; they come oldest first.
    void restore(const std::string& key, uint64_t sequence);
    /// Everybody who waits for one on its way; nobody does from then on.
    std::vector<ReplyFn> take_waiting();

  private:
    std::unordered_map<std::string, Entry> writes_;
    /// Of those on the disk, with their sequences; some may be forgotten, or known anew.
    std::deque<std::pair<uint64_t, std::string>> order_;
};

}  // namespace bw::hub
