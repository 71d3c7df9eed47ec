// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl snapshot FILE.png
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <span>

#include "core/base/ids.h"
#include "core/base/unique_fd.h"
#include "core/cli/hub_link.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kExpiresMs = 10000;

base::Status write_all(int fd, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n <= 0) return base::errno_error("cannot write");
        bytes = bytes.subspan(static_cast<size_t>(n));
    }
    return ::fsync(fd) == 0 ? base::Status{} : base::errno_error("cannot write");
}

/// Whole or not at all: a reader never sees half a picture.
base::Status write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    const std::string beside = path.string() + "." + base::random_hex(4) + ".part";
    base::UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!fd.valid()) return base::errno_error("cannot create " + beside);
    base::Status status = write_all(fd.get(), bytes);
    if (status && ::rename(beside.c_str(), path.c_str()) != 0)
        status = base::errno_error("cannot create " + path.string());
    if (!status) ::unlink(beside.c_str());
    return status;
}

json wish(const CtlOptions& options) {
    json data = json::object();
    if (!options.display.empty()) data["display"] = options.display;
    if (!options.pane.empty()) data["pane"] = options.pane;
    if (options.preview) data["preview"] = true;
    return data;
}

}  // namespace

int ctl_snapshot(const CtlOptions& options) {
    int code = Exit::done;
    const auto client = open_hub(options, code);
    if (!client) return code;
    json answer;
    code = ask_command(*client, "beaconwall.compositor.snapshot.v1", "main", wish(options),
                       kExpiresMs, answer);
    if (code != Exit::done) return code;
    const json digest = answer.value("digest", json());
    const auto bytes =
        client->get_blob(digest.is_string() ? digest.get<std::string>() : "", kExpiresMs);
    if (!bytes) {
        fmt::print(stderr, "{}\n", bytes.error().text);
        return bytes.error().code == "timeout" ? Exit::timed_out : Exit::refused;
    }
    if (const auto written = write_file(options.file, *bytes); !written) {
        fmt::print(stderr, "{}\n", written.error().text);
        return Exit::refused;
    }
    fmt::print("{}: {}x{}\n", options.file.string(), answer.value("width", json()).dump(),
               answer.value("height", json()).dump());
    return Exit::done;
}

}  // namespace bw::cli
