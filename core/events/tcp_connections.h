// SPDX-License-Identifier: Apache-2.0
// The TCP connections of a ROUTER: which route has which, how much is on its way to it, and how
// much of a message without an end came from it. libzmq tells of them by their descriptors'
// numbers, which may stand for something else at any moment: what is done to one goes by the
// address of its other end, too (tcp_look.h). One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace bw::events {

class TcpConnections {
  public:
    static constexpr size_t kMax = 256;
    /// Of what was sent and has not arrived, per connection.
    static constexpr uint64_t kMaxOnTheWay = 8 * 1024 * 1024;
    /// Of one message that has no end.
    static constexpr uint64_t kMaxUnfinished = 8 * 1024 * 1024;

    class Connection {
      public:
        /// More than kMaxOnTheWay is on the way.
        [[nodiscard]] bool is_full();
        /// A frame of so many bytes was given to libzmq for it.
        void sent(size_t payload);

      private:
        friend class TcpConnections;
        uint64_t on_the_way();

        int fd_ = -1;
        std::string peer_, route_, key_;
        uint64_t handed_ = 0;         // given to libzmq for it, as on the line
        uint64_t acknowledged_ = 0;   // of that, as far as was looked
        uint64_t before_ = 0;         // acknowledged of what was not ours: handshake, heartbeats
        uint64_t received_then_ = 0;  // when a message was last complete
        bool said_ = false;           // something since the last look
    };

    /// A new one. False: there are kMax already, and it is ended.
    bool accepted(int fd);
    /// It is over. True: it was one from which nothing ever came.
    bool ended(int fd);
    /// A message came over it: `route` is its route, and `key` whose it is.
    void heard(int fd, const std::string& route, const std::string& key);
    /// Null: none has that route. Until the next call of another member.
    [[nodiscard]] Connection* of(const std::string& route);
    [[nodiscard]] size_t of_key(const std::string& key) const;
    /// Ends those of which more than kMaxUnfinished came since their last complete message; how
    /// many that were. Right after all that is complete was taken: whatever more has arrived is a
    /// message without an end, which libzmq would keep in memory for as long as it grows.
    uint64_t end_unfinished();
    /// Ends the one with that route, if there is one.
    void end(const std::string& route);
    [[nodiscard]] size_t size() const { return connections_.size(); }

  private:
    void forget(int fd);

    std::unordered_map<int, Connection> connections_;   // by descriptor
    std::unordered_map<std::string, int> descriptors_;  // by route
};

}  // namespace bw::events
