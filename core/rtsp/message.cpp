// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/message.h"

#include <algorithm>
#include <charconv>

namespace bw::rtsp {
namespace {

constexpr std::string_view kVersion = "RTSP/1.0";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Cuts the first line off `text`, without its end.
std::string_view cut_line(std::string_view& text) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// Where the blank line after the head ends; npos: not here yet.
size_t head_size(std::string_view text) {
    for (size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end)) {
        ++end;
        if (text.substr(end).starts_with("\r\n")) return end + 2;
        if (text.substr(end).starts_with("\n")) return end + 1;
    }
    return std::string_view::npos;
}

bool read_start(std::string_view line, Message& message) {
    if (line.starts_with("RTSP/")) {
        const size_t blank = line.find(' ');
        if (blank == std::string_view::npos) return false;
        const std::string_view rest = trimmed(line.substr(blank));
        const auto [end, error] =
            std::from_chars(rest.data(), rest.data() + rest.size(), message.status);
        return error == std::errc() && message.status >= 100 && message.status <= 999;
    }
    message.status = 0;
    message.method = std::string(line.substr(0, line.find(' ')));
    return line.find("RTSP/") != std::string_view::npos && !message.method.empty();
}

/// A line without a colon is nobody's header and no reason to give up a camera.
void read_headers(std::string_view head, Message& message) {
    while (!head.empty()) {
        const std::string_view line = cut_line(head);
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) continue;
        message.headers.emplace_back(trimmed(line.substr(0, colon)),
                                     trimmed(line.substr(colon + 1)));
    }
}

/// Of the body, in bytes; npos: none that can be.
size_t body_size(const Message& message) {
    const std::string* value = message.find("Content-Length");
    if (value == nullptr) return 0;
    size_t size = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), size);
    return error == std::errc() && size <= Reader::kMostBody ? size : std::string::npos;
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

const std::string* Message::find(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (same_word(key, name)) return &value;
    return nullptr;
}

std::vector<std::string_view> Message::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : headers)
        if (same_word(key, name)) values.emplace_back(value);
    return values;
}

std::string request(std::string_view method, std::string_view url, int number,
                    const std::vector<std::pair<std::string, std::string>>& headers) {
    std::string out;
    out.append(method).append(" ").append(url).append(" ").append(kVersion).append("\r\n");
    out.append("CSeq: ").append(std::to_string(number)).append("\r\n");
    for (const auto& [key, value] : headers)
        out.append(key).append(": ").append(value).append("\r\n");
    return out.append("\r\n");
}

std::string response(int status, std::string_view phrase, std::string_view number) {
    std::string out;
    out.append(kVersion).append(" ").append(std::to_string(status)).append(" ").append(phrase);
    return out.append("\r\nCSeq: ").append(number).append("\r\n\r\n");
}

void Reader::put(std::span<const uint8_t> bytes) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::string_view Reader::text() const {
    return {reinterpret_cast<const char*>(bytes_.data()) + at_, bytes_.size() - at_};
}

Reader::Got Reader::fail(const char* why) {
    fault_ = why;
    return Got::fault;
}

Reader::Got Reader::read_packet() {
    const size_t left = bytes_.size() - at_;
    if (left < 4) return Got::nothing;
    const uint8_t* head = bytes_.data() + at_;
    const size_t size = static_cast<size_t>(head[2]) << 8 | head[3];
    if (left < 4 + size) return Got::nothing;
    channel_ = head[1];
    packet_ = {head + 4, size};
    at_ += 4 + size;
    junk_ = 0;
    return Got::packet;
}

Reader::Got Reader::read_message() {
    const std::string_view all = text();
    const size_t head = head_size(all.substr(0, kMostHead));
    if (head == std::string_view::npos)
        return all.size() < kMostHead ? Got::nothing : fail("a message without an end");
    message_ = {};
    std::string_view lines = all.substr(0, head);
    if (!read_start(cut_line(lines), message_)) return fail("not an RTSP message");
    read_headers(lines, message_);
    const size_t body = body_size(message_);
    if (body == std::string::npos) return fail("a body of no size that can be");
    if (all.size() < head + body) return Got::nothing;
    message_.body = std::string(all.substr(head, body));
    at_ += head + body;
    junk_ = 0;
    return Got::message;
}

/// To the next byte with which something may begin.
Reader::Got Reader::skip_junk() {
    const auto begins = [](uint8_t c) { return c == '$' || (c >= 'A' && c <= 'Z'); };
    while (at_ < bytes_.size() && !begins(bytes_[at_])) {
        ++at_;
        if (++junk_ > kMostJunk) return fail("neither messages nor packets");
    }
    return Got::nothing;
}

Reader::Got Reader::next() {
    if (fault_ != nullptr) return Got::fault;
    while (at_ < bytes_.size()) {
        if (bytes_[at_] == '$') return read_packet();
        if (skip_junk() == Got::fault) return Got::fault;
        if (at_ >= bytes_.size() || bytes_[at_] == '$') continue;
        // A capital letter: a message, or junk that looks like the start of one.
        constexpr std::string_view kStarts[] = {"RTSP/",          "OPTIONS ",  "ANNOUNCE ",
                                                "GET_PARAMETER ", "REDIRECT ", "SET_PARAMETER "};
        const std::string_view all = text();
        bool maybe = false;
        for (const std::string_view start : kStarts) {
            const size_t size = std::min(start.size(), all.size());
            if (all.substr(0, size) != start.substr(0, size)) continue;
            if (size == start.size()) return read_message();
            maybe = true;
        }
        if (maybe) return Got::nothing;
        ++at_;
        if (++junk_ > kMostJunk) return fail("neither messages nor packets");
    }
    return Got::nothing;
}

}  // namespace bw::rtsp
