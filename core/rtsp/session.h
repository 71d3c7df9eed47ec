// SPDX-License-Identifier: Apache-2.0
// One RTSP client session over one TCP connection, without the connection: bytes go in, bytes to
// send come out, and what the camera films comes as access units. Only the first video stream is
// set up, interleaved; sound and metadata are never sent. Times are CLOCK_MONOTONIC nanoseconds
// handed in. One thread.
//
// OPTIONS, DESCRIBE, SETUP, PLAY; then a keep-alive at half the session's time: GET_PARAMETER, or
// OPTIONS from the moment that a camera refuses that. A receiver report with it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/rtsp/auth.h"
#include "core/rtsp/message.h"
#include "core/rtsp/track.h"

namespace bw::rtsp {

struct Fault {
    enum class Kind : uint8_t {
        refused,       // any answer that is no success
        unauthorised,  // wrong or no credentials
        not_found,
        moved,        // `text` is the address
        no_video,     // it describes none
        other_codec,  // neither H.264 nor H.265; `text` is its name
        no_tcp,       // interleaved transport is refused
        ended,        // it says goodbye
        broken,       // not RTSP
    };
    Kind kind = Kind::broken;
    std::string text;  // for the log; never holds credentials
};

struct Stream {
    Codec codec = Codec::h264;
    std::string encoding;  // "H264"
};

class Session {
  public:
    struct Options {
        std::string url;  // without credentials
        std::string user, password;
    };
    using Unit = Track::Unit;
    using OnUnit = Track::OnUnit;
    Session(Options options, OnUnit on_unit);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void put(std::span<const uint8_t> bytes, int64_t now);
    /// The keep-alive, if it is due.
    void tick(int64_t now);
    /// Says goodbye: many cameras stay "busy" without.
    void teardown();
    /// What is to be sent; it is the caller's from then on.
    std::string take_output() { return std::exchange(output_, {}); }
    /// When tick() has something to do; 0: never.
    [[nodiscard]] int64_t next_wake_ns() const { return keep_alive_ns_; }

    /// The server answered and described a stream.
    [[nodiscard]] bool described() const { return stream_.has_value(); }
    [[nodiscard]] const std::optional<Stream>& stream() const { return stream_; }
    /// After it the session is of no more use.
    [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }
    /// What is odd about this camera, for `source probe`: each thing once.
    [[nodiscard]] const std::vector<std::string>& oddities() const { return oddities_; }
    [[nodiscard]] uint64_t lost_packets() const { return track_ ? track_->lost_packets() : 0; }

  private:
    enum class Step : uint8_t { options, describe, setup, play, playing };
    void send(std::string_view method, const std::string& url,
              std::vector<std::pair<std::string, std::string>> headers);
    void send_step();
    void send_keep_alive(int64_t now);
    void send_receiver_report();
    void on_message(const Message& message, int64_t now);
    void on_request(const Message& message);
    void on_refusal(const Message& message, int64_t now);
    void on_described(const Message& message);
    void on_set_up(const Message& message);
    void keep_session(const Message& message);
    void on_packet(uint8_t channel, std::span<const uint8_t> bytes);
    void on_rtcp(std::span<const uint8_t> bytes);
    void fail(Fault::Kind kind, std::string text);
    void odd(std::string what);
    void stray(size_t bytes, std::string what);

    const Options options_;
    const OnUnit on_unit_;
    Auth auth_;
    Reader reader_;
    std::string output_;
    Step step_ = Step::options;
    std::string last_method_, last_url_;
    std::vector<std::pair<std::string, std::string>> last_headers_;
    int number_ = 0;    // CSeq
    int answered_ = 0;  // CSeq of the newest answer
    std::string play_url_, setup_url_, session_;
    int64_t timeout_ns_ = 60'000'000'000, keep_alive_ns_ = 0;
    bool options_only_ = false;  // GET_PARAMETER was refused

    std::optional<Stream> stream_;
    uint8_t rtp_channel_ = 0, rtcp_channel_ = 1;
    std::unique_ptr<Track> track_;  // from its description on
    size_t stray_bytes_ = 0;        // of packets that say nothing, since the last that did

    std::optional<Fault> fault_;
    std::vector<std::string> oddities_;
};

}  // namespace bw::rtsp
