// SPDX-License-Identifier: Apache-2.0
#include "core/console/server.h"

#include <libsoup/soup.h>

#include <algorithm>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/console/api.h"
#include "core/console/page.h"
#include "core/console/server_entry.h"

namespace bw::console {
namespace {

constexpr int kPortsTried = 200;

}  // namespace

const Server::Entry* Server::find(const std::string& path) {
    static constexpr Entry kEntries[] = {
        {"GET", "/healthz", Route::read, &Server::health, true},
        {"GET", "/sign-in", Route::page, &Server::page, true},
        {"GET", "/sign-in.css", Route::page, &Server::page, true},
        {"GET", "/sign-in.js", Route::page, &Server::page, true},
        {"GET", "/clock.js", Route::page, &Server::page, true},
        {"GET", "/icon.svg", Route::page, &Server::page, true},
        {"GET", "/api/v1/people", Route::read, &Server::people, true},
        {"POST", "/api/v1/sign_in", Route::change, &Server::sign_in, true},
        {"POST", "/api/v1/sign_out", Route::change, &Server::sign_out, true},
        {"GET", "/api/v1/status", Route::read, &Server::status},
        {"GET", "/api/v1/layouts", Route::read, &Server::layouts},
        {"GET", "/api/v1/wall", Route::read, &Server::wall},
        {"GET", "/api/v1/wall.jpg", Route::read, &Server::picture},
        {"POST", "/api/v1/take", Route::change, &Server::take},
        {"POST", "/api/v1/preview", Route::change, &Server::preview},
        {"POST", "/api/v1/undo", Route::change, &Server::undo},
        {"GET", "/api/v1/attention", Route::read, &Server::attention},
        {"POST", "/api/v1/acknowledge", Route::change, &Server::acknowledge},
    };
    static constexpr Entry kPage{"GET", "", Route::page, &Server::page};
    const auto* entry = std::find_if(std::begin(kEntries), std::end(kEntries),
                                     [&](const Entry& each) { return path == each.path; });
    if (entry != std::end(kEntries)) return entry;
    return page_file(path) != nullptr ? &kPage : nullptr;
}

base::Result<std::unique_ptr<Server>> Server::listen(HubLink& hub, Mirror& mirror,
                                                     uint16_t wished_port, std::string token,
                                                     std::string wall) {
    auto server = std::unique_ptr<Server>(new Server(hub, mirror));
    server->wall_ = std::move(wall);
    server->soup_ = soup_server_new(nullptr, nullptr);
    std::string fault;
    for (int port = wished_port; port <= std::min(wished_port + kPortsTried, 65535); ++port) {
        GError* error = nullptr;
        if (soup_server_listen_local(server->soup_, static_cast<guint>(port),
                                     SOUP_SERVER_LISTEN_IPV4_ONLY, &error) != FALSE) {
            server->port_ = static_cast<uint16_t>(port);
            break;
        }
        fault = error->message;
        const bool taken = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) != FALSE;
        g_error_free(error);
        if (!taken) break;
    }
    if (server->port_ == 0) {
        return base::Error{"taken", fmt::format("no free port from {}: {}", wished_port, fault)};
    }
    server->guard_ = std::make_unique<Guard>(server->port_, std::move(token));
    soup_server_add_early_handler(
        server->soup_, nullptr,
        [](SoupServer*, SoupServerMessage* message, const char* path, GHashTable*, gpointer self) {
            static_cast<Server*>(self)->admit(message, path);
        },
        server.get(), nullptr);
    soup_server_add_handler(
        server->soup_, nullptr,
        [](SoupServer*, SoupServerMessage* message, const char* path, GHashTable*, gpointer self) {
            static_cast<Server*>(self)->serve(message, path);
        },
        server.get(), nullptr);
    return server;
}

Server::~Server() {
    soup_server_disconnect(soup_);
    g_object_unref(soup_);
}

std::string Server::url() const {
    return fmt::format("http://127.0.0.1:{}/", port_);
}

void Server::admit(SoupServerMessage* message, const std::string& path) {
    Exchange exchange(message);
    const Entry* entry = find(path);
    const RequestFacts facts = exchange.facts();
    const bool reads = entry != nullptr && std::string_view(entry->method) == "GET";
    const bool fits =
        entry != nullptr && (facts.method == entry->method || (reads && facts.method == "HEAD"));
    const Route route = fits ? entry->route : Route::read;
    auto refusal = guard_->check(route, facts);
    const bool away = !refusal && turned_away(entry, exchange);
    // Only a request that may change something has a body worth keeping; its length is checked now.
    if (refusal || away || route != Route::change) {
        soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
    }
    if (refusal) {
        note(path, *refusal);
        exchange.refuse(*refusal);
    } else if (away) {
        send_to_sign_in(exchange, path);
    } else if (entry == nullptr) {
        exchange.refuse({404, "not_found", "There is nothing at this address."});
    } else if (!fits) {
        exchange.refuse_method(reads ? "GET, HEAD" : entry->method);
    }
}

void Server::note(const std::string& path, const Refusal& refusal) {
    // A page that tries a thousand times a second shall not fill the log.
    const int64_t now = base::mono_ns();
    if (now - last_note_ns_ < base::kSecond) return;
    last_note_ns_ = now;
    base::log_warning("refused {}: {}", path.substr(0, 64), refusal.text);
}

void Server::serve(SoupServerMessage* message, const std::string& path) {
    if (soup_server_message_get_status(message) != 0) return;  // refused already
    const Entry* entry = find(path);
    if (entry == nullptr) return;
    const Call call = std::make_shared<Exchange>(message);
    if (entry->open || !sign_in_needed()) return (this->*entry->serve)(call, path);
    through_door(call, *entry, path);
}

void Server::page(const Call& call, const std::string& path) {
    const PageFile* file = page_file(path);
    call->reply(200, file->content_type, file->body);
}

void Server::health(const Call& call, const std::string&) {
    std::string reasons;
    if (!hub_.up()) reasons += "hub: does not answer\n";
    if (!mirror_.linked()) reasons += "compositor: not there\n";
    if (mirror_.starving()) reasons += "compositor: gave no picture when last asked\n";
    call->reply(reasons.empty() ? 200 : 503, "text/plain; charset=utf-8",
                reasons.empty() ? std::string_view("ok\n") : std::string_view(reasons));
}

void Server::status(const Call& call, const std::string&) {
    ask(call, "status");
}
void Server::layouts(const Call& call, const std::string&) {
    ask(call, "layouts");
}

void Server::wall(const Call& call, const std::string&) {
    call->reply(200, kJsonType, wall_);
}

void Server::picture(const Call& call, const std::string&) {
    if (*pending_ >= kMaxPending) return call->refuse(kBusy);
    later(call);
    mirror_.picture([call, pending = pending_](const Shot& shot) {
        --*pending;
        if (!shot.jpeg) return call->refuse({503, shot.code, shot.text});
        const bool known = call->if_none_match() == shot.etag;
        call->reply(known ? 304 : 200, "image/jpeg", *shot.jpeg, shot.etag);
    });
}

void Server::take(const Call& call, const std::string&) {
    command(call, "beaconwall.wall.take.v1", take_data(call->body()));
}

void Server::preview(const Call& call, const std::string&) {
    command(call, "beaconwall.wall.preview.v1", preview_data(call->body()));
}

void Server::undo(const Call& call, const std::string&) {
    command(call, "beaconwall.wall.undo.v1", undo_data(call->body()));
}

bool Server::hub_is_there(const Call& call) {
    if (!hub_.up()) {
        call->refuse(kHubAway);
    } else if (*pending_ >= kMaxPending) {
        call->refuse(kBusy);
    } else {
        return true;
    }
    return false;
}

void Server::ask(const Call& call, const char* verb) {
    if (!hub_is_there(call)) return;
    later(call);
    hub_.request(verb, with_session("{}", call->session()),
                 [call, pending = pending_](const events::Reply& reply) {
                     --*pending;
                     const Answer answer = to_answer(reply);
                     call->reply(answer.status, kJsonType, answer.body);
                 });
}

void Server::command(const Call& call, const char* type, const base::Result<std::string>& data) {
    if (!data) return call->refuse({400, data.error().code, data.error().text});
    send(call, {type, *data});
}

void Server::send(const Call& call, HubLink::Command command) {
    if (!hub_is_there(call)) return;
    later(call);
    command.session = call->session();
    hub_.command(command, [call, pending = pending_](const events::Reply& reply) {
        --*pending;
        const Answer answer = to_answer(reply);
        call->reply(answer.status, kJsonType, answer.body);
    });
}

void Server::later(const Call& call) {
    ++*pending_;
    call->pause();
}

}  // namespace bw::console
