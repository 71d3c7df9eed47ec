// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/track.h"

#include <utility>

#include "core/rtsp/parameter_sets.h"

namespace bw::rtsp {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

}  // namespace

Track::Track(Media media, Codec codec, OnUnit on_unit, OnOdd on_odd)
    : media_(std::move(media)),
      on_unit_(std::move(on_unit)),
      on_odd_(std::move(on_odd)),
      units_(codec,
             [this](const AccessUnit& unit) {
                 on_unit_({unit, filmed_wall_ns(unit)});
             }),
      depay_(codec, [this](Nal nal, bool last) { units_.put(nal, timestamp_, marker_ && last); }) {
    offer_parameter_sets(media_, units_);
}

std::optional<int64_t> Track::filmed_wall_ns(const AccessUnit& unit) const {
    if (!report_) return {};
    const auto ticks = static_cast<int32_t>(unit.timestamp - report_->timestamp);
    return report_->wall_ns + static_cast<int64_t>(ticks) * kSecond / media_.clock_hz;
}

void Track::put(const SenderReport& report) {
    if (!ssrc_ || report.ssrc == *ssrc_) report_ = report;
}

void Track::lost() {
    depay_.lost();
    units_.lost();
}

bool Track::is_of_sender(uint32_t ssrc) {
    if (!ssrc_) ssrc_ = ssrc;
    if (ssrc != *ssrc_) {
        // One that takes over for good is a camera that started anew; a few are somebody else's.
        if (++strangers_ < 8) return false;
        ssrc_ = ssrc;
        next_sequence_.reset();
        report_.reset();
        lost();
    }
    strangers_ = 0;
    return true;
}

bool Track::put(const RtpPacket& packet) {
    if (packet.payload_type != media_.payload)
        return on_odd_("packets of another payload type"), false;
    if (!is_of_sender(packet.ssrc)) return on_odd_("packets of another sender (SSRC)"), false;
    if (next_sequence_ && packet.sequence != *next_sequence_) {
        const auto gap = static_cast<uint16_t>(packet.sequence - *next_sequence_);
        if (gap >= 0x8000) return on_odd_("packets that come twice or late"), true;
        lost_packets_ += gap;
        on_odd_("gaps in the stream");
        lost();
    }
    next_sequence_ = static_cast<uint16_t>(packet.sequence + 1);
    marker_ = packet.marker;
    timestamp_ = packet.timestamp;
    depay_.put(packet.payload);
    return true;
}

}  // namespace bw::rtsp
