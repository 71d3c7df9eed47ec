// SPDX-License-Identifier: Apache-2.0
// What parses must come back the same from its own text; what the hub's door lets in is an event.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/events/cloud_event.h"
#include "core/events/event.h"
#include "core/events/json.h"
#include "core/events/quick_json.h"

namespace {

/// Who reads quickly reads the same, whole numbers and doubles apart.
void compare(std::string_view text) {
    nlohmann::json quick;
    if (!bw::events::read_quickly(text, quick)) return;
    const auto slow = nlohmann::json::parse(text, nullptr, false);
    if (slow.is_discarded() || slow != quick || slow.dump() != quick.dump()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    compare(text);
    const auto event = bw::events::parse_event(text);
    nlohmann::json object;
    if (bw::events::read_json(text, object) && bw::events::cloud_event_fault(object).empty()) {
        if (!object["id"].is_string() || !object["source"].is_string()) std::abort();
        (void)bw::events::has_json_data(object);
    }
    if (!event) return 0;
    const auto again = bw::events::parse_event(bw::events::to_json(*event));
    // Writing may lengthen the text (escapes) beyond the limit; then it is refused, in words.
    if (again && !(again->id == event->id && again->type == event->type &&
                   again->subject == event->subject && again->sequence == event->sequence))
        std::abort();
    return 0;
}
