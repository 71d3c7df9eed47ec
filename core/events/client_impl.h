// SPDX-License-Identifier: Apache-2.0
// The state of the wire client. Private to core/events. One thread.
//
// A *cycle* is one stay with one hub session: it begins with a hello and ends with silence, a
// goodbye or a hub that names another session. Everything that must survive a cycle is kept here
// and redone in the next one, in this order: hello, on_link(true), subscriptions, command
// handlers, durable requests without an answer, telemetry's newest values.
#pragma once

#include <algorithm>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <unordered_map>

#include "core/events/bundle.h"
#include "core/events/client.h"
#include "core/events/socket.h"

namespace bw::events {

class ClientImpl final : public Client {
  public:
    ClientImpl(Options options, Socket socket);

    [[nodiscard]] int fd() const override { return socket_.fd(); }
    void pump() override;
    [[nodiscard]] int64_t next_wake_ns() const override;

    void on_event(std::function<void(const Event&, Lane, bool)> handler) override;
    void on_link(std::function<void(bool)> handler) override;
    void on_gap(std::function<void(uint64_t)> handler) override;
    void on_refusal(std::function<void(const Reply&)> handler) override;
    void on_command(std::string prefix, std::function<void(const Event&, Answer)> handler) override;
    void subscribe(std::vector<std::string> prefixes, From from, uint32_t grant,
                   std::string space) override;
    void leave_space(std::string_view space) override;
    void subscribe_since(std::vector<std::string> prefixes, std::optional<uint64_t> since,
                         uint32_t grant) override;

    void publish(Event event) override;
    void publish_durable(Event event, ReplyHandler handler) override;
    void put_records(std::vector<RecordWrite> writes, ReplyHandler handler,
                     std::string_view space) override;
    void command(Event event, int64_t expires_ms, ReplyHandler handler) override;
    void request(std::string_view verb, std::string_view json, int64_t timeout_ms,
                 ReplyHandler handler) override;
    Reply call(std::string_view verb, std::string_view json, int64_t timeout_ms) override;
    void put_blob(std::vector<std::byte> bytes, ReplyHandler handler) override;
    base::Result<std::vector<std::byte>> get_blob(std::string_view digest,
                                                  int64_t timeout_ms) override;

    [[nodiscard]] bool up() const override { return up_; }
    [[nodiscard]] bool remote() const override { return options_.keys.has_value(); }
    [[nodiscard]] uint64_t hub_sequence() const override { return hub_sequence_; }
    [[nodiscard]] int64_t as_of_ns() const override { return as_of_ns_; }
    [[nodiscard]] int64_t clock_offset_ns() const override { return clock_offset_ns_; }

  private:
    using RawHandler = std::function<void(const Reply&, const std::string& attachment)>;
    struct Pending {
        std::string id;
        Frames frames;
        RawHandler handler;
        int64_t deadline_ns = 0;  // 0: never given up
        bool durable = false;     // resent in each cycle, with the same id
        bool sent = false;        // in this cycle
        int64_t sent_ns = 0;
    };
    struct Subscription {
        std::vector<std::string> prefixes;
        From from;
        uint32_t grant;
        // From a sequence: the newest that was handed on, and what of it. A list of records has
        // one sequence, so after a gap some of it may still be to come.
        std::optional<uint64_t> last = {};
        std::set<std::string> of_last = {};
        std::string asked = {};  // the request's id; what comes before its reply comes again
        int64_t asked_ns = 0;
        std::string space = {};  // empty: the client's own
    };
    struct Handler {
        std::string prefix;
        std::function<void(const Event&, Answer)> run;
    };
    struct Bundle {
        Frames frames;
        std::vector<Delivery> left;
        size_t next = 0;
    };
    struct Upload;
    struct Kept {
        Event event;
        int64_t sent_ns = 0;  // 0: not sent yet
    };

    // client_link.cpp
    void tick(int64_t now);
    /// Why another machine's hub is not reached; empty: no fault is known.
    const char* line_fault();
    void look_at_line(int64_t now);
    void say_hello(int64_t now);
    void welcomed(const std::string& id, const nlohmann::json& reply);
    void link_down(const char* why);
    void make_way();
    void redo();
    void handle(Frames& frames);
    void handle_beat(const Frames& frames);
    void take(Delivery delivery);
    void take_bundle();
    void gap(uint64_t missed);
    void top_up();
    void send_subscription(Subscription& subscription, bool again);
    /// Durable, and not to be handed on: a subscription from a sequence has had it, or will get
    /// it in its turn. `missed`: something before it was lost.
    bool had(const Event& event, bool missed);
    void send_handler(const Handler& handler);
    void advance_as_of(const Event& event, bool replayed);
    bool send(const Frames& frames);

    // client_requests.cpp
    void add_pending(std::string_view verb, std::string json, int64_t deadline_ns, bool durable,
                     RawHandler handler, std::string attachment = {});
    void send_pending(Pending& pending, int64_t now);
    void handle_reply(const Frames& frames);
    void refused(const Reply& reply);
    void not_let_in(const nlohmann::json& answer);
    void handle_command(const Frames& frames);
    void answer(const std::string& id, const std::string& cycle, const Reply& reply);
    void expire(int64_t now);
    bool send_telemetry(const Event& event);
    void flush_telemetry();
    void run_until(const std::function<bool()>& done, int64_t deadline_ns);
    /// Ours answers every other one of the hub's, so that a quiet process wakes once for both; by
    /// itself it goes out only when the hub's is overdue.
    int64_t next_beat_ns() const {
        return beat_due_ ? 0 : std::max(last_beat_ns_, hub_beat_ns_) + kBeatPeriodNs / 5 * 7;
    }
    Event filled(Event event) const;
    /// The space that goes without saying is not said.
    [[nodiscard]] bool is_own(std::string_view space) const {
        return space.empty() || space == options_.space;
    }

    // client_blobs.cpp
    void next_piece(const std::shared_ptr<Upload>& upload);

    Options options_;
    Socket socket_;
    std::shared_ptr<ClientImpl*> alive_;  // answers that come after our end find nobody

    bool up_ = false, ever_up_ = false, hello_sent_ = false;
    std::string cycle_, hub_session_;
    uint64_t next_id_ = 1;
    int64_t last_heard_ns_ = 0, last_hello_ns_ = 0, last_beat_ns_ = 0;
    int64_t as_of_ns_ = 0, clock_offset_ns_ = 0, hub_wall_minus_mono_ns_ = 0;
    int64_t last_complaint_ns_ = 0, failing_since_ns_ = 0;
    int64_t hub_beat_ns_ = 0;
    bool beat_due_ = false;
    bool work_left_ = false;  // a send took the descriptor's edge away

    uint64_t hub_sequence_ = 0;  // when it greeted us
    uint64_t last_n_ = 0, credit_to_ = 0;
    uint32_t grant_ = 0;
    Bundle bundle_;  // the one that is being handed on

    std::vector<std::function<void(const Event&, Lane, bool)>> event_handlers_;
    std::vector<std::function<void(bool)>> link_handlers_;
    std::vector<std::function<void(uint64_t)>> gap_handlers_;
    std::vector<std::function<void(const Reply&)>> refusal_handlers_;
    std::vector<Handler> command_handlers_;
    std::vector<Subscription> subscriptions_;
    std::map<uint64_t, Pending> pending_;  // in the order they were made
    std::unordered_map<std::string, uint64_t> pending_by_id_;
    std::map<std::string, Kept>
        kept_;  // newest telemetry by type and subject, until the hub surely has it
};

}  // namespace bw::events
