// SPDX-License-Identifier: Apache-2.0
// The client of the event wire (docs/wire.md): one DEALER, says hello, subscribes, gets a snapshot
// and then updates under credit, sees gaps and heals them, resends what was not acknowledged when
// the hub comes back. One thread owns it; nothing here blocks but call(). The owner polls fd() for
// reading and calls pump() when it is readable and at the latest at next_wake_ns().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/events/event.h"

namespace bw::events {

struct Reply {
    bool ok = false;
    std::string code;  // when refused: "refused", "expired", "timeout", "unknown", "conflict",
                       // "invalid"; call() also "closed": no hub listens there
    std::string text;  // for people
    std::string body = "{}";  // JSON of the whole reply
};
using ReplyHandler = std::function<void(const Reply&)>;

/// Of a client on another machine, as `beaconwall key new` gives them, in Z85 (docs/wire.md).
struct CurveKeys {
    std::string public_key, secret_key, server_key;
};

struct RecordWrite {
    std::string type, subject;
    std::string data = "{}";
    uint64_t revision =
        0;  // the revision this write was made from; 0: create or overwrite whatever is there
    bool tombstone = false;
};

enum class From { now, snapshot, sequence };

class Client {
  public:
    struct Options {
        std::string name;  // as in the roles table: "compositor:main", "media:0", "console", "ctl";
                           // plugins: ignored
        std::string endpoint;  // "ipc:///run/…/hub.sock": connect there
        int listen_fd = -1;    // or: bind this inherited listening Unix socket (plugin processes);
                               // ownership passes in
        std::string listen_path;  // its path
        std::string space = "live";
        std::optional<CurveKeys> keys = {};  // with an endpoint "tcp://…" on another machine
        std::string token;  // of an operator, whom this client speaks for; empty: nobody's
    };
    static base::Result<std::unique_ptr<Client>> open(Options options);
    virtual ~Client() = default;

    /// Readable when pump() has work (edge-triggered: pump() drains everything).
    [[nodiscard]] virtual int fd() const = 0;
    virtual void pump() = 0;
    /// CLOCK_MONOTONIC when pump() must run again though nothing arrived (heartbeats, resends,
    /// expiry).
    [[nodiscard]] virtual int64_t next_wake_ns() const = 0;

    /// Called from pump() for each delivery. `replayed`: part of a snapshot or of a gap's recovery.
    virtual void on_event(std::function<void(const Event&, Lane, bool replayed)> handler) = 0;
    /// Called from pump() when the hub has greeted us (true) or went silent for 3 s, said goodbye,
    /// or restarted (false).
    virtual void on_link(std::function<void(bool up)> handler) = 0;
    /// Called when `missed` deliveries were lost; a new snapshot follows by itself.
    virtual void on_gap(std::function<void(uint64_t missed)> handler) = 0;
    /// Called when the hub refuses what gets no reply otherwise: telemetry that does not match its
    /// schema, a subscription that the manifest does not name. Without a handler it is logged.
    virtual void on_refusal(std::function<void(const Reply&)> handler) = 0;
    /// Commands whose "type/subject" matches `prefix` arrive here; call `answer` once, at any later
    /// time on this thread.
    using Answer = std::function<void(const Reply&)>;
    virtual void on_command(std::string prefix,
                            std::function<void(const Event&, Answer)> handler) = 0;

    /// Prefixes of "type/subject". Kept over reconnects. `grant`: deliveries in flight at most.
    /// `space`: in which; empty: the client's own. Event::space tells deliveries apart.
    virtual void subscribe(std::vector<std::string> prefixes, From from = From::snapshot,
                           uint32_t grant = 256, std::string space = {}) = 0;
    /// Asks for nothing of that space any more: forgets its subscriptions. The hub goes on
    /// delivering to them until the space ends.
    virtual void leave_space(std::string_view space) = 0;

    /// Durable events later than `since`, each once and in order, over gaps and the hub's deaths;
    /// none: from the first greeting on. Telemetry as it comes. No other subscription of this
    /// client may match the same events.
    virtual void subscribe_since(std::vector<std::string> prefixes, std::optional<uint64_t> since,
                                 uint32_t grant = 256) = 0;

    /// Telemetry: delivered at once or, with no hub, kept as the newest per type and subject until
    /// there is one.
    virtual void publish(Event event) = 0;
    /// Durable: `handler` once the hub has committed it (or refused). Resent with the same id until
    /// then.
    virtual void publish_durable(Event event, ReplyHandler handler) = 0;
    /// All or nothing, one sequence number. Resent like durable events. `space`: as subscribe().
    virtual void put_records(std::vector<RecordWrite> writes, ReplyHandler handler,
                             std::string_view space = {}) = 0;
    /// A command expires: with no answer after `expires_ms` the handler gets "timeout". Never sent
    /// to a hub that comes later. Given in the space that the event names; where that is "live",
    /// as it is made, in the client's own.
    virtual void command(Event event, int64_t expires_ms, ReplyHandler handler) = 0;
    /// Any verb of docs/wire.md with its JSON body (without id); not resent.
    virtual void request(std::string_view verb, std::string_view json, int64_t timeout_ms,
                         ReplyHandler handler) = 0;

    /// Runs the client's own loop until the reply or the timeout; for tools (ctl) only.
    virtual Reply call(std::string_view verb, std::string_view json, int64_t timeout_ms) = 0;
    /// Puts bytes as a blob, gives its SHA-256 in the reply's body {"digest"}; in pieces under
    /// credit.
    virtual void put_blob(std::vector<std::byte> bytes, ReplyHandler handler) = 0;
    /// Blocking, for tools: the bytes of a blob.
    virtual base::Result<std::vector<std::byte>> get_blob(std::string_view digest,
                                                          int64_t timeout_ms) = 0;

    [[nodiscard]] virtual bool up() const = 0;
    /// Of another machine: its clocks are not ours.
    [[nodiscard]] virtual bool remote() const = 0;
    /// The newest durable event that the hub had when it greeted us; 0: it has not yet.
    [[nodiscard]] virtual uint64_t hub_sequence() const = 0;
    /// CLOCK_MONOTONIC of the newest heartbeat or delivery that pump() has worked through; 0: none
    /// yet.
    [[nodiscard]] virtual int64_t as_of_ns() const = 0;
    /// Hub wall-clock minus ours, in ns, from the newest heartbeat.
    [[nodiscard]] virtual int64_t clock_offset_ns() const = 0;
};

}  // namespace bw::events
