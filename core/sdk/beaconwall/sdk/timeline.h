// SPDX-License-Identifier: Apache-2.0
// What happens when: rows of spans and moments over the hall's clock, with a line at "now". Pauses
// between spans stay empty; what nobody knows is hatched. Levels have their shape as well as their
// colour. A label stands in its span where it fits, else above it; one for which there is no room
// is left out, and the higher level keeps its own.
#pragma once

#include <beaconwall/sdk/ui.h>

#include <string>
#include <vector>

namespace bw::sdk {

/// All times are wall clock of the pane's space, ns since 1970 (Event::time_ns, Ui::now_ns).
struct TimelineSpan {
    int64_t from_ns;
    int64_t to_ns = 0;  // 0: goes on, drawn up to now
    std::string label = {};
    Level level = Level::none;
    bool planned = false;  // not yet so: outlined only
};

struct TimelineMoment {
    int64_t time_ns;
    std::string label = {};
    Level level = Level::none;
};

/// Nothing is known of this time: the source was away.
struct TimelineGap {
    int64_t from_ns;
    int64_t to_ns = 0;  // 0: up to now
};

struct TimelineRow {
    std::string name;
    std::vector<TimelineSpan> spans = {};
    std::vector<TimelineMoment> moments = {};
    std::vector<TimelineGap> gaps = {};
};

struct Timeline {
    std::vector<TimelineRow> rows;   // more than are legible stand on pages, as in a table
    int64_t from_ns = 0, to_ns = 0;  // 0, 0: what the rows cover, and now
    int64_t now_ns = 0;              // the line at "now" moves by itself; 0: none
    std::string empty = {};          // what a timeline without rows says
};

}  // namespace bw::sdk
