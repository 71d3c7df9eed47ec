// SPDX-License-Identifier: Apache-2.0
// The console's HTTP server (libsoup 3) on 127.0.0.1: routes to handlers, and nothing that waits.
// Runs on the default GLib main context. Main thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/console/api.h"
#include "core/console/door.h"
#include "core/console/exchange.h"
#include "core/console/guard.h"
#include "core/console/hub_link.h"
#include "core/console/mirror.h"

using SoupServer = struct _SoupServer;

namespace bw::console {

class Server {
  public:
    /// `hub` and `mirror` outlive it. Listens on `wished_port`, or the next free one above it.
    /// `wall`: what GET /api/v1/wall answers, JSON.
    static base::Result<std::unique_ptr<Server>> listen(HubLink& hub, Mirror& mirror,
                                                        uint16_t wished_port, std::string token,
                                                        std::string wall);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();
    [[nodiscard]] uint16_t port() const { return port_; }
    /// `needed`: whether somebody has to be signed in. While it is so, everything is refused to
    /// everybody else but /healthz and the page where one signs in.
    void need_sign_in_when(std::function<bool()> needed) { sign_in_needed_ = std::move(needed); }
    /// "http://127.0.0.1:8780/"
    [[nodiscard]] std::string url() const;

  private:
    using Call = std::shared_ptr<Exchange>;
    struct Entry;
    static const Entry* find(const std::string& path);

    Server(HubLink& hub, Mirror& mirror) : hub_(hub), mirror_(mirror), door_(hub) {}
    /// After the headers, before the body: refuses what must not go on.
    void admit(SoupServerMessage* message, const std::string& path);
    void note(const std::string& path, const Refusal& refusal);
    void serve(SoupServerMessage* message, const std::string& path);

    void page(const Call& call, const std::string& path);
    void health(const Call& call, const std::string& path);
    void status(const Call& call, const std::string& path);
    void layouts(const Call& call, const std::string& path);
    void wall(const Call& call, const std::string& path);
    void picture(const Call& call, const std::string& path);
    void take(const Call& call, const std::string& path);
    void preview(const Call& call, const std::string& path);
    void undo(const Call& call, const std::string& path);

    // server_people.cpp
    /// Why somebody may not come in who shows no session; nothing: they may, or what they show is
    /// looked at later.
    [[nodiscard]] bool turned_away(const Entry* entry, const Exchange& exchange) const;
    /// "Sign in", as the page for people and as JSON for all else.
    void send_to_sign_in(Exchange& exchange, const std::string& path);
    /// Serves it when the session is one.
    void through_door(const Call& call, const Entry& entry, const std::string& path);
    [[nodiscard]] bool sign_in_needed() const { return sign_in_needed_ && sign_in_needed_(); }
    /// Cookies do not know ports: another wall's console on this machine has another name for its
    /// own.
    [[nodiscard]] std::string cookie() const;
    void people(const Call& call, const std::string& path);
    void sign_in(const Call& call, const std::string& path);
    void sign_out(const Call& call, const std::string& path);
    void attention(const Call& call, const std::string& path);
    void more_attention(const Call& call, const std::string& after, AttentionList list, int pages);
    void acknowledge(const Call& call, const std::string& path);

    bool hub_is_there(const Call& call);
    void ask(const Call& call, const char* verb);
    void command(const Call& call, const char* type, const base::Result<std::string>& data);
    void send(const Call& call, HubLink::Command command);
    void later(const Call& call);

    HubLink& hub_;
    Mirror& mirror_;
    Door door_;
    SoupServer* soup_ = nullptr;
    uint16_t port_ = 0;
    int64_t last_note_ns_ = 0;
    std::string wall_;
    std::unique_ptr<Guard> guard_;
    std::function<bool()> sign_in_needed_;
    /// Replies held back now; shared with them, since they may outlive one another.
    std::shared_ptr<int> pending_ = std::make_shared<int>(0);
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // for replies that need the server
};

}  // namespace bw::console
