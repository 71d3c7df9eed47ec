// SPDX-License-Identifier: Apache-2.0
// Control: the link between the supervisor and each of its children. One SEQPACKET pair, inherited
// as descriptor 3, carrying fixed-size messages in host byte order (both ends are one build on one
// machine). Descriptors travel beside a message.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/packet.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace bw::control {

/// The descriptor number on which every child finds its control socket.
inline constexpr int kControlFd = 3;

enum class Kind : uint32_t {
    // supervisor → child
    start = 1,  // first message, once: see Start below for what each role finds in it
    link = 2,  // a surface link; name = the other end ("panel:flood_gauges", "media:0", "console"),
               // value[0] = Direction,
    // value[1] = arena bytes, incarnation = the producer's; fds: socket, arena, control page
    unlink = 3,  // the process at the other end of link `name` is gone; value[0] = RoleState (its
                 // pictures stay until a
                 // successor's)
    plug = 4,    // to the hub: a plugin process listens; name = peer ("panel:supplies",
                 // "service:supplies"), text = socket path
    unplug = 5,  // to the hub: that incarnation of peer `name` is gone
    role = 6,    // to the hub: one row of the process table; name = "ROLE/NAME", value = {pid,
                 // RoleState, restarts, 0}
    stop = 7,    // end in order, at once
    successor_drawn = 8,  // to an orphan: not sent by the supervisor; reserved
    retire = 9,  // to media and panels: a successor of your name comes; go on until nobody shows
                 // you, then end
    // child → supervisor
    ready = 16,       // start-up is over
    beat = 17,        // the main loop turns; at least once a second
    wall_ready = 18,  // compositor: every pane of the first scene shows its picture or its mark
    address = 19,     // console: text = its URL; the supervisor passes it on to the hub
    restart =
        20,  // hub: someone asked to restart `name` ("panel/flood_gauges"), clears its quarantine
    failed = 21,  // child: cannot go on; text = why, in words for a person
    stuck = 22,   // panel, from a signal handler: a call into the plugin has not come back for some
                  // time; a later beat takes it back
    crashed = 23,   // panel, from a signal handler: it dies of signal value[0]
    reload = 24,    // hub: start the new version of plugin `name` beside the one that runs
    reloaded = 25,  // supervisor → hub: that has ended, well if value[0]; text = why not
    greeted = 26,   // hub: the plugin process `name` of that incarnation has said hello
    begin = 28,     // hub: the site has what `name` ("rules") is for: start it unless it runs
    cut_off = 27,   // compositor: the producer `name` of that incarnation breaks the surface
                    // protocol; text = how
};

enum class Direction : int64_t { consume = 1, produce = 2 };
enum class RoleState : int64_t { starting = 1, running = 2, backoff = 3, quarantined = 4 };

/// What `start` carries, by role:
///   hub         —
///   panel       name = plugin, text = library path, value[0] = 1 for Chinese, 2 for English; fds:
///   glyph atlas, listening wire socket;
///               a second start-like message is never sent; the wire socket's path is in `aux`
///   media       name = "media:N", value = {N, media processes}
///   compositor  value[0] = media processes; fds: glyph atlas, scene memory
///   console     value[0] = wished port
struct Message {
    uint32_t magic = 0x42574331;  // "BWC1"
    Kind kind{};
    uint64_t incarnation = 0;
    std::array<int64_t, 4> value{};
    std::array<char, 80> name{};
    std::array<char, 256> text{};
    std::array<char, 128> aux{};

    [[nodiscard]] std::string_view name_view() const;
    [[nodiscard]] std::string_view text_view() const;
    [[nodiscard]] std::string_view aux_view() const;
    /// Cut to fit, always terminated.
    void set_name(std::string_view v);
    void set_text(std::string_view v);
    void set_aux(std::string_view v);
};
static_assert(sizeof(Message) == 512);

struct Received {
    Message message;
    std::vector<base::UniqueFd> fds;
};

/// One end of a control link. Not thread-safe: one thread owns it.
class Channel {
  public:
    explicit Channel(base::UniqueFd socket) : socket_(std::move(socket)) {}
    [[nodiscard]] int fd() const { return socket_.get(); }
    /// Never blocks. Errors "full", "closed".
    base::Status send(const Message& message, std::span<const int> fds = {});
    /// Never blocks. Errors "empty", "closed", "invalid" (wrong size or magic: the peer breaks the
    /// protocol).
    base::Result<Received> receive();

  private:
    base::UniqueFd socket_;
};

/// A child's end: adopts descriptor 3, waits at most 5 s for `start`, sets
/// PR_SET_PDEATHSIG(SIGTERM) unless `survives_parent`.
base::Result<std::pair<Channel, Received>> join_supervisor(bool survives_parent);

/// Sends `beat` when at least 900 ms passed since the last one. Call it from the main loop.
class Beat {
  public:
    void tick(Channel& channel);

  private:
    int64_t last_ns_ = 0;
};

}  // namespace bw::control
