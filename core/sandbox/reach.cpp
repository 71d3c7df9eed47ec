// SPDX-License-Identifier: Apache-2.0
#include "core/sandbox/reach.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace bw::sandbox {
namespace fs = std::filesystem;
namespace {

constexpr size_t kPathAt = offsetof(sockaddr_un, sun_path);
constexpr uint16_t kUnprivileged = 1024;

template <class T>
T as(const Address& address) {
    T out{};
    std::memcpy(&out, &address.bytes, sizeof out);
    return out;
}

std::string printable(std::string_view bytes) {
    std::string out(bytes);
    for (char& c : out)
        if (c < 0x20 || c > 0x7E) c = '?';
    return out;
}

std::string unix_words(const Address& address) {
    const auto local = as<sockaddr_un>(address);
    const size_t size = std::min<size_t>(address.size, sizeof local);
    if (size <= kPathAt) return "a socket without a name";
    if (local.sun_path[0] == 0) return "@" + printable({local.sun_path + 1, size - kPathAt - 1});
    return printable(address.path().string());
}

/// By descriptor, so that what is checked is what is used; never through a link.
base::UniqueFd hold(const fs::path& path, uint64_t flags) {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC | flags;
    how.resolve = RESOLVE_NO_SYMLINKS;
    return base::UniqueFd(
        static_cast<int>(syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
}

std::optional<HeldPath> named(base::UniqueFd held, const std::string& name) {
    const std::string path = "/proc/self/fd/" + std::to_string(held.get()) + name;
    sockaddr_un local{};
    if (!held.valid()) return std::nullopt;
    if (path.size() >= sizeof local.sun_path) {
        errno = ENAMETOOLONG;
        return std::nullopt;
    }
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, path.data(), path.size());
    HeldPath out{std::move(held), {}};
    out.address.size = static_cast<socklen_t>(kPathAt + path.size() + 1);
    std::memcpy(&out.address.bytes, &local, sizeof local);
    return out;
}

/// The rest of `path` below `folder`; "." if it is the same. Nothing: it is elsewhere.
std::optional<fs::path> below(const fs::path& folder, const fs::path& path) {
    const fs::path rest = path.lexically_relative(folder);
    if (rest.empty() || *rest.begin() == "..") return std::nullopt;
    return rest;
}

bool is_loopback(const Address& address) {
    static const auto local = base::NetworkRule::parse("localhost:*");
    return local && local->covers(address.get(), address.size);
}

}  // namespace

int Address::family() const {
    return size < sizeof(sa_family_t) ? AF_UNSPEC : bytes.ss_family;
}

uint16_t Address::port() const {
    return ntohs(family() == AF_INET6 ? as<sockaddr_in6>(*this).sin6_port
                                      : as<sockaddr_in>(*this).sin_port);
}

fs::path Address::path() const {
    const auto local = as<sockaddr_un>(*this);
    if (size <= kPathAt) return {};
    const size_t most = std::min<size_t>(size, sizeof local) - kPathAt;
    return std::string(local.sun_path, strnlen(local.sun_path, most));
}

std::string Address::words() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (family() == AF_INET && size >= sizeof(sockaddr_in)) {
        const auto four = as<sockaddr_in>(*this);
        inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
        return std::string(text.data()) + ":" + std::to_string(port());
    }
    if (family() == AF_INET6 && size >= sizeof(sockaddr_in6)) {
        const auto six = as<sockaddr_in6>(*this);
        inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
        return "[" + std::string(text.data()) + "]:" + std::to_string(port());
    }
    if (family() == AF_UNIX) return unix_words(*this);
    return "family " + std::to_string(family());
}

Reach::Reach(std::vector<base::NetworkRule> network, const std::vector<fs::path>& paths)
    : network_(std::move(network)) {
    for (const fs::path& path : paths) {
        std::error_code none;
        Allowed allowed{path.lexically_normal(), fs::weakly_canonical(path, none)};
        if (!none && allowed.given.is_absolute()) paths_.push_back(std::move(allowed));
    }
}

bool Reach::may_connect(const Address& address) const {
    return std::any_of(network_.begin(), network_.end(), [&](const base::NetworkRule& rule) {
        return rule.covers(address.get(), address.size);
    });
}

bool Reach::may_bind(const Address& address) const {
    if (address.size < (address.family() == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6)))
        return false;
    const uint16_t port = address.port();
    if (port == 0 || (port >= kUnprivileged && is_loopback(address))) return true;
    return std::any_of(network_.begin(), network_.end(),
                       [&](const base::NetworkRule& rule) { return rule.port() == port; });
}

/// Text alone decides first: no file system is asked about a path that is not allowed anyway.
std::optional<fs::path> Reach::real_path(const fs::path& path) const {
    for (const Allowed& allowed : paths_)
        for (const fs::path* folder : {&allowed.given, &allowed.real})
            if (const auto rest = below(*folder, path))
                return *rest == "." ? allowed.real : allowed.real / *rest;
    return std::nullopt;
}

std::optional<HeldPath> Reach::socket_at(const fs::path& folder, const fs::path& path) const {
    errno = 0;
    const auto real = real_path((folder / path).lexically_normal());
    if (!real) return std::nullopt;
    return named(hold(*real, 0), "");
}

std::optional<HeldPath> Reach::new_socket_at(const fs::path& folder, const fs::path& path) const {
    errno = 0;
    const fs::path whole = (folder / path).lexically_normal();
    const auto real = real_path(whole.parent_path());
    if (!real || !whole.has_filename()) return std::nullopt;
    return named(hold(*real, O_DIRECTORY), "/" + whole.filename().string());
}

}  // namespace bw::sandbox
