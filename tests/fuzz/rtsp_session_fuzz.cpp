// SPDX-License-Identifier: Apache-2.0
// What a camera answers, cut at any place: the first byte says how long the pieces are.
#include <algorithm>
#include <cstdint>
#include <span>

#include "core/rtsp/session.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 2) return 0;
    size_t units = 0;
    bw::rtsp::Session session({"rtsp://127.0.0.1/live", "duty", "secret"},
                              [&](const bw::rtsp::Session::Unit& unit) {
                                  for (const uint8_t byte : unit.access.bytes) units += byte;
                              });
    const size_t piece = 1 + data[0] * 8U;
    std::span<const uint8_t> rest(data + 1, size - 1);
    int64_t now = 1;
    while (!rest.empty() && !session.fault()) {
        const size_t part = std::min(piece, rest.size());
        session.put(rest.first(part), now);
        session.tick(now += 1'000'000'000);
        (void)session.take_output();
        rest = rest.subspan(part);
    }
    session.teardown();
    return 0;
}
