// SPDX-License-Identifier: Apache-2.0
// The supervisor's end of a closed-in service (service.h): answers each call that waits. What names
// an address is done by the guard itself, on a duplicate of the caller's socket and with a copy of
// the address: to let the kernel go on with an address that stays in the caller's memory would let
// another thread exchange it. Never blocks; one thread.
#pragma once

#include <poll.h>
#include <seccomp.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/base/clock.h"
#include "core/base/network.h"
#include "core/base/unique_fd.h"
#include "core/sandbox/kin.h"
#include "core/sandbox/reach.h"

namespace bw::sandbox {

struct Waiting;  // a call that is answered later

class NetworkGuard {
  public:
    struct Allowed {
        std::vector<base::NetworkRule> network;      // where it may connect and send to
        std::vector<std::filesystem::path> sockets;  // see Reach; absolute
        /// So long a blocking connect or send may take, whatever the caller has set.
        int64_t patience_ns = 10 * base::kSecond;
    };
    enum class State {
        opening,   // the child has not closed itself in yet
        guarding,  // it has
        open,      // it could not: the service may do what its user may; why() says why
        over,      // all its processes have ended
    };

    /// In the parent, at once after fork(): the child waits for it in close_service(). `door`: the
    /// parent's end of the pair, non-blocking.
    NetworkGuard(base::UniqueFd door, pid_t service, const Allowed& allowed);
    ~NetworkGuard();
    NetworkGuard(const NetworkGuard&) = delete;
    NetworkGuard& operator=(const NetworkGuard&) = delete;

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] const std::string& why() const { return why_; }
    /// Appends what turn() waits for; none when open or over.
    void add_to(std::vector<pollfd>& waits) const;
    /// CLOCK_MONOTONIC: turn() then, whether or not a descriptor was ready. INT64_MAX: no need.
    [[nodiscard]] int64_t deadline_ns() const;
    /// Handles what waits, at most 32 calls, so that a service that makes many delays nobody else.
    /// A sentence for each refused one: "connect to 192.0.2.9:80", "ptrace".
    std::vector<std::string> turn(int64_t now_ns);

  private:
    void open_door();
    void remain_open(std::string why);
    void finish_waiting(int64_t now_ns);
    bool next(int64_t now_ns);
    std::optional<Answer> handle(Caller& caller, int64_t now_ns);
    std::optional<Answer> connect(Caller& caller, int64_t now_ns);
    Answer bind(Caller& caller);
    std::optional<Answer> send(Caller& caller, int64_t now_ns);
    std::optional<Answer> wait(std::unique_ptr<Waiting> waiting, int64_t now_ns);
    void respond(uint64_t id, Answer answer);

    base::UniqueFd door_, listener_;
    pid_t service_;
    Reach reach_;
    Kin kin_;
    int64_t patience_ns_;
    State state_ = State::opening;
    std::string why_;
    std::list<std::unique_ptr<Waiting>> waiting_;
    std::vector<std::string> told_;  // in this turn
};

}  // namespace bw::sandbox
