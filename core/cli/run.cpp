// SPDX-License-Identifier: Apache-2.0
// beaconwall run SITE: checks the site, writes the plan and becomes the supervisor.
#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vector>

#include "core/base/paths.h"
#include "core/base/unique_fd.h"
#include "core/cli/commands.h"
#include "core/cli/folders.h"
#include "core/cli/site_check.h"

namespace bw::cli {
namespace {

/// A memfd with the plan, at its start; inherited over exec.
base::Result<base::UniqueFd> plan_memfd(const std::string& plan) {
    base::UniqueFd fd(memfd_create("beaconwall-plan", 0));
    if (!fd.valid()) return base::errno_error("cannot make the plan's memory");
    size_t done = 0;
    while (done < plan.size()) {
        const ssize_t n = ::write(fd.get(), plan.data() + done, plan.size() - done);
        if (n <= 0) return base::errno_error("cannot write the plan");
        done += static_cast<size_t>(n);
    }
    ::lseek(fd.get(), 0, SEEK_SET);
    return fd;
}

base::Status become(const std::filesystem::path& program, const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(program.c_str(), arguments.data());
    return base::errno_error("cannot start " + program.string());
}

}  // namespace

int run(const RunOptions& options) {
    const CheckedSite checked = check_site(options.site);
    if (!checked.good) return Exit::refused;
    const auto run_dir = run_folder(options.run_dir);
    const auto state_dir = state_folder(options.state_dir, options.run_dir, checked.site.name);
    if (const auto fits = check_run_folder(run_dir); !fits) {
        fmt::print(stderr, "{}\n", fits.error().text);
        return Exit::refused;
    }
    auto plan = plan_memfd(make_plan(checked.site, checked.plugins));
    if (!plan) {
        fmt::print(stderr, "{}\n", plan.error().text);
        return Exit::refused;
    }
    const auto program = base::role_program("supervisor");
    std::vector<std::string> words = {program.string(),
                                      "--plan-fd",
                                      std::to_string(plan->get()),
                                      "--site",
                                      checked.site.folder.string(),
                                      "--run-dir",
                                      run_dir.string(),
                                      "--state-dir",
                                      state_dir.string()};
    if (options.headless) words.emplace_back("--headless");
    const auto status = become(program, words);
    fmt::print(stderr, "{}\n", status.error().text);
    return Exit::refused;
}

}  // namespace bw::cli
