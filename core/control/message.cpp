// SPDX-License-Identifier: Apache-2.0
#include "core/control/message.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "core/base/clock.h"

namespace bw::control {
namespace {

/// A peer may leave out the terminator: never read past the field.
template <size_t N>
std::string_view view(const std::array<char, N>& field) {
    return {field.data(), strnlen(field.data(), N)};
}

template <size_t N>
void set(std::array<char, N>& field, std::string_view value) {
    field.fill(0);
    size_t length = std::min(value.size(), N - 1);
    // Cut between characters, not within one.
    while (length > 0 && length < value.size() &&
           (static_cast<unsigned char>(value[length]) & 0xC0) == 0x80)
        --length;
    std::copy_n(value.begin(), length, field.begin());
}

}  // namespace

std::string_view Message::name_view() const {
    return view(name);
}
std::string_view Message::text_view() const {
    return view(text);
}
std::string_view Message::aux_view() const {
    return view(aux);
}
void Message::set_name(std::string_view v) {
    set(name, v);
}
void Message::set_text(std::string_view v) {
    set(text, v);
}
void Message::set_aux(std::string_view v) {
    set(aux, v);
}

base::Status Channel::send(const Message& message, std::span<const int> fds) {
    return base::send_packet(socket_.get(), std::as_bytes(std::span(&message, 1)), fds);
}

base::Result<Received> Channel::receive() {
    auto packet = base::receive_packet(socket_.get(), sizeof(Message));
    if (!packet) return packet.error();
    if (packet->bytes.size() != sizeof(Message))
        return base::Error{"invalid", "a control message of a wrong size"};
    Received received;
    std::memcpy(&received.message, packet->bytes.data(), sizeof(Message));
    if (received.message.magic != Message{}.magic)
        return base::Error{"invalid", "a control message without its magic"};
    received.fds = std::move(packet->fds);
    return received;
}

base::Result<std::pair<Channel, Received>> join_supervisor(bool survives_parent) {
    const pid_t parent = getppid();
    if (!survives_parent) prctl(PR_SET_PDEATHSIG, SIGTERM);
    // The parent may have died before prctl; its socket end is then closed, which receive() tells.
    if (fcntl(kControlFd, F_SETFD, FD_CLOEXEC) != 0)
        return base::Error{"closed", "descriptor 3 is not open: start this program by beaconwall"};
    const int flags = fcntl(kControlFd, F_GETFL);
    if (flags < 0 || fcntl(kControlFd, F_SETFL, flags | O_NONBLOCK) != 0)
        return base::errno_error("control socket");
    Channel channel{base::UniqueFd(kControlFd)};
    const int64_t deadline = base::mono_ns() + 5 * base::kSecond;
    for (;;) {
        auto received = channel.receive();
        if (received && received->message.kind != Kind::start)
            return base::Error{"invalid", "the first control message is not start"};
        if (received && !survives_parent && getppid() != parent)
            return base::Error{"closed", "the supervisor is gone"};
        if (received) return std::make_pair(std::move(channel), std::move(*received));
        if (received.error().code != "empty") return received.error();
        const int64_t left = deadline - base::mono_ns();
        if (left <= 0) return base::Error{"timeout", "the supervisor sent no start within 5 s"};
        pollfd wait{kControlFd, POLLIN, 0};
        (void)poll(&wait, 1, static_cast<int>(left / base::kMillisecond + 1));
    }
}

void Beat::tick(Channel& channel) {
    const int64_t now = base::mono_ns();
    // A little less than the second that two of the hub's beats take, which wake most roles anyway.
    if (last_ns_ != 0 && now - last_ns_ < 900 * base::kMillisecond) return;
    last_ns_ = now;
    Message message;
    message.kind = Kind::beat;
    // A full socket means that the supervisor is late, a closed one that it is gone: the owner sees
    // both when it receives.
    (void)channel.send(message);
}

}  // namespace bw::control
