// SPDX-License-Identifier: Apache-2.0
#include "web.h"

#include <beaconwall/service/clock.h>
#include <fmt/format.h>
#include <libsoup/soup.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "gate.h"

namespace bw::http_bridge {
namespace {

constexpr guint kListenAgainS = 1;
constexpr int64_t kLongestRetryS = 3600;

std::string header(SoupMessageHeaders* headers, const char* name) {
    const char* value = soup_message_headers_get_list(headers, name);
    return value == nullptr ? std::string() : std::string(value);
}

std::string taken(GError* error) {
    std::string text = error == nullptr ? "unknown" : error->message;
    g_clear_error(&error);
    return text;
}

/// Runs `task` on the context's thread, once.
void invoke(GMainContext* context, std::function<void()> task) {
    GSource* source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(
        source,
        [](gpointer data) -> gboolean {
            (*static_cast<std::function<void()>*>(data))();
            return G_SOURCE_REMOVE;
        },
        new std::function<void()>(std::move(task)),
        [](gpointer data) { delete static_cast<std::function<void()>*>(data); });
    g_source_attach(source, context);
    g_source_unref(source);
}

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

/// Seconds, or a date (RFC 9110, 10.2.3); 0: nothing that can be understood.
int64_t retry_after(const std::string& value) {
    int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error != std::errc() || end != value.data() + value.size()) {
        GDateTime* date = soup_date_time_new_from_http_string(value.c_str());
        if (date == nullptr) return 0;
        seconds = g_date_time_to_unix(date) - base::wall_ns() / base::kSecond;
        g_date_time_unref(date);
    }
    return std::clamp<int64_t>(seconds, 0, kLongestRetryS);
}

/// One request to outside.
struct Sending {
    SoupMessage* message;
    std::function<void(Answer)> done;
};

void sent(GObject* session, GAsyncResult* result, gpointer data) {
    const std::unique_ptr<Sending> sending(static_cast<Sending*>(data));
    GError* error = nullptr;
    GInputStream* stream = soup_session_send_finish(SOUP_SESSION(session), result, &error);
    Answer answer;
    if (stream == nullptr) {
        answer.text = taken(error);
    } else {
        answer.status = static_cast<int>(soup_message_get_status(sending->message));
        answer.text =
            fmt::format("{} {}", answer.status, soup_message_get_reason_phrase(sending->message));
        answer.retry_after_s =
            retry_after(header(soup_message_get_response_headers(sending->message), "Retry-After"));
        // What else it says is nobody's business, and may have no end.
        g_object_unref(stream);
    }
    g_object_unref(sending->message);
    sending->done(answer);
}

}  // namespace

struct Web::Loop {
    Loop(Web& w) : web(w), gate(w.settings_.listen) {}
    ~Loop();
    void open();
    bool listen();
    bool certify(std::string& why);
    void admit(SoupServerMessage* message, const char* path);
    void serve(SoupServerMessage* message);
    void shake_hands(SoupServerMessage* message);
    void refuse(SoupServerMessage* message, const Answer& answer);
    SoupSession* session(int timeout_s);

    Web& web;
    Gate gate;
    SoupServer* server = nullptr;
    std::vector<std::pair<int, SoupSession*>> sessions;       // by timeout
    std::shared_ptr<int> waiting = std::make_shared<int>(0);  // outlives us in replies
};

Web::Loop::~Loop() {
    if (server != nullptr) {
        soup_server_disconnect(server);
        g_object_unref(server);
    }
    for (auto& [timeout, session] : sessions) {
        soup_session_abort(session);
        g_object_unref(session);
    }
}

void Web::Loop::open() {
    if (!web.settings_.listen.there) return;
    server = soup_server_new("server-header", "Beaconwall", nullptr);
    std::string why;
    if (!certify(why)) return web.calls_.link(false, why);
    soup_server_add_early_handler(
        server, nullptr,
        [](SoupServer*, SoupServerMessage* message, const char* path, GHashTable*, gpointer self) {
            static_cast<Loop*>(self)->admit(message, path);
        },
        this, nullptr);
    soup_server_add_handler(
        server, nullptr,
        [](SoupServer*, SoupServerMessage* message, const char*, GHashTable*, gpointer self) {
            static_cast<Loop*>(self)->serve(message);
        },
        this, nullptr);
    if (listen()) return;
    // A predecessor may still be there.
    GSource* again = g_timeout_source_new_seconds(kListenAgainS);
    g_source_set_callback(
        again,
        [](gpointer self) -> gboolean {
            return static_cast<Loop*>(self)->listen() ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
        },
        this, nullptr);
    g_source_attach(again, web.context_);
    g_source_unref(again);
}

bool Web::Loop::certify(std::string& why) {
    const Listen& listen = web.settings_.listen;
    if (listen.certificate.empty()) return true;
    GError* error = nullptr;
    GTlsCertificate* certificate =
        g_tls_certificate_new_from_files(listen.certificate.c_str(), listen.key.c_str(), &error);
    if (certificate == nullptr) return why = "TLS: " + taken(error), false;
    soup_server_set_tls_certificate(server, certificate);
    g_object_unref(certificate);
    return true;
}

bool Web::Loop::listen() {
    const Listen& listen = web.settings_.listen;
    GSocketAddress* address = g_inet_socket_address_new_from_string(
        listen.address.c_str(), static_cast<guint>(listen.port));
    GError* error = nullptr;
    const auto options = listen.certificate.empty() ? static_cast<SoupServerListenOptions>(0)
                                                    : SOUP_SERVER_LISTEN_HTTPS;
    const bool up = soup_server_listen(server, address, options, &error) != FALSE;
    g_object_unref(address);
    web.calls_.link(up, up ? "" : taken(error));
    return up;
}

void Web::Loop::refuse(SoupServerMessage* message, const Answer& answer) {
    char* who = nullptr;
    if (GSocketAddress* from = soup_server_message_get_remote_address(message))
        if (G_IS_INET_SOCKET_ADDRESS(from))
            who = g_inet_address_to_string(
                g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(from)));
    web.calls_.refused(who == nullptr ? "somebody" : who,
                       fmt::format("{}: {}", answer.status, answer.text));
    g_free(who);
}

void Web::Loop::admit(SoupServerMessage* message, const char* path) {
    SoupMessageHeaders* headers = soup_server_message_get_request_headers(message);
    Asked asked;
    asked.method = soup_server_message_get_method(message);
    asked.path = path;
    asked.authorization = header(headers, "Authorization");
    asked.origin = header(headers, "Origin");
    asked.content_encoding = header(headers, "Content-Encoding");
    if (soup_message_headers_get_encoding(headers) == SOUP_ENCODING_CONTENT_LENGTH)
        asked.length = soup_message_headers_get_content_length(headers);
    const auto refusal = gate.check(asked, *waiting, base::mono_ns());
    if (refusal || asked.method == "OPTIONS")
        soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
    if (!refusal) return;
    const Answer answer{refusal->status, refusal->text, refusal->status == 429 ? 2 : 0};
    refuse(message, answer);
    Exchange(message).answer(answer);
}

void Web::Loop::shake_hands(SoupServerMessage* message) {
    Exchange exchange(message);
    const std::string asked =
        header(soup_server_message_get_request_headers(message), "WebHook-Request-Origin");
    const std::string origin = allowed_origin(web.settings_.listen, asked);
    exchange.say("Allow", "POST, OPTIONS");
    if (!origin.empty()) {
        exchange.say("WebHook-Allowed-Origin", origin);
        exchange.say("WebHook-Allowed-Rate",
                     std::to_string(web.settings_.listen.requests_per_minute));
    }
    exchange.answer({asked.empty() || !origin.empty() ? 200 : 403,
                     asked.empty() || !origin.empty() ? "" : "that origin may not send events", 0});
}

void Web::Loop::serve(SoupServerMessage* message) {
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
    const auto& types = web.settings_.listen.types;
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
    ++*waiting;
    web.calls_.take(std::move(*events),
                    [count = waiting, exchange, context = web.context_](Answer answer) {
                        invoke(context, [count, exchange, answer = std::move(answer)] {
                            --*count;
                            exchange->answer(answer);
                        });
                    });
}

// A session for each time limit, which is a session's own.
SoupSession* Web::Loop::session(int timeout_s) {
    for (const auto& [timeout, session] : sessions)
        if (timeout == timeout_s) return session;
    SoupSession* made = soup_session_new_with_options("timeout", static_cast<guint>(timeout_s),
                                                      "user-agent", "Beaconwall", "proxy-resolver",
                                                      nullptr, "max-conns-per-host", 8, nullptr);
    if (!web.settings_.ca.empty()) {
        GError* error = nullptr;
        GTlsDatabase* database = g_tls_file_database_new(web.settings_.ca.c_str(), &error);
        if (database == nullptr) {
            web.calls_.refused(web.settings_.ca, taken(error));
        } else {
            soup_session_set_tls_database(made, database);
            g_object_unref(database);
        }
    }
    sessions.emplace_back(timeout_s, made);
    return made;
}

Web::Web(WebSettings settings, Calls calls)
    : settings_(std::move(settings)),
      calls_(std::move(calls)),
      context_(g_main_context_new()),
      loop_(g_main_loop_new(context_, FALSE)),
      thread_([this] { run(); }) {}

void Web::run() {
    g_main_context_push_thread_default(context_);
    inner_ = std::make_unique<Loop>(*this);
    inner_->open();
    g_main_loop_run(loop_);
    inner_.reset();
    // What was cancelled says so now.
    while (g_main_context_iteration(context_, FALSE) != FALSE) {
    }
    g_main_context_pop_thread_default(context_);
    const std::lock_guard lock(mutex_);
    ended_ = true;
    ended_changed_.notify_all();
}

bool Web::stop(int within_ms) {
    if (!thread_.joinable()) return true;
    invoke(context_, [this] { g_main_loop_quit(loop_); });
    std::unique_lock lock(mutex_);
    const bool over = ended_changed_.wait_for(lock, std::chrono::milliseconds(within_ms),
                                              [this] { return ended_; });
    lock.unlock();
    if (over)
        thread_.join();
    else
        thread_.detach();
    return over;
}

Web::~Web() {
    stop(60'000);
    if (!ended_) return;
    g_main_loop_unref(loop_);
    g_main_context_unref(context_);
}

void Web::send(const Hook& hook, Request request, std::function<void(Answer)> done) {
    invoke(context_, [this, hook, request = std::move(request), done = std::move(done)] {
        SoupMessage* message = soup_message_new("POST", hook.url.c_str());
        if (inner_ == nullptr || message == nullptr) {
            if (message != nullptr) g_object_unref(message);
            return done({0, "the address is none", 0});
        }
        // A token is for who was asked, not for whom they name.
        soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
        SoupMessageHeaders* headers = soup_message_get_request_headers(message);
        for (const auto& [name, value] : request.headers)
            soup_message_headers_append(headers, name.c_str(), value.c_str());
        if (!hook.token.empty())
            soup_message_headers_append(headers, "Authorization", ("Bearer " + hook.token).c_str());
        GBytes* bytes = g_bytes_new(request.body.data(), request.body.size());
        soup_message_set_request_body_from_bytes(
            message, request.content_type.empty() ? nullptr : request.content_type.c_str(), bytes);
        g_bytes_unref(bytes);
        soup_session_send_async(inner_->session(hook.timeout_s), message, G_PRIORITY_DEFAULT,
                                nullptr, sent, new Sending{message, done});
    });
}

}  // namespace bw::http_bridge
