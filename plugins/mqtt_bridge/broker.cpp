// SPDX-License-Identifier: Apache-2.0
#include "broker.h"

#include <beaconwall/service/clock.h>
#include <beaconwall/service/log.h>
#include <fmt/format.h>
#include <mosquitto.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace bw::mqtt_bridge {
namespace {

constexpr int kLoopMs = 200;
constexpr int64_t kFirstRestMs = 250, kLongestRestMs = 30'000;

/// What went wrong, in words; libmosquitto's "errno" is the system's.
std::string words(int code) {
    return code == MOSQ_ERR_ERRNO ? std::strerror(errno)  // NOLINT(concurrency-mt-unsafe)
                                  : mosquitto_strerror(code);
}

}  // namespace

Broker::Broker(BrokerSettings settings, std::vector<std::pair<std::string, int>> filters,
               Calls calls)
    : settings_(std::move(settings)), filters_(std::move(filters)), calls_(std::move(calls)) {
    mosquitto_lib_init();
}

Broker::~Broker() {
    if (thread_.joinable()) stop(60'000);
    if (client_ != nullptr && ended_) mosquitto_destroy(client_);
}

base::Status Broker::start() {
    // The session is kept: what comes with QoS 1 while we are away waits there.
    client_ = mosquitto_new(settings_.client_id.c_str(), false, this);
    if (client_ == nullptr)
        return base::Error{"invalid", "no MQTT client: " + words(MOSQ_ERR_ERRNO)};
    mosquitto_threaded_set(client_, true);
    // An acknowledgement is four bytes, which the next message may be waiting for.
    mosquitto_int_option(client_, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_connect_with_flags_callback_set(client_, &Broker::on_connect);
    mosquitto_message_callback_set(client_, &Broker::on_message);
    mosquitto_publish_callback_set(client_, &Broker::on_publish);
    mosquitto_subscribe_callback_set(client_, &Broker::on_subscribe);
    if (!settings_.user.empty())
        mosquitto_username_pw_set(client_, settings_.user.c_str(), settings_.password.c_str());
    if (!settings_.ca.empty()) {
        const auto file = [](const std::string& name) {
            return name.empty() ? nullptr : name.c_str();
        };
        const int rc = mosquitto_tls_set(client_, file(settings_.ca), nullptr,
                                         file(settings_.certificate), file(settings_.key), nullptr);
        if (rc != MOSQ_ERR_SUCCESS) return base::Error{"invalid", "TLS: " + words(rc)};
    }
    thread_ = std::thread([this] { run(); });
    return {};
}

void Broker::resume() {
    const std::lock_guard lock(mutex_);
    left_ = false;
    changed_.notify_all();
}

bool Broker::stop(int within_ms) {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    if (!thread_.joinable()) return true;
    mosquitto_disconnect(client_);
    std::unique_lock lock(mutex_);
    const bool over = changed_.wait_for(lock, std::chrono::milliseconds(within_ms),
                                        [this] { return ended_.load(); });
    lock.unlock();
    if (over)
        thread_.join();
    else
        thread_.detach();
    return over;
}

base::Result<int> Broker::publish(const Message& message) {
    if (!up_) return base::Error{"closed", "there is no connection to the broker"};
    int mid = 0;
    const int rc = mosquitto_publish(client_, &mid, message.topic.c_str(),
                                     static_cast<int>(message.payload.size()),
                                     message.payload.data(), message.qos, message.retain);
    if (rc == MOSQ_ERR_SUCCESS) return mid;
    const bool gone = rc == MOSQ_ERR_NO_CONN || rc == MOSQ_ERR_CONN_LOST;
    return base::Error{gone ? "closed" : "invalid", words(rc)};
}

void Broker::on_connect(mosquitto*, void* self, int code, int flags) {
    static_cast<Broker*>(self)->connected(code, flags);
}

void Broker::on_message(mosquitto*, void* self, const mosquitto_message* message) {
    static_cast<Broker*>(self)->received(*message);
}

void Broker::on_publish(mosquitto*, void* self, int mid) {
    static_cast<Broker*>(self)->calls_.published(mid);
}

void Broker::on_subscribe(mosquitto*, void* self, int mid, int count, const int* granted) {
    constexpr int kRefused = 0x80;  // MQTT 3.1.1, 3.9.3
    auto& broker = *static_cast<Broker*>(self);
    const auto found = broker.asking_.find(mid);
    if (found == broker.asking_.end()) return;
    if (count > 0 && granted[0] >= kRefused) broker.calls_.deaf(found->second);
    broker.asking_.erase(found);
    broker.subscribed_ = broker.asking_.empty();
}

void Broker::connected(int code, int flags) {
    if (code != 0) {
        refusal_ = mosquitto_connack_string(code);
        return;
    }
    const bool session = (flags & 1) != 0;
    if (!session) subscribed_ = false;
    // Subscribing anew brings what is retained once more: only where the broker needs it.
    asking_.clear();
    for (const auto& [filter, qos] : filters_) {
        int mid = 0;
        if (subscribed_ ||
            mosquitto_subscribe(client_, &mid, filter.c_str(), qos) != MOSQ_ERR_SUCCESS)
            continue;
        asking_[mid] = filter;
    }
    failures_ = 0;
    up_ = true;
    calls_.link(true, {}, session);
}

void Broker::received(const mosquitto_message& message) {
    if (stopping_) return (void)shutdown(mosquitto_socket(client_), SHUT_RDWR);
    {
        // What follows a message that was left stays, too: the order is kept.
        const std::lock_guard lock(mutex_);
        if (left_) return (void)shutdown(mosquitto_socket(client_), SHUT_RDWR);
    }
    pace();
    Incoming incoming{message.mid,
                      message.qos,
                      message.retain,
                      message.topic,
                      {static_cast<const char*>(message.payload),
                       static_cast<size_t>(std::max(0, message.payloadlen))}};
    if (calls_.take(incoming) == Verdict::acknowledge) return;
    // NOTE: libmosquitto queues the acknowledgement when this returns, whatever we think of it; it
    // can only be kept from the broker by having no connection to send it on.
    {
        const std::lock_guard lock(mutex_);
        left_ = true;
    }
    shutdown(mosquitto_socket(client_), SHUT_RDWR);
}

// At most so many a second, a second's worth at once; the rest waits in the sockets, and then at
// the broker.
void Broker::pace() {
    const double rate = settings_.messages_per_s;
    const int64_t now = base::mono_ns();
    tokens_ = std::min(rate, tokens_ + static_cast<double>(now - tokens_ns_) / 1e9 * rate);
    tokens_ns_ = now;
    tokens_ -= 1;
    if (tokens_ < 0) rest(static_cast<int64_t>(-tokens_ / rate * 1e3) + 1);
}

bool Broker::rest(int64_t ms) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_.load(); });
    return stopping_;
}

// Twice as long each time, half of it by chance: many clients do not come back at one moment.
int64_t Broker::back_off_ms() {
    const int64_t most = std::min(kLongestRestMs, kFirstRestMs << std::min(failures_++, 10));
    return most / 2 + static_cast<int64_t>(random_() % static_cast<uint64_t>(most / 2 + 1));
}

std::string Broker::stay() {
    refusal_.clear();
    int rc =
        mosquitto_connect(client_, settings_.host.c_str(), settings_.port, settings_.keep_alive_s);
    if (rc != MOSQ_ERR_SUCCESS) return words(rc);
    while (rc == MOSQ_ERR_SUCCESS && !stopping_ && refusal_.empty())
        rc = mosquitto_loop(client_, kLoopMs, 1);
    if (!refusal_.empty()) return refusal_;
    return rc == MOSQ_ERR_SUCCESS ? "asked to end" : words(rc);
}

void Broker::run() {
    while (!stopping_) {
        const std::string why = stay();
        const bool was_up = up_.exchange(false);
        bool left = false;
        {
            const std::lock_guard lock(mutex_);
            left = left_;
        }
        if (!stopping_ && (was_up || failures_ < 2))
            base::log_warning("{}:{}: {}", settings_.host, settings_.port,
                              left ? "left, for the hub does not take events now" : why);
        calls_.link(false, left ? "the hub does not take events" : why, true);
        if (left) {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return !left_ || stopping_; });
        }
        if (rest(back_off_ms())) break;
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
}

}  // namespace bw::mqtt_bridge
