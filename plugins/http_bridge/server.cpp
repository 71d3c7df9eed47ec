// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <beaconwall/service/clock.h>
#include <fmt/format.h>
#include <libsoup/soup.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cloud_http.h"
#include "soup.h"

namespace bw::http_bridge {
namespace {

constexpr guint kListenAgainS = 1;

/// One request from outside; kept until it is answered or its sender has gone.
class Exchange {
  public:
    explicit Exchange(SoupServerMessage* message) : message_(message) {
        g_object_ref(message_);
        const auto mark =
            +[](SoupServerMessage*, gpointer gone) { *static_cast<bool*>(gone) = true; };
        finished_ = g_signal_connect(message_, "finished", G_CALLBACK(mark), &gone_);
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange() {
        g_signal_handler_disconnect(message_, finished_);
        g_object_unref(message_);
    }
    void pause() {
        paused_ = true;
        soup_server_message_pause(message_);
    }
    void say(const char* name, const std::string& value) {
        soup_message_headers_replace(soup_server_message_get_response_headers(message_), name,
                                     value.c_str());
    }
    void answer(const Answer& answer) {
        if (gone_) return;
        if (answer.status == 401) say("WWW-Authenticate", "Bearer");
        if (answer.status == 405) say("Allow", "POST, OPTIONS");
        if (answer.retry_after_s > 0) say("Retry-After", std::to_string(answer.retry_after_s));
        if (!answer.text.empty()) {
            const std::string body = nlohmann::json{{"error", answer.text}}.dump(
                -1, ' ', false, nlohmann::json::error_handler_t::replace);
            soup_server_message_set_response(message_, "application/json", SOUP_MEMORY_COPY,
                                             body.data(), body.size());
        }
        soup_server_message_set_status(message_, static_cast<guint>(answer.status), nullptr);
        if (paused_) soup_server_message_unpause(message_);
        paused_ = false;
    }

  private:
    SoupServerMessage* message_;
    gulong finished_ = 0;
    bool paused_ = false, gone_ = false;
};

Headers headers_of(SoupServerMessage* message) {
    Headers out;
    soup_message_headers_foreach(
        soup_server_message_get_request_headers(message),
        [](const char* name, const char* value, gpointer to) {
            static_cast<Headers*>(to)->emplace_back(name, value);
        },
        &out);
    return out;
}

std::string body_of(SoupServerMessage* message) {
    GBytes* bytes = soup_message_body_flatten(soup_server_message_get_request_body(message));
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(bytes, &size));
    std::string text(data == nullptr ? "" : data, size);
    g_bytes_unref(bytes);
    return text;
}

}  // namespace

Server::~Server() {
    if (again_ != nullptr) {
        g_source_destroy(again_);
        g_source_unref(again_);
    }
    if (server_ == nullptr) return;
    soup_server_disconnect(server_);
    g_object_unref(server_);
}

void Server::open() {
    if (!listen_.there) return;
    server_ = soup_server_new("server-header", "Beaconwall", nullptr);
    std::string why;
    if (!certify(why)) return calls_.link(false, why);
    soup_server_add_early_handler(
        server_, nullptr,
        [](SoupServer*, SoupServerMessage* message, const char* path, GHashTable*, gpointer self) {
            static_cast<Server*>(self)->admit(message, path);
        },
        this, nullptr);
    soup_server_add_handler(
        server_, nullptr,
        [](SoupServer*, SoupServerMessage* message, const char*, GHashTable*, gpointer self) {
            static_cast<Server*>(self)->serve(message);
        },
        this, nullptr);
    if (listen()) return;
    // A predecessor may still be there.
    again_ = g_timeout_source_new_seconds(kListenAgainS);
    g_source_set_callback(
        again_,
        [](gpointer self) -> gboolean {
            return static_cast<Server*>(self)->listen() ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
        },
        this, nullptr);
    g_source_attach(again_, context_);
}

bool Server::certify(std::string& why) {
    if (listen_.certificate.empty()) return true;
    GError* error = nullptr;
    GTlsCertificate* certificate =
        g_tls_certificate_new_from_files(listen_.certificate.c_str(), listen_.key.c_str(), &error);
    if (certificate == nullptr) return why = "TLS: " + taken(error), false;
    soup_server_set_tls_certificate(server_, certificate);
    g_object_unref(certificate);
    return true;
}

bool Server::listen() {
    GSocketAddress* address = g_inet_socket_address_new_from_string(
        listen_.address.c_str(), static_cast<guint>(listen_.port));
    GError* error = nullptr;
    const auto options = listen_.certificate.empty() ? static_cast<SoupServerListenOptions>(0)
                                                     : SOUP_SERVER_LISTEN_HTTPS;
    const bool up = soup_server_listen(server_, address, options, &error) != FALSE;
    g_object_unref(address);
    calls_.link(up, up ? "" : taken(error));
    return up;
}

void Server::refuse(SoupServerMessage* message, const Answer& answer) {
    char* who = nullptr;
    if (GSocketAddress* from = soup_server_message_get_remote_address(message))
        if (G_IS_INET_SOCKET_ADDRESS(from))
            who = g_inet_address_to_string(
                g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(from)));
    calls_.refused(who == nullptr ? "somebody" : who,
                   fmt::format("{}: {}", answer.status, answer.text));
    g_free(who);
}

void Server::admit(SoupServerMessage* message, const char* path) {
    SoupMessageHeaders* headers = soup_server_message_get_request_headers(message);
    Asked asked;
    asked.method = soup_server_message_get_method(message);
    asked.path = path;
    asked.authorization = header(headers, "Authorization");
    asked.origin = header(headers, "Origin");
    asked.content_encoding = header(headers, "Content-Encoding");
    if (soup_message_headers_get_encoding(headers) == SOUP_ENCODING_CONTENT_LENGTH)
        asked.length = soup_message_headers_get_content_length(headers);
    const auto refusal = gate_.check(asked, *waiting_, base::mono_ns());
    if (refusal || asked.method == "OPTIONS")
        soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
    if (!refusal) return;
    const Answer answer{refusal->status, refusal->text, refusal->status == 429 ? 2 : 0};
    refuse(message, answer);
    Exchange(message).answer(answer);
}

void Server::shake_hands(SoupServerMessage* message) {
    Exchange exchange(message);
    const std::string asked =
        header(soup_server_message_get_request_headers(message), "WebHook-Request-Origin");
    const std::string origin = allowed_origin(listen_, asked);
    exchange.say("Allow", "POST, OPTIONS");
    if (!origin.empty()) {
        exchange.say("WebHook-Allowed-Origin", origin);
        exchange.say("WebHook-Allowed-Rate", std::to_string(listen_.requests_per_minute));
    }
    exchange.answer({asked.empty() || !origin.empty() ? 200 : 403,
                     asked.empty() || !origin.empty() ? "" : "that origin may not send events", 0});
}

void Server::serve(SoupServerMessage* message) {
    if (soup_server_message_get_status(message) != 0) return;  // refused already
    if (std::string(soup_server_message_get_method(message)) == "OPTIONS")
        return shake_hands(message);
    const auto exchange = std::make_shared<Exchange>(message);
    const Headers headers = headers_of(message);
    const std::string type =
        header(soup_server_message_get_request_headers(message), "Content-Type");
    auto events = events_of(type, headers, body_of(message));
    Answer fault;
    if (!events) fault = {events.error().code == "415" ? 415 : 400, events.error().text, 0};
    const auto& types = listen_.types;
    if (events && !types.empty())
        for (const events::Event& event : *events)
            if (std::none_of(types.begin(), types.end(), [&](const std::string& begin) {
                    return event.type.rfind(begin, 0) == 0;
                }))
                fault = {403, fmt::format("{} is none of the `types` that may come in", event.type),
                         0};
    if (fault.status != 0) {
        refuse(message, fault);
        return exchange->answer(fault);
    }
    exchange->pause();
    ++*waiting_;
    calls_.take(std::move(*events),
                [count = waiting_, exchange, context = context_](Answer answer) {
                    invoke(context, [count, exchange, answer = std::move(answer)] {
                        --*count;
                        exchange->answer(answer);
                    });
                });
}

}  // namespace bw::http_bridge
