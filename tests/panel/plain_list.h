// SPDX-License-Identifier: Apache-2.0
// What plain_panel.c writes into its triangle.
#pragma once

#include "core/surface/draw_list.h"

namespace bw::test {

inline float events(const surface::DrawList& list) {
    return list.vertices[0].x;
}
inline float replayed(const surface::DrawList& list) {
    return list.vertices[0].y;
}
inline float view(const surface::DrawList& list) {
    return list.vertices[0].v;
}
inline float draws(const surface::DrawList& list) {
    return list.vertices[1].x;
}
/// Its space's clock in s, modulo 100000.
inline float seconds(const surface::DrawList& list) {
    return list.vertices[1].u;
}
/// Every picture will do.
inline bool any(const surface::DrawList&) {
    return true;
}

}  // namespace bw::test
