// SPDX-License-Identifier: Apache-2.0
// RTSP 1.0 messages (RFC 2326) and the packets interleaved with them (section 10.12), out of a
// connection's bytes. Reads what cameras send, not what the RFC allows: any case, missing blanks
// and CRs, junk between packets. Nothing here does I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bw::rtsp {

struct Message {
    int status = 0;                                            // 0: a request of the server's
    std::string method;                                        // of a request
    std::vector<std::pair<std::string, std::string>> headers;  // values trimmed
    std::string body;

    /// The first header of that name, whatever its case; nullptr: none.
    [[nodiscard]] const std::string* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
};

bool same_word(std::string_view a, std::string_view b);  // whatever their case
std::string_view trimmed(std::string_view text);

/// "OPTIONS url RTSP/1.0" and so on; values must hold no line break.
std::string request(std::string_view method, std::string_view url, int number,
                    const std::vector<std::pair<std::string, std::string>>& headers);
std::string response(int status, std::string_view phrase, std::string_view number);

class Reader {
  public:
    enum class Got : uint8_t { nothing, message, packet, fault };

    /// Bytes as they came. Spans given out before are void.
    void put(std::span<const uint8_t> bytes);
    /// The next whole thing; nothing: more bytes are needed. After a fault the connection is of no
    /// more use.
    Got next();

    // After next() said so; valid until put() or next().
    [[nodiscard]] Message& message() { return message_; }
    [[nodiscard]] uint8_t channel() const { return channel_; }
    [[nodiscard]] std::span<const uint8_t> packet() const { return packet_; }
    [[nodiscard]] const char* fault() const { return fault_; }

    static constexpr size_t kMostHead = 16 * 1024, kMostBody = 256 * 1024, kMostJunk = 64 * 1024;

  private:
    Got read_packet();
    Got read_message();
    Got skip_junk();
    Got fail(const char* why);
    [[nodiscard]] std::string_view text() const;

    std::vector<uint8_t> bytes_;
    size_t at_ = 0;    // read up to here
    size_t junk_ = 0;  // skipped since the last whole thing
    Message message_;
    std::span<const uint8_t> packet_;
    uint8_t channel_ = 0;
    const char* fault_ = nullptr;
};

}  // namespace bw::rtsp
