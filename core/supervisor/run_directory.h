// SPDX-License-Identifier: Apache-2.0
// The run directory and the state directory: private, locked, and emptied (the run directory alone)
// at the end.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/supervisor/plan.h"

namespace bw::supervisor {

/// A process that an earlier supervisor left behind.
struct Remnant {
    pid_t pid = 0;
    std::string row_name;
};

class RunDirectory {
  public:
    /// Makes both folders with mode 0700 and locks them. "taken": another wall runs there;
    /// "invalid": the socket paths of these plugins would not fit.
    static base::Result<RunDirectory> open(const Orders& orders);

    /// A listening Unix socket at a path that nobody had before: "NAME-p-3-5f0c1a2b".
    struct Wire {
        base::UniqueFd socket;
        std::string path;
    };
    [[nodiscard]] base::Result<Wire> make_wire(const std::string& plugin, char kind,
                                               uint64_t incarnation) const;
    /// Ends what a killed predecessor left (PR_SET_PDEATHSIG reaches no stopped process and no
    /// grandchild), but for its compositor, which leaves by itself once ours has drawn. Waits at
    /// most 2 s. Returns the compositors.
    std::vector<Remnant> end_remnants() const;
    /// Notes who runs now, for the supervisor that comes after a kill of this one.
    void note_processes(const std::vector<Remnant>& running) const;
    /// Removes what this wall made in the run directory; the lock last.
    void empty();

  private:
    std::filesystem::path run_dir_;
    base::UniqueFd lock_, state_lock_;
};

/// Field 22 of /proc/PID/stat: with it a pid names one process for ever; 0: no such process.
uint64_t start_time(pid_t pid);

}  // namespace bw::supervisor
