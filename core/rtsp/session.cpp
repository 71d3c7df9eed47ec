// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/session.h"

#include <algorithm>
#include <charconv>

namespace bw::rtsp {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

/// "interleaved=0-1" out of a Transport header.
std::string_view part_of(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        const size_t end = std::min(header.find(';'), header.size());
        const std::string_view part = trimmed(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        const size_t equals = part.find('=');
        if (equals != std::string_view::npos && same_word(trimmed(part.substr(0, equals)), name))
            return trimmed(part.substr(equals + 1));
    }
    return {};
}

std::optional<int> number_of(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

const Media* first_video(const Description& description) {
    const auto found = std::find_if(
        description.media.begin(), description.media.end(),
        [](const Media& media) { return same_word(media.kind, "video") && media.payload >= 0; });
    return found != description.media.end() ? &*found : nullptr;
}

}  // namespace

Session::Session(Options options, OnUnit on_unit)
    : options_(std::move(options)),
      on_unit_(std::move(on_unit)),
      auth_(options_.user, options_.password) {
    send_step();
}

Session::~Session() = default;

void Session::send(std::string_view method, const std::string& url,
                   std::vector<std::pair<std::string, std::string>> headers) {
    last_method_ = method;
    last_url_ = url;
    last_headers_ = headers;
    if (auto answer = auth_.answer(method, url); !answer.empty())
        headers.emplace_back("Authorization", std::move(answer));
    if (!session_.empty()) headers.emplace_back("Session", session_);
    headers.emplace_back("User-Agent", "Beaconwall");
    output_ += request(method, url, ++number_, headers);
}

void Session::send_step() {
    switch (step_) {
        case Step::options:
            return send("OPTIONS", options_.url, {});
        case Step::describe:
            return send("DESCRIBE", options_.url, {{"Accept", "application/sdp"}});
        case Step::setup:
            return send("SETUP", setup_url_,
                        {{"Transport", "RTP/AVP/TCP;unicast;interleaved=0-1"}});
        case Step::play:
            return send("PLAY", play_url_, {{"Range", "npt=0.000-"}});
        case Step::playing:
            return;
    }
}

void Session::fail(Fault::Kind kind, std::string text) {
    if (!fault_) fault_ = Fault{kind, std::move(text)};
}

void Session::odd(std::string what) {
    constexpr size_t kMost = 16;
    if (oddities_.size() < kMost &&
        std::find(oddities_.begin(), oddities_.end(), what) == oddities_.end())
        oddities_.push_back(std::move(what));
}

void Session::put(std::span<const uint8_t> bytes, int64_t now) {
    reader_.put(bytes);
    while (!fault_) {
        switch (reader_.next()) {
            case Reader::Got::nothing:
                return;
            case Reader::Got::fault:
                return fail(Fault::Kind::broken, reader_.fault());
            case Reader::Got::packet:
                on_packet(reader_.channel(), reader_.packet());
                break;
            case Reader::Got::message:
                on_message(reader_.message(), now);
        }
    }
}

void Session::on_request(const Message& message) {
    const std::string* number = message.find("CSeq");
    const bool known = message.method == "OPTIONS" || message.method == "GET_PARAMETER" ||
                       message.method == "SET_PARAMETER" || message.method == "ANNOUNCE";
    output_ += response(known ? 200 : 501, known ? "OK" : "Not Implemented",
                        number != nullptr ? *number : "0");
}

void Session::on_message(const Message& message, int64_t now) {
    if (message.status == 0) return on_request(message);
    if (message.status < 200) return;  // 100: it is at work
    const std::string* number = message.find("CSeq");
    if (number == nullptr)
        odd("answers without CSeq");
    else if (const auto at = number_of(*number); at && *at < number_)
        return;                        // of a request before the last
    if (answered_ == number_) return;  // twice
    answered_ = number_;
    keep_session(message);
    if (message.status >= 300) return on_refusal(message, now);
    switch (step_) {
        case Step::options:
            step_ = Step::describe;
            return send_step();
        case Step::describe:
            return on_described(message);
        case Step::setup:
            return on_set_up(message);
        case Step::play:
            step_ = Step::playing;
            keep_alive_ns_ = now + timeout_ns_ / 2;
            return;
        case Step::playing:
            return;
    }
}

void Session::on_refusal(const Message& message, int64_t now) {
    const int status = message.status;
    if (status == 401) {
        if (!auth_.challenged(message.all("WWW-Authenticate")))
            return fail(Fault::Kind::unauthorised, last_method_ + " is refused with 401");
        return send(last_method_, last_url_, last_headers_);
    }
    if (step_ == Step::playing) {
        // Some know only one of the two; who has forgotten the session stops sending by itself.
        if (!options_only_) {
            options_only_ = true;
            send_keep_alive(now);
        }
        return;
    }
    if (step_ == Step::options) {
        odd("OPTIONS is refused with " + std::to_string(status));
        step_ = Step::describe;
        return send_step();
    }
    const std::string what = last_method_ + " is refused with " + std::to_string(status);
    if (status < 400) {
        const std::string* to = message.find("Location");
        return to != nullptr ? fail(Fault::Kind::moved, *to) : fail(Fault::Kind::refused, what);
    }
    if (status == 403) return fail(Fault::Kind::unauthorised, what);
    if (status == 404) return fail(Fault::Kind::not_found, what);
    if (status == 461) return fail(Fault::Kind::no_tcp, what);
    fail(Fault::Kind::refused, what);
}

/// The last id counts: some give another with every answer.
void Session::keep_session(const Message& message) {
    const std::string* header = message.find("Session");
    if (header == nullptr || header->empty()) return;
    const std::string id(trimmed(std::string_view(*header).substr(0, header->find(';'))));
    if (!session_.empty() && id != session_) odd("the session's id changes");
    session_ = id;
    if (const auto timeout = number_of(part_of(*header, "timeout")); timeout && *timeout > 0)
        timeout_ns_ = std::clamp(*timeout, 2, 3600) * kSecond;
}

void Session::on_described(const Message& message) {
    const Description description = parse_description(message.body);
    const Media* video = first_video(description);
    if (video == nullptr) return fail(Fault::Kind::no_video, "no video is described");
    const Media& media = *video;
    Stream stream;
    stream.encoding = media.encoding;
    if (media.encoding == "H265" || media.encoding == "HEVC")
        stream.codec = Codec::h265;
    else if (media.encoding != "H264")
        return fail(Fault::Kind::other_codec, media.encoding.empty() ? "?" : media.encoding);
    const std::string* base = message.find("Content-Base");
    if (base == nullptr) base = message.find("Content-Location");
    const std::string_view given = base != nullptr ? std::string_view(*base) : std::string_view();
    play_url_ = control_url(options_.url, given, description.control);
    setup_url_ = control_url(options_.url, given, media.control);
    if (media.control.empty()) setup_url_ = play_url_;
    stream_ = stream;
    if (message.find("Content-Type") == nullptr) odd("DESCRIBE without Content-Type");
    track_ = std::make_unique<Track>(media, stream.codec, on_unit_,
                                     [this](const char* what) { odd(what); });
    step_ = Step::setup;
    send_step();
}

void Session::on_set_up(const Message& message) {
    const std::string* transport = message.find("Transport");
    const std::string_view channels =
        transport != nullptr ? part_of(*transport, "interleaved") : std::string_view();
    if (channels.empty()) odd("SETUP names no channels");
    if (const auto first = number_of(channels); first && *first >= 0 && *first < 255) {
        rtp_channel_ = static_cast<uint8_t>(*first);
        rtcp_channel_ = static_cast<uint8_t>(*first + 1);
        const size_t dash = channels.find('-');
        if (dash != std::string_view::npos)
            if (const auto second = number_of(channels.substr(dash + 1));
                second && *second >= 0 && *second < 256)
                rtcp_channel_ = static_cast<uint8_t>(*second);
    }
    step_ = Step::play;
    send_step();
}

void Session::on_packet(uint8_t channel, std::span<const uint8_t> bytes) {
    if (!track_) return stray(bytes.size(), "packets before anything was set up");
    if (channel == rtcp_channel_ && channel != rtp_channel_) return on_rtcp(bytes);
    if (channel != rtp_channel_)
        return stray(bytes.size(), "packets on channels that were not set up");
    const auto packet = parse_rtp(bytes);
    if (!packet) return stray(bytes.size(), "packets that are no RTP");
    if (track_->put(*packet)) stray_bytes_ = 0;
}

/// Cameras mix private packets in; a connection on which nothing else comes is no RTSP.
void Session::stray(size_t bytes, std::string what) {
    odd(what);
    stray_bytes_ += bytes;
    if (stray_bytes_ > Reader::kMostJunk) fail(Fault::Kind::broken, std::move(what));
}

void Session::on_rtcp(std::span<const uint8_t> bytes) {
    if (const auto report = parse_sender_report(bytes)) track_->put(*report);
    if (says_bye(bytes)) fail(Fault::Kind::ended, "the camera ended the stream");
}

void Session::send_keep_alive(int64_t now) {
    keep_alive_ns_ = now + timeout_ns_ / 2;
    send(options_only_ ? "OPTIONS" : "GET_PARAMETER", play_url_, {});
}

/// Empty (RFC 3550 6.4.2): the camera sees that somebody receives.
void Session::send_receiver_report() {
    const uint8_t report[] = {'$', rtcp_channel_, 0, 8, 0x80, 201, 0, 1, 0x42, 0x57, 0x30, 0x31};
    output_.append(reinterpret_cast<const char*>(report), sizeof report);
}

void Session::tick(int64_t now) {
    if (fault_ || step_ != Step::playing || now < keep_alive_ns_) return;
    send_receiver_report();
    send_keep_alive(now);
}

void Session::teardown() {
    if (step_ >= Step::play && !session_.empty()) send("TEARDOWN", play_url_, {});
}

}  // namespace bw::rtsp
