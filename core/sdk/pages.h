// SPDX-License-Identifier: Apache-2.0
// Inside the SDK: what does not fit stands on pages that turn.
#pragma once

#include <cstddef>

#include "beaconwall/sdk/ui.h"

namespace bw::sdk {

/// Entries [first, end) of what has `count` pages; this is the one of `number`, from 0.
struct Page {
    size_t count = 1, number = 0, first = 0, end = 0;
};

/// The page of the moment: every copy of this panel shows the same one. It stands still while the
/// pointer is on the area.
Page choose_page(Ui& ui, const Rect& area, size_t entries, size_t per_page);
/// "page 1/3"; nothing if there is but one.
void write_page(Ui& ui, const Rect& foot, const Page& page);

}  // namespace bw::sdk
