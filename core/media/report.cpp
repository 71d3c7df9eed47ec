// SPDX-License-Identifier: Apache-2.0
#include "core/media/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/events/json.h"
#include "core/surface/link.h"

namespace bw::media {
namespace {

using nlohmann::json;

json source_json(const SourceReport& source, bool english) {
    json reason = nullptr;
    if (source.view.reason != surface::Reason::none) {
        const auto words = surface::reason_words(source.view.reason);
        reason = {{"code", words.code}, {"text", english ? words.en : words.zh}};
    }
    return {{"id", source.id},
            {"process", source.process},
            {"state", surface::source_state_word(source.view.state)},
            {"reason", std::move(reason)},
            {"pictures", source.pictures},
            {"width_px", source.size.width},
            {"height_px", source.size.height},
            {"stream", stream_word(source.stream)},
            {"decoder", source.decoder},
            {"decoding", source.decoding},
            {"look", look_word(source.look)},
            {"clock", source.camera_clock ? "camera" : "arrival"},
            {"reconnects", source.reconnects}};
}

}  // namespace

std::string state_json(const SourceMachine::View& view, int64_t now) {
    json reason = nullptr;
    if (view.reason != surface::Reason::none) {
        const auto words = surface::reason_words(view.reason);
        reason = {{"code", words.code}, {"text", {{"zh", words.zh}, {"en", words.en}}}};
    }
    const int64_t left = view.next_try_ns == 0 ? 0 : std::max<int64_t>(0, view.next_try_ns - now);
    return json{{"state", surface::source_state_word(view.state)},
                {"reason", std::move(reason)},
                {"next_try_s", static_cast<double>(left / base::kMillisecond) / 1000.0}}
        .dump();
}

std::string report_json(std::string_view ask, const std::vector<SourceReport>& sources,
                        std::string_view language) {
    json asked;
    events::read_json(ask, asked);
    json out = {{"nonce", nullptr}, {"sources", json::array()}};
    if (asked.is_object() && asked.contains("nonce")) out["nonce"] = asked["nonce"];
    for (const auto& source : sources)
        out["sources"].push_back(source_json(source, language == "en"));
    return out.dump();
}

}  // namespace bw::media
