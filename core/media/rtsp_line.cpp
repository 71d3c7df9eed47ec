// SPDX-License-Identifier: Apache-2.0
#include "core/media/rtsp_line.h"

#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "core/base/clock.h"
#include "core/media/unit_of.h"

namespace bw::media {

using rtsp::Fault;
using surface::Reason;

namespace {

constexpr int kMostMoves = 3;

}  // namespace

RtspLine::RtspLine(Opening opening) : opening_(std::move(opening)), uri_(opening_.uri) {}

RtspLine::~RtspLine() = default;

std::optional<Trouble> RtspLine::trouble() {
    base::Lock lock(mutex_);
    return std::exchange(trouble_, std::nullopt);
}

std::vector<std::string> RtspLine::oddities() {
    base::Lock lock(mutex_);
    return oddities_;
}

void RtspLine::fail(Reason reason, std::string text, bool elsewhere) {
    if (over_) return;
    over_ = true;
    {
        base::Lock lock(mutex_);
        trouble_ = Trouble{reason, std::move(text), elsewhere};
    }
    opening_.wake->ring();
}

void RtspLine::start(std::function<void()> wake) {
    wake_ = std::move(wake);
    look_up();
}

void RtspLine::look_up() {
    const auto where = host_and_port(uri_, "554");
    if (!where) return fail(Reason::bad_address, "the address names no host");
    found_ = std::make_shared<Found>();
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST;
    addrinfo* list = nullptr;
    if (getaddrinfo(where->host.c_str(), where->port.c_str(), &hints, &list) == 0) {
        found_->addresses.reset(list);
        found_->done.store(true, std::memory_order_release);
        return;
    }
    std::thread([found = found_, where = *where, hints, wake = wake_]() mutable {
        hints.ai_flags = AI_ADDRCONFIG;
        addrinfo* named = nullptr;
        found->error = getaddrinfo(where.host.c_str(), where.port.c_str(), &hints, &named);
        found->addresses.reset(named);
        found->done.store(true, std::memory_order_release);
        wake();
    }).detach();
}

void RtspLine::connect_next() {
    connecting_ = false;
    int error = EHOSTUNREACH;
    for (; next_address_ != nullptr; next_address_ = next_address_->ai_next) {
        const addrinfo& to = *next_address_;
        fd_ = base::UniqueFd(
            socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol));
        if (fd_.get() < 0) continue;
        const int on = 1;
        (void)setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const int result = connect(fd_.get(), to.ai_addr, to.ai_addrlen);
        if (result == 0 || errno == EINPROGRESS) {
            next_address_ = next_address_->ai_next;
            connecting_ = true;
            return;
        }
        error = errno;
    }
    fail(Reason::connect_failed, std::strerror(error));
}

void RtspLine::on_connected() {
    connecting_ = false;
    rtsp::Session::Options options{uri_, login_ ? opening_.user : "",
                                   login_ ? opening_.password : ""};
    session_ = std::make_unique<rtsp::Session>(
        std::move(options), [this](const rtsp::Session::Unit& unit) { on_unit(unit); });
    output_ = session_->take_output();
    flush();
}

void RtspLine::tick(int64_t now) {
    if (over_) return;
    if (closing_.load()) return end();
    if (found_ && found_->done.load(std::memory_order_acquire)) {
        const auto found = std::exchange(found_, nullptr);
        if (!found->addresses) return fail(Reason::connect_failed, gai_strerror(found->error));
        addresses_ = std::move(found->addresses);
        next_address_ = addresses_.get();
        connect_next();
    }
    if (!session_) return;
    session_->tick(now);
    output_ += session_->take_output();
    flush();
}

void RtspLine::on_ready(bool in, bool out, int64_t now) {
    if (over_) return;
    if (connecting_ && (in || out)) {
        int error = 0;
        socklen_t size = sizeof error;
        (void)getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error == 0) return on_connected();
        if (next_address_ != nullptr) return connect_next();
        return fail(Reason::connect_failed, std::strerror(error));
    }
    if (out) flush();
    if (in) receive(now);
}

void RtspLine::flush() {
    while (!output_.empty() && !over_) {
        const ssize_t sent = send(fd_.get(), output_.data(), output_.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            output_.erase(0, static_cast<size_t>(sent));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK)
            fail(connected() ? Reason::ended : Reason::connect_failed, std::strerror(errno));
        return;
    }
}

void RtspLine::receive(int64_t now) {
    // Shared by all lines of the thread: what is left over is copied by the reader.
    thread_local std::array<uint8_t, 128 * 1024> buffer;
    const ssize_t size = recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (size <= 0)
        return fail(connected() ? Reason::ended : Reason::connect_failed,
                    size == 0 ? "the camera closed the connection" : std::strerror(errno));
    session_->put({buffer.data(), static_cast<size_t>(size)}, now);
    output_ += session_->take_output();
    if (session_->oddities().size() != oddities_told_) {
        oddities_told_ = session_->oddities().size();
        base::Lock lock(mutex_);
        oddities_ = session_->oddities();
    }
    if (session_->described() && !connected_.exchange(true)) opening_.wake->ring();
    if (session_->fault()) return on_fault(*session_->fault());
    flush();
}

void RtspLine::on_fault(const Fault& fault) {
    switch (fault.kind) {
        case Fault::Kind::unauthorised:
            return fail(Reason::unauthorised, fault.text);
        case Fault::Kind::not_found:
            return fail(Reason::not_found, fault.text);
        case Fault::Kind::moved:
            return follow(fault.text);
        case Fault::Kind::refused:
            return fail(Reason::connect_failed, fault.text);
        case Fault::Kind::other_codec:
            return fail(Reason::no_decoder, fault.text + " video", true);
        case Fault::Kind::no_tcp:
            return fail(Reason::connect_failed, fault.text, true);
        case Fault::Kind::ended:
            return fail(Reason::ended, fault.text);
        case Fault::Kind::no_video:
        case Fault::Kind::broken:
            return fail(Reason::bad_stream, fault.text);
    }
}

/// Credentials are for the camera that they were given for, not for whoever it points at.
void RtspLine::follow(const std::string& to) {
    const auto here = host_and_port(uri_, "554"), there = host_and_port(to, "554");
    if (!there || !to.starts_with("rtsp://") || ++moves_ > kMostMoves)
        return fail(Reason::connect_failed, "redirected to where it cannot be followed");
    login_ = login_ && here && here->host == there->host;
    // A name and password in the new address are not ours either.
    const size_t at = to.rfind('@', to.find('/', 7));
    uri_ = at == std::string::npos ? to : "rtsp://" + to.substr(at + 1);
    session_.reset();
    fd_.reset();
    output_.clear();
    look_up();
    wake_();
}

void RtspLine::on_unit(const rtsp::Session::Unit& unit) {
    const int64_t now = base::mono_ns();
    arrived_ns_ = std::max(now, arrived_ns_ + 1);
    if (!caps_) caps_ = caps_of_codec(session_->stream()->codec == rtsp::Codec::h265);
    Unit out = unit_of(unit.access.bytes, caps_, arrived_ns_, unit.access.key);
    if (unit.filmed_wall_ns) out.filmed_ns = *unit.filmed_wall_ns + (now - base::wall_ns());
    opening_.flow->put(std::move(out));
}

/// The goodbye is sent if it goes out at once; a camera that does not read is not waited for.
void RtspLine::end() {
    if (session_ && fd_.get() >= 0) {
        session_->teardown();
        output_ += session_->take_output();
        flush();
    }
    over_ = true;
    session_.reset();
    fd_.reset();
}

}  // namespace bw::media
