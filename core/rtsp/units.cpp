// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/units.h"

#include <algorithm>
#include <array>

namespace bw::rtsp {
namespace {

constexpr size_t kMostBytes = 8U << 20;
constexpr size_t kMostSets = 16;
constexpr uint8_t kRecoveryPoint = 6;  // SEI payload type, H.264 D.1
constexpr std::array<uint8_t, 4> kStart = {0, 0, 0, 1};

/// Reads Exp-Golomb numbers (H.264 9.1) from the start of a slice header; no emulation bytes stand
/// that early.
class Bits {
  public:
    explicit Bits(std::span<const uint8_t> bytes) : bytes_(bytes) {}
    uint32_t number() {
        int zeros = 0;
        while (zeros < 32 && at_ < bytes_.size() * 8 && bit() == 0) ++zeros;
        uint32_t rest = 0;
        for (int i = 0; i < zeros; ++i) rest = rest << 1 | bit();
        return (1U << std::min(zeros, 31)) - 1 + rest;
    }

  private:
    uint32_t bit() {
        if (at_ >= bytes_.size() * 8) return 0;
        const uint32_t value = bytes_[at_ / 8] >> (7 - at_ % 8) & 1U;
        ++at_;
        return value;
    }
    std::span<const uint8_t> bytes_;
    size_t at_ = 0;
};

uint8_t type_of(Codec codec, Nal nal) {
    return codec == Codec::h264 ? nal[0] & 0x1F : nal[0] >> 1 & 0x3F;
}

bool is_intra_slice(Nal nal) {
    Bits bits(nal.subspan(1));
    (void)bits.number();  // first_mb_in_slice
    const uint32_t type = bits.number() % 5;
    return type == 2 || type == 4;
}

/// Parameter sets of one type and id replace each other. The id of a VPS or SPS is hardly ever but
/// 0; picture parameter sets begin with it.
bool same_set(Codec codec, Nal a, Nal b) {
    const uint8_t type = type_of(codec, a);
    if (type != type_of(codec, b)) return false;
    const bool picture = codec == Codec::h264 ? type == 8 : type == 34;
    const size_t head = codec == Codec::h264 ? 1 : 2;
    return !picture || Bits(a.subspan(head)).number() == Bits(b.subspan(head)).number();
}

}  // namespace

Units::Kind Units::kind_of(Nal nal) const {
    const uint8_t type = type_of(codec_, nal);
    Kind kind;
    if (codec_ == Codec::h264) {
        kind.slice = type >= 1 && type <= 5 && nal.size() > 1;
        kind.first_slice = (type == 1 || type == 2 || type == 5) && kind.slice && (nal[1] & 0x80);
        kind.key = type == 5;
        kind.intra = type == 1 && kind.slice && is_intra_slice(nal);
        kind.recovery = type == 6 && nal.size() > 1 && nal[1] == kRecoveryPoint;
        kind.parameters = type == 7 || type == 8;
        kind.opens = (type >= 6 && type <= 9) || (type >= 14 && type <= 18);
        return kind;
    }
    kind.slice = type <= 31 && nal.size() > 2;
    kind.first_slice = kind.slice && (nal[2] & 0x80);
    kind.key = type >= 16 && type <= 23;
    kind.parameters = type >= 32 && type <= 34;
    kind.opens = (type >= 32 && type <= 35) || type == 39 || (type >= 41 && type <= 44);
    return kind;
}

void Units::offer(Nal nal) {
    if (nal.empty()) return;
    const uint8_t type = type_of(codec_, nal);
    const bool known = codec_ == Codec::h264 ? type == 7 || type == 8 : type >= 32 && type <= 34;
    if (known && nal.size() > 3) remember(nal);
}

void Units::remember(Nal nal) {
    const auto same = std::find_if(sets_.begin(), sets_.end(),
                                   [&](const auto& set) { return same_set(codec_, set, nal); });
    if (same != sets_.end()) {
        if (!std::equal(same->begin(), same->end(), nal.begin(), nal.end()))
            same->assign(nal.begin(), nal.end());
        return;
    }
    if (sets_.size() == kMostSets) return;
    const auto after = std::find_if(sets_.begin(), sets_.end(), [&](const auto& set) {
        return type_of(codec_, set) > type_of(codec_, nal);
    });
    sets_.insert(after, std::vector<uint8_t>(nal.begin(), nal.end()));
}

void Units::begin(uint32_t timestamp) {
    unit_.clear();
    slices_ = key_ = parameters_ = recovery_ = ended_ = false;
    timestamp_ = timestamp;
}

void Units::append(Nal nal) {
    if (unit_.size() + nal.size() > kMostBytes) return lost();
    unit_.insert(unit_.end(), kStart.begin(), kStart.end());
    unit_.insert(unit_.end(), nal.begin(), nal.end());
}

void Units::put(Nal nal, uint32_t timestamp, bool end) {
    if (nal.empty()) return;
    const Kind kind = kind_of(nal);
    if (kind.slice && !kind.first_slice && ended_ && timestamp == timestamp_ && !slices_) {
        // More of a picture that the marker had called complete.
        marker_lies_ = true;
        return lost();
    }
    const bool another = slices_ && (kind.opens || kind.first_slice || timestamp != timestamp_);
    if (another) emit();
    if (another || unit_.empty()) begin(timestamp);
    // Parameter sets may bear the stamp of the picture before: theirs is that of the slices.
    if (!slices_) timestamp_ = timestamp;
    if (kind.parameters) {
        remember(nal);
        parameters_ = true;
    }
    slices_ = slices_ || kind.slice;
    recovery_ = recovery_ || kind.recovery;
    // Cameras that refresh their picture bit by bit never send a key frame, only such points.
    key_ = key_ || kind.key || (kind.slice && parameters_ && (kind.intra || recovery_));
    append(nal);
    if (end && slices_ && !marker_lies_) {
        emit();
        begin(timestamp);
        ended_ = true;
    }
}

void Units::lost() {
    begin(timestamp_);
    awaits_key_ = true;
}

void Units::emit() {
    if (key_) awaits_key_ = false;
    if (awaits_key_) return;
    AccessUnit unit{unit_, key_, timestamp_};
    if (key_ && !parameters_ && !sets_.empty()) {
        out_.clear();
        for (const auto& set : sets_) {
            out_.insert(out_.end(), kStart.begin(), kStart.end());
            out_.insert(out_.end(), set.begin(), set.end());
        }
        out_.insert(out_.end(), unit_.begin(), unit_.end());
        unit.bytes = out_;
    }
    on_unit_(unit);
}

}  // namespace bw::rtsp
