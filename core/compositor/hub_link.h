// SPDX-License-Identifier: Apache-2.0
// The compositor's talk with the hub: events in, events out. Works without a hub; what is said then
// is said when there is one. Main thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/compositor/messages.h"
#include "core/events/client.h"

namespace bw::compositor {

class HubLink {
  public:
    struct Handlers {
        std::function<void(bool up)> link;
        std::function<void(std::optional<wall::Scene>)> next;
        std::function<void(Live)> live;
        std::function<void(std::vector<Hold>)> holds;
        std::function<void(std::string disk)> journal;  // what the journal's disk does
        std::function<void(const std::string& source, std::optional<SourceName>)> source;
        std::function<void(const std::string& subject, std::optional<AttentionItem>)> attention;
        std::function<void(const std::string& digest)> site;  // its files changed
        std::function<std::string(const std::string& nonce)> report;
        std::function<void(const SnapshotAsk&, events::Client::Answer)> snapshot;
    };
    static base::Result<std::unique_ptr<HubLink>> open(const std::string& endpoint,
                                                       std::string machine, Handlers handlers);

    [[nodiscard]] int fd() const { return client_->fd(); }
    void pump() { client_->pump(); }
    [[nodiscard]] int64_t next_wake_ns() const { return client_->next_wake_ns(); }
    [[nodiscard]] bool up() const { return client_->up(); }
    /// CLOCK_MONOTONIC at which the hub's wall clock shows `hub_wall_ns`.
    [[nodiscard]] int64_t mono_of(int64_t hub_wall_ns) const;
    /// The hub's wall clock now.
    [[nodiscard]] int64_t wall_now_ns() const;

    void say_on_air(const wall::Scene& scene);
    void say_ready(const std::string& hash);
    void say_taken(const Taken& taken);
    void say_press(const std::string& pane, const std::string& plugin);
    void ask_take(const std::string& layout);
    void ask_undo();
    void put_blob(std::vector<std::byte> bytes, events::ReplyHandler handler) {
        client_->put_blob(std::move(bytes), std::move(handler));
    }

  private:
    HubLink(std::unique_ptr<events::Client> client, std::string machine, Handlers handlers);
    void listen();
    void on_event(const events::Event& event);
    void publish(const char* type, std::string subject, std::string data);
    void command(const char* type, std::string data);

    std::unique_ptr<events::Client> client_;
    std::string machine_;
    Handlers handlers_;
};

}  // namespace bw::compositor
