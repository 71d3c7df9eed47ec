// SPDX-License-Identifier: Apache-2.0
#include "core/events/client.h"

#include <poll.h>

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/events/client_impl.h"

namespace bw::events {

base::Result<std::unique_ptr<Client>> Client::open(Options options) {
    auto socket = Socket::make(Socket::Kind::dealer);
    if (!socket) return socket.error();
    const base::Status joined =
        options.listen_fd >= 0 ? socket->bind_fd(options.listen_fd, options.listen_path)
        : options.keys         ? socket->connect_sealed(options.endpoint, *options.keys)
                               : socket->connect(options.endpoint);
    if (!joined) return joined.error();
    return std::unique_ptr<Client>(
        std::make_unique<ClientImpl>(std::move(options), std::move(socket.value())));
}

ClientImpl::ClientImpl(Options options, Socket socket)
    : options_(std::move(options)),
      socket_(std::move(socket)),
      alive_(std::make_shared<ClientImpl*>(this)),
      cycle_(base::random_hex(8)) {}

void ClientImpl::pump() {
    take_bundle();
    // Mostly there is nothing to do, and whoever draws asks with each picture.
    const int64_t wake_ns = next_wake_ns();  // perhaps now
    if (base::mono_ns() < wake_ns && !socket_.stirred()) return;
    Frames frames;
    do {
        work_left_ = false;
        while (socket_.receive(frames)) handle(frames);
        tick(base::mono_ns());
        // Sending may have eaten the edge of what arrived meanwhile.
    } while (work_left_ || socket_.readable());
}

int64_t ClientImpl::next_wake_ns() const {
    if (work_left_ || last_hello_ns_ == 0) return base::mono_ns();
    int64_t wake = up_ ? std::min(last_heard_ns_ + kSilenceNs, next_beat_ns())
                       : last_hello_ns_ + kHelloPeriodNs;
    for (const auto& [order, pending] : pending_)
        if (pending.deadline_ns != 0) wake = std::min(wake, pending.deadline_ns);
    return wake;
}

void ClientImpl::on_event(std::function<void(const Event&, Lane, bool)> handler) {
    event_handlers_.push_back(std::move(handler));
}

void ClientImpl::on_link(std::function<void(bool)> handler) {
    link_handlers_.push_back(std::move(handler));
}

void ClientImpl::on_gap(std::function<void(uint64_t)> handler) {
    gap_handlers_.push_back(std::move(handler));
}

void ClientImpl::on_refusal(std::function<void(const Reply&)> handler) {
    refusal_handlers_.push_back(std::move(handler));
}

void ClientImpl::on_command(std::string prefix, std::function<void(const Event&, Answer)> handler) {
    command_handlers_.push_back({std::move(prefix), std::move(handler)});
    if (up_) send_handler(command_handlers_.back());
}

void ClientImpl::subscribe(std::vector<std::string> prefixes, From from, uint32_t grant,
                           std::string space) {
    grant = std::clamp<uint32_t>(grant, 1, kMaxCredit);
    grant_ = std::max(grant_, grant);
    subscriptions_.push_back({std::move(prefixes), from, grant});
    if (!is_own(space)) subscriptions_.back().space = std::move(space);
    if (up_) send_subscription(subscriptions_.back(), false);
}

void ClientImpl::leave_space(std::string_view space) {
    if (is_own(space)) return;
    std::erase_if(subscriptions_, [&](const Subscription& s) { return s.space == space; });
}

void ClientImpl::subscribe_since(std::vector<std::string> prefixes, std::optional<uint64_t> since,
                                 uint32_t grant) {
    grant = std::clamp<uint32_t>(grant, 1, kMaxCredit);
    grant_ = std::max(grant_, grant);
    subscriptions_.push_back({std::move(prefixes), From::sequence, grant, since});
    if (up_) send_subscription(subscriptions_.back(), false);
}

void ClientImpl::run_until(const std::function<bool()>& done, int64_t deadline_ns) {
    pump();
    while (!done()) {
        const int64_t now = base::mono_ns();
        if (now >= deadline_ns) return;
        const int64_t wake = std::min(next_wake_ns(), deadline_ns);
        pollfd entry = {fd(), POLLIN, 0};
        const int64_t wait_ms = wake <= now ? 0 : (wake - now) / base::kMillisecond + 1;
        ::poll(&entry, 1, static_cast<int>(wait_ms));
        pump();
    }
}

}  // namespace bw::events
