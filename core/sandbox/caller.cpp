// SPDX-License-Identifier: Apache-2.0
#include "core/sandbox/caller.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>

#include "core/sandbox/notification.h"

namespace bw::sandbox {
namespace {

constexpr unsigned kPidfdThread = O_EXCL;  // PIDFD_THREAD, Linux 6.9

/// Of the thread itself where the kernel can: its descriptors may not be its process's.
base::UniqueFd open_pidfd(pid_t thread) {
    int fd = static_cast<int>(syscall(SYS_pidfd_open, thread, kPidfdThread));
    if (fd < 0 && errno == EINVAL)
        fd = static_cast<int>(syscall(SYS_pidfd_open, status_field(thread, "Tgid"), 0U));
    return base::UniqueFd(fd);
}

bool option(int fd, int name, int& value) {
    socklen_t size = sizeof value;
    return getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0;
}

}  // namespace

Answer failed(int error) {
    return {0, error, false, {}};
}

Answer refused(std::string what) {
    return {0, EPERM, false, std::move(what)};
}

Caller::Caller(int listener, const seccomp_notif& asked) : listener_(listener), asked_(asked) {}

std::string Caller::name() const {
    return name_of_call(call());
}

bool Caller::waits() const {
    return seccomp_notify_id_valid(listener_, asked_.id) == 0;
}

base::UniqueFd Caller::take(int number) {
    if (!pidfd_.valid()) pidfd_ = open_pidfd(thread());
    if (!pidfd_.valid()) return {};
    return base::UniqueFd(static_cast<int>(syscall(SYS_pidfd_getfd, pidfd_.get(), number, 0U)));
}

bool Caller::read(uint64_t at, void* to, size_t size) const {
    const iovec local{to, size};
    const iovec remote{reinterpret_cast<void*>(at), size};
    return size == 0 ||
           process_vm_readv(thread(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

bool Caller::write(uint64_t at, const void* from, size_t size) const {
    const iovec local{const_cast<void*>(from), size};
    const iovec remote{reinterpret_cast<void*>(at), size};
    return process_vm_writev(thread(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

bool Caller::read(const std::vector<iovec>& pieces, void* to, size_t size) const {
    const iovec local{to, size};
    return size == 0 || process_vm_readv(thread(), &local, 1, pieces.data(), pieces.size(), 0) ==
                            static_cast<ssize_t>(size);
}

bool Socket::is_inet() const {
    return domain == AF_INET || domain == AF_INET6;
}

bool Socket::open(Caller& caller, int number) {
    fd = caller.take(number);
    if (!fd.valid()) return false;
    if (!option(fd.get(), SO_DOMAIN, domain) || !option(fd.get(), SO_TYPE, type) ||
        !option(fd.get(), SO_PROTOCOL, protocol))
        return false;
    blocks = (fcntl(fd.get(), F_GETFL) & O_NONBLOCK) == 0;
    return true;
}

pid_t status_field(pid_t thread, const char* name) {
    const base::UniqueFd file(
        open(("/proc/" + std::to_string(thread) + "/status").c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) return 0;
    std::array<char, 2048> buffer{};
    const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
    const std::string_view text(buffer.data(), size > 0 ? static_cast<size_t>(size) : 0);
    const std::string label = "\n" + std::string(name) + ":\t";
    const size_t at = text.find(label);
    pid_t value = 0;
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at + label.size(), text.data() + text.size(), value);
    return value;
}

}  // namespace bw::sandbox
