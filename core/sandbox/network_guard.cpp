// SPDX-License-Identifier: Apache-2.0
#include "core/sandbox/network_guard.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "core/sandbox/connecting.h"
#include "core/sandbox/door.h"
#include "core/sandbox/notification.h"
#include "core/sandbox/sending.h"

namespace bw::sandbox {
namespace {

constexpr int kMostInTurn = 32;
/// Each holds a descriptor of ours. More at once fail with EAGAIN.
constexpr size_t kMostWaiting = 32;

/// What the child's copy of our memory has at the same place.
const char kProbe = 'p';

bool can_look_into(pid_t child) {
    char seen = 0;
    const iovec local{&seen, 1};
    const iovec remote{const_cast<char*>(&kProbe), 1};
    return process_vm_readv(child, &local, 1, &remote, 1, 0) == 1;
}

base::UniqueFd take_from(pid_t process, int number) {
    const base::UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, process, 0U)));
    if (!pidfd.valid()) return {};
    return base::UniqueFd(static_cast<int>(syscall(SYS_pidfd_getfd, pidfd.get(), number, 0U)));
}

void say(const base::UniqueFd& door, char word) {
    (void)!::send(door.get(), &word, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

short readiness(int fd, short events) {
    pollfd wait{fd, events, 0};
    return poll(&wait, 1, 0) > 0 ? wait.revents : short{0};
}

}  // namespace

/// The notification is kept: what answers later asks for its numbers then.
struct Waiting {
    seccomp_notif asked{};
    std::variant<Connecting, Sending> what;
    int64_t until_ns = 0;

    [[nodiscard]] int fd() const {
        return std::visit([](const auto& some) { return some.fd(); }, what);
    }
    std::optional<Answer> push(const Caller& caller) {
        if (auto* connecting = std::get_if<Connecting>(&what)) return connecting->push();
        if (readiness(fd(), POLLOUT) == 0) return std::nullopt;
        return std::get<Sending>(what).push(caller);
    }
    Answer give_up(const Caller& caller) {
        if (auto* connecting = std::get_if<Connecting>(&what)) return connecting->give_up();
        return std::get<Sending>(what).give_up(caller);
    }
};

NetworkGuard::NetworkGuard(base::UniqueFd door, pid_t service, const Allowed& allowed)
    : door_(std::move(door)),
      service_(service),
      reach_(allowed.network, allowed.sockets),
      kin_(service),
      patience_ns_(allowed.patience_ns) {
    const bool can = can_look_into(service);
    say(door_, can ? door::kGo : door::kNo);
    if (!can)
        remain_open("this machine does not let a process look into its children (ptrace_scope)");
}

NetworkGuard::~NetworkGuard() = default;

void NetworkGuard::remain_open(std::string why) {
    door_.reset();
    state_ = State::open;
    why_ = std::move(why);
}

void NetworkGuard::add_to(std::vector<pollfd>& waits) const {
    if (state_ == State::opening) waits.push_back({door_.get(), POLLIN, 0});
    if (state_ != State::guarding) return;
    waits.push_back({listener_.get(), POLLIN, 0});
    for (const auto& call : waiting_)
        if (call->fd() >= 0) waits.push_back({call->fd(), POLLOUT, 0});
}

int64_t NetworkGuard::deadline_ns() const {
    int64_t next = std::numeric_limits<int64_t>::max();
    for (const auto& call : waiting_) {
        next = std::min(next, call->until_ns);
        // Nothing tells when a full listener has room.
        constexpr int64_t kRetry = 20 * base::kMillisecond;
        if (call->fd() < 0) next = std::min(next, base::mono_ns() + kRetry);
    }
    return next;
}

std::vector<std::string> NetworkGuard::turn(int64_t now_ns) {
    told_.clear();
    if (state_ == State::opening) open_door();
    if (state_ == State::guarding) {
        finish_waiting(now_ns);
        for (int i = 0; i < kMostInTurn && next(now_ns); ++i) {
        }
    }
    return std::move(told_);
}

void NetworkGuard::open_door() {
    door::Closed closed;
    const ssize_t size = recv(door_.get(), &closed, sizeof closed, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size != sizeof closed) {  // it has died, or does not want to be closed in
        door_.reset();
        state_ = State::over;
        return;
    }
    if (closed.listener < 0) return remain_open("this kernel has no seccomp notification");
    listener_ = take_from(service_, closed.listener);
    say(door_, door::kHave);
    if (!listener_.valid())
        return remain_open("the calls that wait cannot be had from it: they will fail");
    door_.reset();
    state_ = State::guarding;
}

void NetworkGuard::finish_waiting(int64_t now_ns) {
    for (auto at = waiting_.begin(); at != waiting_.end();) {
        Waiting& call = **at;
        const Caller caller(listener_.get(), call.asked);
        std::optional<Answer> answer;
        const bool waits = caller.waits();  // not if it was killed meanwhile
        if (waits) answer = call.push(caller);
        if (waits && !answer && now_ns >= call.until_ns) answer = call.give_up(caller);
        if (answer) respond(call.asked.id, std::move(*answer));
        at = answer || !waits ? waiting_.erase(at) : std::next(at);
    }
}

/// False: nothing waits any more.
bool NetworkGuard::next(int64_t now_ns) {
    const short ready = readiness(listener_.get(), POLLIN);
    if ((ready & POLLIN) == 0) {
        if ((ready & (POLLHUP | POLLERR)) != 0) {
            waiting_.clear();
            listener_.reset();
            state_ = State::over;
        }
        return false;
    }
    const Exchange exchange;
    if (exchange.asked == nullptr || seccomp_notify_receive(listener_.get(), exchange.asked) != 0)
        return exchange.asked != nullptr;  // who asked has died meanwhile
    Caller caller(listener_.get(), *exchange.asked);
    if (auto answer = handle(caller, now_ns)) respond(caller.id(), std::move(*answer));
    return true;
}

std::optional<Answer> NetworkGuard::handle(Caller& caller, int64_t now_ns) {
    switch (caller.call()) {
        case SCMP_SYS(connect):
            return connect(caller, now_ns);
        case SCMP_SYS(bind):
            return bind(caller);
        case SCMP_SYS(sendto):
        case SCMP_SYS(sendmsg):
        case SCMP_SYS(sendmmsg):
            return send(caller, now_ns);
        case SCMP_SYS(pidfd_send_signal):
            return kin_.send_by_pidfd(caller);
        case SCMP_SYS(socket): {
            Answer answer = refused("socket of family " + std::to_string(caller.number(0)) +
                                    ", protocol " + std::to_string(caller.number(2)));
            answer.error = EAFNOSUPPORT;  // what programs expect where there is none
            return answer;
        }
        default:
            if (Kin::names_process(caller.call())) return kin_.answer(caller);
            return refused(caller.name());
    }
}

std::optional<Answer> NetworkGuard::connect(Caller& caller, int64_t now_ns) {
    auto read = Connecting::read(caller, reach_);
    if (auto* bad = std::get_if<Answer>(&read)) return std::move(*bad);
    if (!caller.waits()) return failed(EINTR);  // nobody is there to read it
    auto waiting = std::make_unique<Waiting>(Waiting{{}, std::move(std::get<Connecting>(read)), 0});
    if (auto answer = std::get<Connecting>(waiting->what).start()) return answer;
    waiting->asked.id = caller.id();
    waiting->asked.pid = static_cast<uint32_t>(caller.thread());
    return wait(std::move(waiting), now_ns);
}

Answer NetworkGuard::bind(Caller& caller) {
    auto read = Binding::read(caller, reach_);
    if (auto* bad = std::get_if<Answer>(&read)) return std::move(*bad);
    if (!caller.waits()) return failed(EINTR);
    return std::get<Binding>(read).make();
}

std::optional<Answer> NetworkGuard::send(Caller& caller, int64_t now_ns) {
    auto read = Sending::read(caller, reach_);
    if (auto* bad = std::get_if<Answer>(&read)) return std::move(*bad);
    if (!caller.waits()) return failed(EINTR);
    auto waiting = std::make_unique<Waiting>(Waiting{{}, std::move(std::get<Sending>(read)), 0});
    if (auto answer = std::get<Sending>(waiting->what).push(caller)) return answer;
    waiting->asked.id = caller.id();
    waiting->asked.pid = static_cast<uint32_t>(caller.thread());
    return wait(std::move(waiting), now_ns);
}

std::optional<Answer> NetworkGuard::wait(std::unique_ptr<Waiting> waiting, int64_t now_ns) {
    if (waiting_.size() >= kMostWaiting) return failed(EAGAIN);
    waiting->until_ns = now_ns + patience_ns_;
    waiting_.push_back(std::move(waiting));
    return std::nullopt;
}

void NetworkGuard::respond(uint64_t id, Answer answer) {
    if (!answer.refused.empty()) told_.push_back(std::move(answer.refused));
    const Exchange exchange;
    if (exchange.answer == nullptr) return;
    exchange.answer->id = id;
    exchange.answer->val = answer.value;
    exchange.answer->error = -answer.error;
    exchange.answer->flags = answer.go_on ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
    (void)seccomp_notify_respond(listener_.get(), exchange.answer);
}

}  // namespace bw::sandbox
