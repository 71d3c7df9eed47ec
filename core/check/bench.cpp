// SPDX-License-Identifier: Apache-2.0
#include "core/check/bench.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <set>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/packet.h"
#include "core/base/sanitized.h"
#include "core/check/trial.h"
#include "core/control/message.h"
#include "core/sandbox/calls.h"
#include "core/sandbox/files.h"
#include "core/sandbox/limits.h"
#include "core/sandbox/refusals.h"

namespace bw::check {
namespace {

constexpr size_t kMaxText = 250;
constexpr size_t kMostTrials = 8;  // of one rule

/// As core/panel/main.cpp does it. What the channel carries is the descriptor of refused calls.
void close_in(control::Channel& channel, const config::Plugin& plugin) {
    tzset();
    sandbox::give_up_privileges();
    sandbox::set_limits({});
    (void)sandbox::FileRules::of_system().close(plugin.folder);
    const base::UniqueFd refusals = sandbox::close_calls();
    if (!refusals.valid()) return;
    control::Message message;
    message.kind = control::Kind::beat;
    const std::array<int, 1> fds{refusals.get()};
    (void)channel.send(message, fds);
}

[[noreturn]] void be_the_child(const Rule& rule, const Subject& subject, control::Channel& channel,
                               bool closed_in) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(2, 1);  // the report is ours alone to write
    base::log_init("check");
    if (closed_in) {
        prepare_links(kMostTrials);
        close_in(channel, subject.plugin);
    }
    const Finding found = rule.run(subject);
    control::Message message;
    message.kind = control::Kind::ready;
    message.value[0] = static_cast<int64_t>(found.verdict);
    message.set_text(found.text.substr(0, kMaxText));
    message.set_aux(found.advice);
    (void)channel.send(message);
    // The plugin's own destructors are not part of the rule.
    _exit(0);
}

/// The supervisor's half of one rule.
class Watch {
  public:
    Watch(pid_t pid, control::Channel channel, int limit_s)
        : pid_(pid),
          channel_(std::move(channel)),
          until_ns_(base::mono_ns() + int64_t{limit_s} * base::kSecond) {}

    Finding wait(int limit_s) {
        int status = 0;
        while (waitpid(pid_, &status, WNOHANG) == 0) {
            listen();
            if (base::mono_ns() < until_ns_) continue;
            kill(pid_, SIGKILL);
            waitpid(pid_, &status, 0);
            return {Verdict::fail, fmt::format("it is not done after {} s", limit_s),
                    "a call into the plugin does not come back: the wall kills it after 2 s"};
        }
        read_channel();
        if (!found_)
            found_ = Finding{
                Verdict::crashed,
                WIFSIGNALED(status)
                    ? fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)))
                    : fmt::format("it ended the process with status {}", WEXITSTATUS(status)),
                "run the rule alone in a debugger: plugin check --only RULE --no-sandbox PATH"};
        if (!refused_.empty() && found_->verdict == Verdict::pass) {
            std::string calls;
            for (const std::string& call : refused_) calls += (calls.empty() ? "" : ", ") + call;
            found_ = Finding{Verdict::warning, "it tried what a panel may not: " + calls,
                             "leave it to a service: the call fails on every wall"};
        }
        return *found_;
    }

  private:
    void listen() {
        pollfd waits[] = {{channel_.fd(), POLLIN, 0},
                          {refusals_ ? refusals_->fd() : -1, POLLIN, 0}};
        (void)poll(waits, 2, 20);
        read_channel();
        if (refusals_ && (waits[1].revents & POLLIN) != 0)
            // Giving back a released surface is the trial's own doing, in the compositor's place.
            if (auto call = refusals_->next(); call && *call != "fallocate") refused_.insert(*call);
        if ((waits[1].revents & (POLLHUP | POLLERR)) != 0) refusals_.reset();
    }
    void read_channel() {
        while (auto received = channel_.receive()) {
            const control::Message& message = received->message;
            if (message.kind == control::Kind::beat && received->fds.size() == 1)
                refusals_ = std::make_unique<sandbox::Refusals>(std::move(received->fds.front()));
            if (message.kind == control::Kind::ready)
                found_ = Finding{static_cast<Verdict>(std::clamp<int64_t>(message.value[0], 0, 4)),
                                 std::string(message.text_view()), std::string(message.aux_view())};
        }
    }

    pid_t pid_;
    control::Channel channel_;
    int64_t until_ns_;
    std::unique_ptr<sandbox::Refusals> refusals_;
    std::set<std::string> refused_;
    std::optional<Finding> found_;
};

}  // namespace

Finding run_apart(const Rule& rule, const Subject& subject, const How& how) {
    auto pair = base::packet_pair();
    if (!pair) return {Verdict::fail, pair.error().text, {}};
    const pid_t pid = fork();
    if (pid == 0) {
        control::Channel channel(std::move(pair->second));
        pair->first.reset();
        const bool closed = how.closed_in && !kSanitized && rule.of == Rule::Of::panel;
        be_the_child(rule, subject, channel, closed);
    }
    pair->second.reset();
    if (pid < 0) return {Verdict::fail, base::errno_error("fork").text, {}};
    return Watch(pid, control::Channel(std::move(pair->first)), rule.limit_s).wait(rule.limit_s);
}

}  // namespace bw::check
