// SPDX-License-Identifier: Apache-2.0
// NAL units to access units: what belongs to one picture, as Annex B byte stream. Goes by the rules
// of the codec (H.264 7.4.1.2.3, H.265 7.4.2.4.4) and takes the marker bit and time stamps as
// hints: cameras set the marker on parameter sets, on every slice, or never.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/rtsp/depay.h"

namespace bw::rtsp {

struct AccessUnit {
    std::span<const uint8_t> bytes;  // with start codes; of a key frame with its parameter sets
    bool key = false;
    uint32_t timestamp = 0;
};

class Units {
  public:
    using OnUnit = std::function<void(const AccessUnit& unit)>;
    Units(Codec codec, OnUnit on_unit) : codec_(codec), on_unit_(std::move(on_unit)) {}

    /// A parameter set from the description: used until the stream brings its own.
    void offer(Nal parameter_set);
    /// `end`: the packet's marker says that the picture ends here.
    void put(Nal nal, uint32_t timestamp, bool end);
    /// A packet is missing: nothing more until the next key frame.
    void lost();

  private:
    struct Kind {
        bool slice = false, first_slice = false, parameters = false, opens = false;
        bool key = false;       // by itself
        bool intra = false;     // a key frame if it brings its parameter sets
        bool recovery = false;  // says that decoding may begin here
    };
    [[nodiscard]] Kind kind_of(Nal nal) const;
    void begin(uint32_t timestamp);
    void append(Nal nal);
    void remember(Nal nal);
    void emit();

    const Codec codec_;
    const OnUnit on_unit_;
    std::vector<uint8_t> unit_, out_;
    uint32_t timestamp_ = 0;
    // Of unit_.
    bool slices_ = false, key_ = false, parameters_ = false, recovery_ = false;
    bool awaits_key_ = true;
    bool marker_lies_ = false;                // slices came after what it called an end
    bool ended_ = false;                      // by the marker; timestamp_ is the ended one's
    std::vector<std::vector<uint8_t>> sets_;  // the newest parameter sets, in order of their types
};

}  // namespace bw::rtsp
