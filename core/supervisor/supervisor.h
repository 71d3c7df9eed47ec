// SPDX-License-Identifier: Apache-2.0
// The supervisor: one thread that waits on pidfds, control sockets, a signalfd and a timerfd, and
// never on anything else.
#pragma once

#include <poll.h>

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/supervisor/process_table.h"

namespace bw::supervisor {

/// A plugin whose new version has been started.
struct Reloading {
    int halves = 0;       // that have not settled yet
    std::string why_not;  // the first reason; empty: all is well so far
};

class Supervisor {
  public:
    /// `signals`: a signalfd of SIGTERM and SIGINT; the caller keeps it. `remnants`: compositors of
    /// a killed predecessor; they leave by themselves, or with this wall.
    Supervisor(const Orders& orders, RunDirectory& directory, base::UniqueFd glyphs,
               base::UniqueFd scene, std::vector<Remnant> remnants, int signals);
    /// Starts everything, runs until a signal, ends everything. "system" if it cannot even wait.
    base::Status run();

  private:
    // supervisor.cpp: the loop
    base::Status wait_once(int64_t until_ns);
    [[nodiscard]] int64_t next_deadline() const;
    void turn(int64_t now);
    [[nodiscard]] bool wants_spare() const;
    void keep_spare(int64_t now);
    void say_ready();
    // lifecycle.cpp: start and death of one process
    void start_due(int64_t now);
    void start_one(Process& process, int64_t now);
    void bury(Process& process, int64_t now);
    void die_aside(Process& process, int signal, int64_t now);
    void report_crash(const Process& process, const std::string& how, int64_t now) const;
    void plan_next(Process& process, int64_t uptime, int64_t now);
    void stuck(Process& process, int64_t for_ns, int64_t now) const;
    void check_beats(int64_t now);
    void kill_group(const Process& process) const;
    // replace.cpp: make before break
    void watch_memory(int64_t now);
    void watch_threads(const Process& process) const;
    void replace(Process& process, int64_t now);
    void see_off(int64_t now);
    void bury_left(Process& process, int64_t now);
    // reload.cpp: a plugin's new version beside the old
    void reload(std::string_view name, int64_t now);
    void reload_one(Process& process, int64_t now);
    void greeted(std::string_view peer, uint64_t incarnation, int64_t now);
    void watch_reloads(int64_t now);
    bool take_back(Process& process, int64_t now);
    void reloaded(const std::string& plugin, const std::string& why_not);
    [[nodiscard]] Process* elder_of(const Process& process) const;
    void stop_all();
    // mail.cpp: control messages
    void read_mail(Process& process, int64_t now);
    void handle(Process& process, control::Received& received, int64_t now);
    void read_refusals(Process& process) const;
    void serve_guard(Process& process, int64_t now) const;
    void end_hostile(const control::Message& message) const;
    void became_ready(Process& process);
    void restart(std::string_view name, int64_t now);
    void tell_hub(const control::Message& message);
    void changed(const Process& process);
    void greet_hub();
    void tell_address();
    void note_processes() const;

    const Orders& orders_;
    RunDirectory& directory_;
    base::UniqueFd glyphs_, scene_, timer_;
    std::vector<Remnant> remnants_;
    int signals_;
    Processes processes_;
    Processes leaving_;  // replaced ones, as long as their pictures are shown; and dying ones
    std::map<std::string, Reloading, std::less<>> reloading_;  // by plugin
    int64_t looked_at_memory_ns_ = 0;
    Spare spare_;  // panels
    Shared shared_;
    uint64_t incarnations_ = 0;
    bool stopping_ = false, said_ready_ = false, table_changed_ = false;
    bool rules_wanted_ = false;  // the hub says that the site has some
    int64_t began_ns_ = 0, last_turn_ns_ = 0;
    std::string console_address_;
};

}  // namespace bw::supervisor
