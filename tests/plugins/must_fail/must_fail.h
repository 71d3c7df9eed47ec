/* SPDX-License-Identifier: Apache-2.0 */
/* A panel that shows a good picture until it is told to fail, and then does one thing that no panel
 * may do: `misdeed`, which the panel's id names. Told by events x.must_fail.v1 about that id:
 * {"colour":N}, which it keeps as its view, and {"fail":true,"most":N}. */
#ifndef MUST_FAIL_H
#define MUST_FAIL_H

#include <beaconwall/panel.h>

struct bad;
/* `out`: the good picture, to be spoilt; null when an event is what called. */
typedef void act(struct bad* self, bw_draw_list_t* out);

struct misdeed {
    const char* panel;
    enum { AT_THE_EVENT, IN_EVERY_DRAW, ALSO_WHEN_REPLAYED } when;
    act* act;
};

struct bad {
    bw_panel_t abi;
    const bw_host_t* host;
    const bw_ext_clock_t* clock;
    uint64_t handle;
    const struct misdeed* misdeed;
    bool started, failing;
    bool restless; /* draws as often as it may, each picture another one */
    volatile bool lying;
    int most; /* MiB or threads */
    int colour, draws;
    float width, height;
    bw_vertex_t vertices[4];
    uint32_t indices[6];
    bw_draw_command_t commands[1];
    bw_video_command_t videos[1];
};

extern const bw_panel_entry_t beaconwall_panel_entry; /* must_fail.c */
/* process.c */
act crash_now, abort_now, exit_now, loop, deadlock, be_slow, leak, hoard, take_descriptors,
    storm_with_threads, spin;
/* lists.c */
act bad_array, bad_count, bad_index, bad_command, bad_clip, bad_rect, bad_texture, bad_number,
    stale_texture, flood_with_textures;
/* link.c: what the ABI gives no way to, done with the descriptors and the memory of the process */
act flood_with_commits, flood_with_beats, babble_to_the_screen, babble_to_the_supervisor, lie,
    rewrite;

#endif
