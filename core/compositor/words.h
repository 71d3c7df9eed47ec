// SPDX-License-Identifier: Apache-2.0
// Every word the compositor itself writes on the wall, in Chinese and in English.
#pragma once

#include <cstdint>
#include <string>

namespace bw::compositor {

struct Words {
    const char* late;
    const char* frozen;
    const char* lost;
    const char* connecting;  // a source before its first picture
    const char* starting;    // a panel before its first picture
    const char* panel_fault;
    const char* source_fault;
    const char* since;           // "since"
    const char* next_try;        // "%s" is a span of time
    const char* no_next_try;     // what happens next: nothing by itself
    const char* will_restart;    // what happens next: the supervisor tries again
    const char* exercise;        // the band
    const char* replay;          // the band
    const char* replay_over;     // its clock stands still
    const char* no_recording;    // a camera in a replay
    const char* on_air;          // before the layout's title
    const char* not_live;        // "%d" tiles are not live
    const char* all_live;        // nothing to say
    const char* held_by;         // around the holder's name
    const char* until;           // before a time of day
    const char* until_released;  // of a hold without an end
    const char* whole_wall;
    const char* supervisor_gone;
    const char* hub_gone;
    const char* attention;       // before the number of items
    const char* live_attention;  // the same, on a wall that shows an exercise or a replay
    const char* journal_full;
    const char* journal_read_only;
    const char* journal_failing;
    const char* journal_hung;
    const char* journal_ailing;
    const char* journal_scarce;
    const char* journal_renewed;
};
const Words& words(const std::string& language);

/// What the strip says of the journal's disk ("full", "hung" …); empty when all is well.
std::string disk_text(const std::string& disk, const Words& words);

/// "8 秒", "3 分 12 秒", "2 小时 5 分"; "8 s", "3 min 12 s", "2 h 5 min". Whole seconds.
std::string span_text(int64_t span_ns, const std::string& language);
/// Local time of day "14:05" of a CLOCK_REALTIME moment, and its date with the weekday.
/// The hall's zone for the texts below and for panels: set once, when the site is known.
void set_hall_clock(int utc_offset_minutes);
int hall_clock();
std::string clock_text(int64_t wall_time_ns);
std::string date_text(int64_t wall_time_ns, const std::string& language);
/// "7 月 21 日 14:05", "21 Jul 14:05".
std::string moment_text(int64_t wall_time_ns, const std::string& language);

}  // namespace bw::compositor
