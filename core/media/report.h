// SPDX-License-Identifier: Apache-2.0
// What media says about its sources, as JSON of docs/architecture.md and of the status document.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/media/demand.h"
#include "core/media/inspector.h"
#include "core/media/scaler.h"
#include "core/media/source.h"

namespace bw::media {

struct SourceReport {
    std::string process;  // "media/0", as the status names it
    std::string id;
    SourceMachine::View view;
    uint64_t pictures = 0, reconnects = 0;
    Size size;
    Stream stream = Stream::none;
    std::string decoder;
    bool camera_clock = false;  // its age counts from when it was filmed, not from its arrival
    Look look = Look::normal;
    bool decoding = false;  // somebody looks, or has just looked
};

/// Data of beaconwall.source.state.v1.
std::string state_json(const SourceMachine::View& view, int64_t now);
/// Data of beaconwall.media.report.v1, answering the status.ask with data `ask`; texts in
/// `language`.
std::string report_json(std::string_view ask, const std::vector<SourceReport>& sources,
                        std::string_view language);

}  // namespace bw::media
