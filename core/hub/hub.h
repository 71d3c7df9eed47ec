// SPDX-License-Identifier: Apache-2.0
// The hub: one loop over the wire, the control link, the mailbox of its threads, and the site's
// files. Nothing in it waits but poll().
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/control/arguments.h"
#include "core/control/message.h"
#include "core/hub/blobs.h"
#include "core/hub/commands.h"
#include "core/hub/contracts.h"
#include "core/hub/remote.h"
#include "core/hub/scenes.h"
#include "core/hub/sites.h"
#include "core/hub/spaces.h"
#include "core/hub/status.h"

namespace bw::hub {

class Hub {
  public:
    static base::Result<std::unique_ptr<Hub>> open(const control::Arguments& arguments,
                                                   control::Channel channel);
    /// Until the supervisor says stop or is gone. The process's exit code.
    int run();
    /// One turn of the loop, which waits at most `wait_ms`; false: it is over.
    bool turn(int wait_ms);
    /// A message as it comes from a socket. Everything in it is hostile.
    void handle(const std::string& route, const events::Frames& frames, const Origin& origin = {});

  private:
    struct Plug {
        std::string name, endpoint, route;
        uint64_t incarnation = 0;
    };
    Hub(const control::Arguments& arguments, control::Channel channel, events::Socket socket,
        std::vector<config::Plugin> plugins);
    void wire_up();
    int64_t tick();  // what is due; when to wake next
    void person_gone(const std::string& route, const char* what);
    void site_changed();

    // Out, on this machine or to another.
    events::Socket::Sent send_frames(const std::string& route, const events::Frames& frames);
    events::Socket::Sent send_delivery(const std::string& route, const events::Delivery& head,
                                       events::Payload& event);
    events::Socket::Sent send_bundle(const std::string& route, const std::string& heads,
                                     events::Payload& events);

    // hub_control.cpp: the supervisor
    bool read_control();
    void plug(const control::Message& message);
    void unplug(const control::Message& message);
    [[nodiscard]] const Plug* plug_of(const std::string& route) const;
    void want_rules();

    // hub_commands.cpp
    void handle_wall_commands();
    void retry_source(const std::string& source, const ReplyFn& reply);

    // hub_plugins.cpp
    void handle_plugin_commands();
    bool tell_supervisor(control::Kind kind, const std::string& plugin);
    void restart_plugin(const std::string& name, ReplyFn reply);
    void reload_plugin(const std::string& name, ReplyFn reply);
    using Plugins = config::Loaded<std::vector<config::Plugin>>;
    void manifest_read(const std::string& name, const Plugins& read);
    /// `why_not` empty: it runs.
    void plugin_reloaded(const std::string& name, const std::string& why_not);

    // hub_wire.cpp: what peers say
    void read_wire();
    /// `json_at_least`: it is JSON, and no object.
    void refuse_broken(const std::string& route, const std::string& text, bool json_at_least);
    void goodbye(const std::string& route, const char* reason);
    void request(Peer& peer, const std::string& verb, const events::Frames& frames,
                 nlohmann::json& body);
    /// Why that is not even looked at; null: it is.
    nlohmann::json request_refusal(const Peer& peer, const std::string& verb,
                                   const nlohmann::json& body);
    void handle_more(Peer& peer, const nlohmann::json& prefixes, const ReplyFn& answer);
    void blob(Peer& peer, const events::Frames& frames, const nlohmann::json& body);
    void reply(const std::string& route, const std::string& id, nlohmann::json body,
               const std::string& piece = {});
    [[nodiscard]] ReplyFn replier(const std::string& route, const nlohmann::json& body);
    /// As above, of a reply that another thread makes: of those a peer waits for a few at a time.
    [[nodiscard]] ReplyFn counted(Peer& peer, const nlohmann::json& body);
    void answered(const std::string& route, const std::string& cycle);

    // hub_greeting.cpp
    void hello(const std::string& route, const nlohmann::json& body, const Origin& origin);
    [[nodiscard]] std::string name_fault(const std::string& route, const Origin& origin,
                                         std::string& name) const;
    /// `hello`: its greeting, which nothing is wrong with. `token`: hash of the one in there.
    void let_in(const std::string& route, const std::string& name, const std::string& token,
                const nlohmann::json& hello, const Origin& origin);
    void fence(const std::string& route, const std::string& name);

    // hub_remote.cpp: other machines
    void read_remote();
    void hear_remote(const Remote::Said& said);
    void refuse_remote(const Remote::Said& said);
    void cut_remote(const std::string& route, const std::string& key, const std::string& why);
    void look_at_remote(int64_t now);

    // hub_journal.cpp: the journal, its disk, and what people are told about it
    void wire_journal();
    StoredPtr remember();
    void tick_journal(int64_t now);
    [[nodiscard]] int64_t journal_wake_ns() const;
    void set_journal_policy();
    void tell_disk();
    void query_events(Peer& peer, const nlohmann::json& body);
    void import_journal(Peer& peer, const nlohmann::json& body);
    void fill_journal(nlohmann::json& document) const;

    // hub_spaces.cpp
    void wire_spaces();
    [[nodiscard]] nlohmann::json list_spaces() const;
    void fill_spaces(nlohmann::json& document) const;

    // hub_verbs.cpp
    void subscribe(Peer& peer, const nlohmann::json& body);
    /// The refusal of a subscription's prefixes or space; null: they are in `interest`.
    nlohmann::json read_prefixes(const Peer& peer, const nlohmann::json& body,
                                 Interest& interest) const;
    [[nodiscard]] nlohmann::json subscribe_refusal(const Peer& peer, const Interest& interest,
                                                   const std::string& from) const;
    /// The event is taken out of `body`, which came in a frame of `bytes`.
    void publish(Peer& peer, nlohmann::json& body, size_t bytes);
    void observe(const std::string& sender, const nlohmann::json& event);
    void command(Peer& peer, nlohmann::json& body, size_t bytes);
    void query_audit(const nlohmann::json& body, const ReplyFn& answer);
    void fill_status(nlohmann::json& document) const;

    // hub_records.cpp
    void record(Peer& peer, const nlohmann::json& body);
    void put_records(Peer& peer, const nlohmann::json& body, const std::string& space);
    /// The refusal of the `index`-th write of a list; null: it is in `put`.
    nlohmann::json read_write(const Peer& peer, const nlohmann::json& entry, size_t index,
                              RecordPut& put);
    void list_records(const Peer& peer, const nlohmann::json& body, const std::string& space);

    // Read from one socket in one turn: so that a flood does not keep the loop from its other
    // duties, and that the disk gets its work in portions: it writes one while the next is read.
    static constexpr int kMessagesPerTurn = 128;
    static constexpr int64_t kTurnNs = int64_t{20} * 1'000'000;
    static constexpr size_t kMaxText = 512;  // of a name, a prefix, and the like

    const control::Arguments arguments_;
    control::Channel channel_;
    control::Beat beat_;
    events::Socket socket_;
    const std::string session_;
    bool wire_left_ = false;
    int64_t next_beat_ns_ = 0, tell_lost_ns_ = 0, look_remote_ns_ = 0;
    int64_t renewed_until_ns_ = 0;  // while the strip says that the journal was damaged
    uint64_t lost_replies_ = 0;
    std::vector<Plug> plugs_;
    std::map<std::string, std::vector<ReplyFn>> reloads_;  // under way, and who waits for the end

    Mailbox mailbox_;
    Registry registry_;
    Contracts contracts_{registry_};
    SendTo send_;
    Peers peers_;
    Journal journal_;
    Facts facts_;
    Spaces spaces_;
    Sites sites_;
    Holds holds_;
    Scenes scenes_;
    Audit audit_;
    People people_;
    Remote remote_;
    Commands commands_;
    Blobs blobs_;
    StatusDesk status_;
    Worker manifests_;  // ends before what it reports to
};

}  // namespace bw::hub
