// SPDX-License-Identifier: Apache-2.0
#include "client.h"

#include <beaconwall/service/clock.h>
#include <fmt/format.h>
#include <libsoup/soup.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "soup.h"

namespace bw::http_bridge {
namespace {

constexpr int64_t kLongestRetryS = 3600;

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

Client::~Client() {
    for (auto& [timeout, session] : sessions_) {
        soup_session_abort(session);
        g_object_unref(session);
    }
}

// A session for each time limit, which is a session's own.
SoupSession* Client::session(int timeout_s) {
    for (const auto& [timeout, session] : sessions_)
        if (timeout == timeout_s) return session;
    SoupSession* made = soup_session_new_with_options("timeout", static_cast<guint>(timeout_s),
                                                      "user-agent", "Beaconwall", "proxy-resolver",
                                                      nullptr, "max-conns-per-host", 8, nullptr);
    if (!ca_.empty()) {
        GError* error = nullptr;
        GTlsDatabase* database = g_tls_file_database_new(ca_.c_str(), &error);
        if (database == nullptr) {
            calls_.refused(ca_, taken(error));
        } else {
            soup_session_set_tls_database(made, database);
            g_object_unref(database);
        }
    }
    sessions_.emplace_back(timeout_s, made);
    return made;
}

void Client::post(const Hook& hook, const Request& request, std::function<void(Answer)> done) {
    SoupMessage* message = soup_message_new("POST", hook.url.c_str());
    if (message == nullptr) return done({0, "the address is none", 0});
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
    soup_session_send_async(session(hook.timeout_s), message, G_PRIORITY_DEFAULT, nullptr, sent,
                            new Sending{message, std::move(done)});
}

}  // namespace bw::http_bridge
