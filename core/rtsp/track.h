// SPDX-License-Identifier: Apache-2.0
// The one stream of a session: its RTP packets in, what the camera films out, as access units. What
// is lost, late, or another's, is noticed here; after a loss nothing comes until the next key
// frame. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/rtsp/depay.h"
#include "core/rtsp/rtp.h"
#include "core/rtsp/sdp.h"
#include "core/rtsp/units.h"

namespace bw::rtsp {

class Track {
  public:
    struct Unit {
        const AccessUnit& access;
        /// When it was filmed by the camera's clock, nanoseconds since 1970; nothing: it does not
        /// say.
        std::optional<int64_t> filmed_wall_ns;
    };
    using OnUnit = std::function<void(const Unit& unit)>;
    /// Told of what is odd about the packets, as often as it happens.
    using OnOdd = std::function<void(const char* what)>;
    Track(Media media, Codec codec, OnUnit on_unit, OnOdd on_odd);
    Track(const Track&) = delete;
    Track& operator=(const Track&) = delete;

    /// False: it is of no use here, being of another payload type or sender.
    bool put(const RtpPacket& packet);
    /// What ties the packets' clock to the wall's; another sender's is left alone.
    void put(const SenderReport& report);
    [[nodiscard]] uint64_t lost_packets() const { return lost_packets_; }

  private:
    [[nodiscard]] bool is_of_sender(uint32_t ssrc);
    [[nodiscard]] std::optional<int64_t> filmed_wall_ns(const AccessUnit& unit) const;
    void lost();

    const Media media_;
    const OnUnit on_unit_;
    const OnOdd on_odd_;
    Units units_;
    Depay depay_;
    bool marker_ = false;  // of the packet at hand
    uint32_t timestamp_ = 0;
    std::optional<uint32_t> ssrc_;
    std::optional<uint16_t> next_sequence_;
    std::optional<SenderReport> report_;
    uint64_t lost_packets_ = 0, strangers_ = 0;
};

}  // namespace bw::rtsp
