// SPDX-License-Identifier: Apache-2.0
#include "core/cli/folders.h"

#include <fmt/core.h>
#include <sys/un.h>

#include <cstdlib>

namespace bw::cli {
namespace {

namespace fs = std::filesystem;

/// The longest path below a run folder is wire/NAME; names have at most this many bytes.
constexpr size_t kWireNameBytes = 40;

fs::path from_environment(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
    return fs::path(value && *value ? value : otherwise) / "beaconwall";
}

fs::path tidy(const fs::path& path) {
    std::error_code error;
    const fs::path whole = fs::absolute(path, error).lexically_normal();
    return whole.has_filename() ? whole : whole.parent_path();
}

}  // namespace

fs::path run_folder(const std::optional<fs::path>& given) {
    return tidy(given ? *given : from_environment("XDG_RUNTIME_DIR", "/run"));
}

fs::path state_folder(const std::optional<fs::path>& given,
                      const std::optional<fs::path>& run_given, const std::string& site) {
    if (given) return tidy(*given);
    if (run_given) return tidy(*run_given) / "state";
    return tidy(from_environment("XDG_STATE_HOME", "/var/lib") / site);
}

base::Status check_run_folder(const fs::path& run_dir) {
    const size_t need = run_dir.string().size() + std::string("/wire/").size() + kWireNameBytes + 1;
    const size_t room = sizeof(sockaddr_un::sun_path);
    if (need <= room) return {};
    return base::Error{
        "invalid",
        fmt::format("the run folder {} is {} bytes too long for the sockets in it; name a "
                    "shorter one with --run-dir",
                    run_dir.string(), need - room)};
}

}  // namespace bw::cli
