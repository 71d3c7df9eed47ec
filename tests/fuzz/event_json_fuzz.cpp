// SPDX-License-Identifier: Apache-2.0
// What parses must come back the same from its own text.
#include <cstdlib>

#include "core/events/event.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto event = bw::events::parse_event({reinterpret_cast<const char*>(data), size});
    if (!event) return 0;
    const auto again = bw::events::parse_event(bw::events::to_json(*event));
    // Writing may lengthen the text (escapes) beyond the limit; then it is refused, in words.
    if (again && !(again->id == event->id && again->type == event->type &&
                   again->subject == event->subject && again->sequence == event->sequence))
        std::abort();
    return 0;
}
