// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/sdp.h"

#include <algorithm>
#include <charconv>

#include "core/rtsp/message.h"

namespace bw::rtsp {
namespace {

constexpr size_t kMostMedia = 32;

/// Cuts the first word off.
std::string_view cut_word(std::string_view& text, char between = ' ') {
    const size_t end = std::min(text.find(between), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

template <class T>
bool read_number(std::string_view text, T& number) {
    return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
}

/// "video 0 RTP/AVP 96"
Media read_media(std::string_view line) {
    Media media;
    media.kind = std::string(cut_word(line));
    cut_word(line);  // port
    cut_word(line);  // protocol
    if (!read_number(cut_word(line), media.payload)) media.payload = -1;
    if (media.payload == 26) media.encoding = "JPEG";  // RFC 3551: needs no rtpmap
    if (media.payload == 32) media.encoding = "MPV";
    if (media.payload == 33) media.encoding = "MP2T";
    return media;
}

void read_attribute(std::string_view line, Description& out) {
    const std::string_view name = cut_word(line, ':');
    Media* media = out.media.empty() ? nullptr : &out.media.back();
    if (same_word(name, "control")) (media ? media->control : out.control) = trimmed(line);
    if (media == nullptr) return;
    int payload = -1;
    const bool map = same_word(name, "rtpmap"), format = same_word(name, "fmtp");
    if (!map && !format) return;
    if (!read_number(trimmed(cut_word(line)), payload) || payload != media->payload) return;
    line = trimmed(line);
    if (format) {
        media->format = std::string(line);
        return;
    }
    media->encoding = std::string(cut_word(line, '/'));
    std::transform(media->encoding.begin(), media->encoding.end(), media->encoding.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    uint32_t clock = 0;
    if (read_number(cut_word(line, '/'), clock) && clock > 0) media->clock_hz = clock;
}

bool is_whole(std::string_view url) {
    return url.size() > 8 &&
           (same_word(url.substr(0, 7), "rtsp://") || same_word(url.substr(0, 8), "rtsps://"));
}

}  // namespace

std::string Media::parameter(std::string_view name) const {
    std::string_view rest = format;
    while (!rest.empty()) {
        std::string_view part = trimmed(cut_word(rest, ';'));
        if (same_word(trimmed(cut_word(part, '=')), name)) return std::string(trimmed(part));
    }
    return {};
}

Description parse_description(std::string_view text) {
    Description out;
    while (!text.empty()) {
        const std::string_view line = trimmed(cut_word(text, '\n'));
        if (line.size() < 2 || line[1] != '=') continue;
        if (line[0] == 'm') {
            if (out.media.size() == kMostMedia) break;
            out.media.push_back(read_media(line.substr(2)));
        }
        if (line[0] == 'a') read_attribute(line.substr(2), out);
    }
    return out;
}

std::string control_url(std::string_view described, std::string_view content_base,
                        std::string_view control) {
    if (is_whole(control)) return std::string(control);
    std::string base(is_whole(content_base) ? content_base : described);
    if (control.empty() || control == "*") return base;
    if (!base.ends_with('/') && !control.starts_with('/')) base += '/';
    return base.append(control);
}

}  // namespace bw::rtsp
