// SPDX-License-Identifier: Apache-2.0
// The connection to an MQTT 3.1.1 broker (libmosquitto): a thread of its own that connects, waits
// with back-off when it cannot, subscribes, and asks `take` what becomes of each message. A message
// is acknowledged to the broker when `take` says so, and not a moment before.
#pragma once

#include <beaconwall/service/result.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "maps.h"
#include "payloads.h"

struct mosquitto;
struct mosquitto_message;

namespace bw::mqtt_bridge {

class Broker {
  public:
    enum class Verdict {
        acknowledge,
        /// It stays with the broker: the connection is ended, and made again after resume().
        leave
    };
    struct Incoming {
        int mid = 0, qos = 0;
        bool retained = false;
        std::string topic;
        std::string_view payload;
    };
    /// All are called on the broker's thread.
    struct Calls {
        std::function<Verdict(const Incoming&)> take;  // may wait, not for ever
        /// `reason`: why not; `session`: the broker knows us from before.
        std::function<void(bool up, const std::string& reason, bool session)> link;
        std::function<void(int mid)> published;
        /// The broker does not let us hear that.
        std::function<void(const std::string& filter)> deaf;
    };

    /// `settings.client_id` is not empty. `filters`: with their QoS.
    Broker(BrokerSettings settings, std::vector<std::pair<std::string, int>> filters, Calls calls);
    ~Broker();
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    /// "invalid": what libmosquitto does not take, such as a certificate.
    base::Status start();
    /// After a message was left: there is somebody again to take it. Any thread.
    void resume();
    /// Asks the thread to end; false if it has not within `within_ms`: then the process has to end
    /// without it. `take` must not be waiting any more.
    bool stop(int within_ms);

    /// The message's number, which `published` gets once the broker has it (QoS 0: once it is
    /// sent). "closed": there is no connection; "invalid": no broker would take it. Any thread.
    base::Result<int> publish(const Message& message);
    [[nodiscard]] bool up() const { return up_; }

  private:
    static void on_connect(mosquitto*, void* self, int code, int flags);
    static void on_message(mosquitto*, void* self, const mosquitto_message* message);
    static void on_publish(mosquitto*, void* self, int mid);
    static void on_subscribe(mosquitto*, void* self, int mid, int count, const int* granted);
    void run();
    /// One stay with the broker; why it ended.
    std::string stay();
    void connected(int code, int flags);
    void received(const mosquitto_message& message);
    void pace();
    /// True when the thread is to end.
    bool rest(int64_t ms);
    int64_t back_off_ms();

    const BrokerSettings settings_;
    const std::vector<std::pair<std::string, int>> filters_;
    const Calls calls_;
    mosquitto* client_ = nullptr;
    std::thread thread_;
    std::atomic<bool> up_ = false, stopping_ = false, ended_ = false;

    std::mutex mutex_;
    std::condition_variable changed_;  // of the two below, and of stopping_ and ended_
    bool left_ = false;                // a message was left, and nobody resumed since

    // The thread's own.
    std::string refusal_;                // why the broker did not let us in
    std::map<int, std::string> asking_;  // subscriptions on their way
    bool subscribed_ = false;  // in this process's life, by a session that the broker still has
    int failures_ = 0;
    double tokens_ = 0;
    int64_t tokens_ns_ = 0;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace bw::mqtt_bridge
