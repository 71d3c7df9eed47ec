// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/depay.h"

#include <algorithm>

namespace bw::rtsp {
namespace {

/// The size of a start code (00 00 01, with any zeros before) at the front; 0: none.
size_t start_code(std::span<const uint8_t> bytes) {
    size_t zeros = 0;
    while (zeros < bytes.size() && bytes[zeros] == 0) ++zeros;
    return zeros >= 2 && zeros < bytes.size() && bytes[zeros] == 1 ? zeros + 1 : 0;
}

/// Where the next start code begins; size: nowhere.
size_t next_start(std::span<const uint8_t> bytes) {
    constexpr uint8_t code[] = {0, 0, 1};
    return static_cast<size_t>(
        std::search(bytes.begin(), bytes.end(), std::begin(code), std::end(code)) - bytes.begin());
}

}  // namespace

void Depay::put(std::span<const uint8_t> payload) {
    if (codec_ == Codec::h264)
        put_h264(payload);
    else
        put_h265(payload);
}

void Depay::lost() {
    fragments_.clear();
}

/// Some cameras send several units with start codes between them as one.
void Depay::whole(Nal nal, bool last) {
    nal = nal.subspan(start_code(nal));
    while (!nal.empty()) {
        const size_t end = next_start(nal);
        Nal one = nal.first(end);
        nal = nal.subspan(end);
        nal = nal.subspan(start_code(nal));
        while (!one.empty() && one.back() == 0 && !nal.empty()) one = one.first(one.size() - 1);
        if (!one.empty()) on_nal_(one, last && nal.empty());
    }
}

/// Units with their sizes before them.
void Depay::aggregate(std::span<const uint8_t> units) {
    while (units.size() > 2) {
        const size_t size = static_cast<size_t>(units[0]) << 8 | units[1];
        units = units.subspan(2);
        if (size > units.size()) return;
        const Nal one = units.first(size);
        units = units.subspan(size);
        if (!one.empty()) whole(one, units.size() <= 2);
    }
}

void Depay::fragment(bool start, bool end, std::span<const uint8_t> head,
                     std::span<const uint8_t> piece) {
    if (start) {
        // Some never say that one ends.
        if (!fragments_.empty()) whole(fragments_, false);
        fragments_.assign(head.begin(), head.end());
        // Some put a start code and the unit's own header before the first piece.
        if (const size_t code = start_code(piece); code != 0)
            piece = piece.subspan(std::min(code + head.size(), piece.size()));
    }
    if (fragments_.empty()) return;  // its beginning is lost
    if (fragments_.size() + piece.size() > kMostBytes) return fragments_.clear();
    fragments_.insert(fragments_.end(), piece.begin(), piece.end());
    if (!end) return;
    std::vector<uint8_t> done;
    done.swap(fragments_);
    if (done.size() > head.size()) whole(done, true);
    done.clear();
    fragments_.swap(done);  // keeps its memory
}

void Depay::put_h264(std::span<const uint8_t> payload) {
    if (payload.empty()) return;
    constexpr uint8_t kStapA = 24, kFuA = 28;
    const uint8_t type = payload[0] & 0x1F;
    if (type == kStapA) return aggregate(payload.subspan(1));
    if (type == kFuA) {
        if (payload.size() < 2) return;
        const uint8_t head = static_cast<uint8_t>((payload[0] & 0x60) | (payload[1] & 0x1F));
        return fragment((payload[1] & 0x80) != 0, (payload[1] & 0x40) != 0, {&head, 1},
                        payload.subspan(2));
    }
    // A payload that is Annex B altogether begins with a zero, which is no type.
    if ((type >= 1 && type <= 23) || start_code(payload) != 0) whole(payload, true);
}

void Depay::put_h265(std::span<const uint8_t> payload) {
    if (payload.size() < 3) return;
    constexpr uint8_t kAggregate = 48, kFragment = 49;
    const uint8_t type = (payload[0] >> 1) & 0x3F;
    if (type == kAggregate) return aggregate(payload.subspan(2));
    if (type == kFragment) {
        const uint8_t head[] = {
            static_cast<uint8_t>((payload[0] & 0x81) | ((payload[2] & 0x3F) << 1)), payload[1]};
        return fragment((payload[2] & 0x80) != 0, (payload[2] & 0x40) != 0, head,
                        payload.subspan(3));
    }
    if (type < kAggregate || start_code(payload) != 0) whole(payload, true);
}

}  // namespace bw::rtsp
