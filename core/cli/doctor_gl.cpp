// SPDX-License-Identifier: Apache-2.0
// Whether a picture can be drawn here at all. EGL is opened by name, in a child: `beaconwall` links
// no GL, and a driver that crashes takes only the child.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "core/cli/doctor_checks.h"

namespace bw::cli {
namespace {

// From EGL/egl.h and EGL/eglext.h, as fixed by the standard.
constexpr unsigned kPlatformSurfaceless = 0x31DD;
constexpr int kVendor = 0x3053, kVersion = 0x3054;
using GetPlatformDisplay = void* (*)(unsigned, void*, const long*);
using Initialize = unsigned (*)(void*, int*, int*);
using QueryString = const char* (*)(void*, int);

/// "Mesa Project, EGL 1.5", or what is wrong, after '!'.
std::string ask_egl() {
    void* library = ::dlopen("libEGL.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return "!no libEGL.so.1";
    const auto get =
        reinterpret_cast<GetPlatformDisplay>(::dlsym(library, "eglGetPlatformDisplay"));
    const auto initialize = reinterpret_cast<Initialize>(::dlsym(library, "eglInitialize"));
    const auto query = reinterpret_cast<QueryString>(::dlsym(library, "eglQueryString"));
    if (!get || !initialize || !query) return "!an EGL older than 1.5";
    void* display = get(kPlatformSurfaceless, nullptr, nullptr);
    int major = 0, minor = 0;
    if (!display || !initialize(display, &major, &minor)) return "!no surfaceless EGL display";
    const char* vendor = query(display, kVendor);
    const char* version = query(display, kVersion);
    return std::string(vendor ? vendor : "?") + ", EGL " + (version ? version : "?");
}

}  // namespace

Finding check_gl() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return {Finding::State::missing, "GL", "no pipe", "close files"};
    const pid_t pid = ::fork();
    if (pid == 0) {
        const std::string said = ask_egl();
        ::_exit(::write(ends[1], said.data(), said.size()) < 0 ? 1 : 0);
    }
    ::close(ends[1]);
    std::array<char, 256> buffer{};
    const ssize_t length = ::read(ends[0], buffer.data(), buffer.size());
    ::close(ends[0]);
    if (pid > 0) ::waitpid(pid, nullptr, 0);
    const std::string said(buffer.data(), length > 0 ? static_cast<size_t>(length) : 0);
    if (!said.empty() && said[0] != '!') return {Finding::State::ok, "GL", said, ""};
    return {Finding::State::missing, "GL", said.empty() ? "the driver crashed" : said.substr(1),
            "apt-get install libegl1 libgl1-mesa-dri"};
}

}  // namespace bw::cli
