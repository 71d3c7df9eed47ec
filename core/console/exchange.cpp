// SPDX-License-Identifier: Apache-2.0
#include "core/console/exchange.h"

#include <fmt/core.h>
#include <libsoup/soup.h>

#include <algorithm>

#include "core/console/api.h"

namespace bw::console {
namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct Header {
    const char* name;
    const char* value;
};
constexpr Header kAlways[] = {
    {"Content-Security-Policy", kPolicy},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
};

std::string header(SoupMessageHeaders* headers, const char* name) {
    // get_list joins repeated headers with a comma, so that a doubled Host or Origin matches
    // nothing.
    const char* value = soup_message_headers_get_list(headers, name);
    return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

Exchange::Exchange(SoupServerMessage* message) : message_(message) {
    g_object_ref(message_);
    auto mark = +[](SoupServerMessage*, gpointer gone) { *static_cast<bool*>(gone) = true; };
    finished_handler_ = g_signal_connect(message_, "finished", G_CALLBACK(mark), &gone_);
}

Exchange::~Exchange() {
    g_signal_handler_disconnect(message_, finished_handler_);
    g_object_unref(message_);
}

RequestFacts Exchange::facts() const {
    SoupMessageHeaders* headers = soup_server_message_get_request_headers(message_);
    RequestFacts facts;
    facts.method = soup_server_message_get_method(message_);
    facts.host = header(headers, "Host");
    facts.origin = header(headers, "Origin");
    facts.fetch_site = header(headers, "Sec-Fetch-Site");
    facts.content_type = header(headers, "Content-Type");
    facts.authorization = header(headers, "Authorization");
    const SoupEncoding encoding = soup_message_headers_get_encoding(headers);
    facts.chunked = encoding == SOUP_ENCODING_CHUNKED;
    if (encoding == SOUP_ENCODING_CONTENT_LENGTH) {
        facts.content_length = soup_message_headers_get_content_length(headers);
    }
    return facts;
}

std::string Exchange::if_none_match() const {
    return header(soup_server_message_get_request_headers(message_), "If-None-Match");
}

std::string Exchange::body() const {
    SoupMessageBody* body = soup_server_message_get_request_body(message_);
    GBytes* bytes = soup_message_body_flatten(body);
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(bytes, &size));
    std::string text(data == nullptr ? "" : data, size);
    g_bytes_unref(bytes);
    return text;
}

std::string Exchange::cookie(const std::string& name) const {
    std::string_view all;
    const std::string text = header(soup_server_message_get_request_headers(message_), "Cookie");
    for (all = text; !all.empty();) {
        const size_t end = std::min(all.find(';'), all.size());
        std::string_view each = all.substr(0, end);
        all.remove_prefix(std::min(end + 1, all.size()));
        while (!each.empty() && each.front() == ' ') each.remove_prefix(1);
        if (each.size() > name.size() && each.substr(0, name.size()) == name &&
            each[name.size()] == '=')
            return std::string(each.substr(name.size() + 1));
    }
    return {};
}

void Exchange::set_cookie(const std::string& name, const std::string& value, int64_t seconds) {
    if (gone_) return;
    // Not `Secure`: this is plain HTTP on the loopback, where a browser would not send it back.
    const std::string text =
        fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict", name, value, seconds);
    soup_message_headers_replace(soup_server_message_get_response_headers(message_), "Set-Cookie",
                                 text.c_str());
}

void Exchange::redirect(const char* path) {
    if (gone_) return;
    soup_message_headers_replace(soup_server_message_get_response_headers(message_), "Location",
                                 path);
    reply(SOUP_STATUS_SEE_OTHER, "text/plain; charset=utf-8", std::string_view("see there\n"));
}

void Exchange::pause() {
    if (paused_) return;
    paused_ = true;
    soup_server_message_pause(message_);
}

void Exchange::reply(int status, const char* content_type, std::span<const std::byte> body,
                     const std::string& etag) {
    if (gone_) return;
    SoupMessageHeaders* headers = soup_server_message_get_response_headers(message_);
    if (!etag.empty()) soup_message_headers_replace(headers, "ETag", etag.c_str());
    if (status != SOUP_STATUS_NOT_MODIFIED) {
        soup_server_message_set_response(message_, content_type, SOUP_MEMORY_COPY,
                                         reinterpret_cast<const char*>(body.data()), body.size());
    }
    finish(status);
}

void Exchange::reply(int status, const char* content_type, std::string_view body) {
    reply(status, content_type, std::as_bytes(std::span(body)));
}

void Exchange::refuse(const Refusal& refusal) {
    if (refusal.retry_s > 0 && !gone_)
        soup_message_headers_replace(soup_server_message_get_response_headers(message_),
                                     "Retry-After", std::to_string(refusal.retry_s).c_str());
    reply(refusal.status, kJsonType, error_json(refusal));
}

void Exchange::refuse_method(const char* allowed) {
    if (gone_) return;
    SoupMessageHeaders* headers = soup_server_message_get_response_headers(message_);
    soup_message_headers_replace(headers, "Allow", allowed);
    refuse({405, "wrong_method", std::string("This address allows ") + allowed + " only."});
}

void Exchange::finish(int status) {
    SoupMessageHeaders* headers = soup_server_message_get_response_headers(message_);
    for (const Header& each : kAlways) {
        soup_message_headers_replace(headers, each.name, each.value);
    }
    soup_server_message_set_status(message_, static_cast<guint>(status), nullptr);
    if (paused_) soup_server_message_unpause(message_);
    paused_ = false;
}

}  // namespace bw::console
