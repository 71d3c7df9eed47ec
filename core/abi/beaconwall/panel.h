/* SPDX-License-Identifier: Apache-2.0 */
/* Beaconwall panel ABI, version 1 (C11, plain data). A panel library exports one symbol: beaconwall_panel_entry.
 *
 * Threads: [main] is the thread that called init; the host calls every function of a panel on it, and never two at once.
 *   A function of the host that is tagged [main] may be called on that thread alone and from within a call of the host's:
 *   from another one it does nothing, and the host says so in the log. [any]: on every thread, from init to deinit.
 * Time: a call that takes longer than a fifth of a second is marked on the wall, one of two seconds ends the process.
 * Ownership: what a function is given is the giver's and valid until the function returns, unless a line says otherwise.
 * Text: UTF-8, terminated. Lengths: pixels of the surface unless a name says otherwise. Times: nanoseconds.
 * Growth: by new extension ids ("beaconwall.NAME/REVISION"); a shipped struct never changes.
 *
 * Order of calls: 1 entry.init  2 entry.create per pane  3 configure, event…, input…, draw… in any order  4 destroy
 * 5 entry.deinit. A panel keeps nothing that events and its view record cannot give back.
 */
#ifndef BEACONWALL_PANEL_H
#define BEACONWALL_PANEL_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BW_ABI_VERSION 1u

typedef struct bw_vertex { float x, y, u, v; uint32_t rgba; } bw_vertex_t; /* rgba: 0xAABBGGRR, straight alpha */

/* Triangles of the list inside a clip rectangle; texture 0 is the glyph atlas, and there is no other in this version.
 * video >= 0: draw videos[video] here instead. */
typedef struct bw_draw_command {
    float clip_x0, clip_y0, clip_x1, clip_y1;
    uint32_t texture;
    uint32_t first_index;
    uint32_t count;
    int32_t video;          /* -1: none */
    uint32_t vertex_offset; /* added to each index, so that 16-bit indices reach every vertex */
} bw_draw_command_t;

enum { BW_FIT_CONTAIN = 1, BW_FIT_COVER = 2, BW_FIT_STRETCH = 3 };
enum { BW_VIDEO_CAPTION = 1 }; /* the host writes the source's id and name on it */

/* A live source inside the picture: opaque, axis-aligned; the host marks its freshness on top of everything. */
typedef struct bw_video_command {
    int32_t x, y, width, height;
    uint32_t fit;
    uint32_t flags;
    char source[64]; /* "camera/FF-001" */
} bw_video_command_t;

/* The arrays stay the panel's and must hold until its next call of any kind. */
typedef struct bw_draw_list {
    const bw_vertex_t* vertices;
    const uint32_t* indices;
    const bw_draw_command_t* commands;
    const bw_video_command_t* videos;
    uint32_t vertex_count, index_count, command_count, video_count;
    int64_t next_draw_ns; /* mono time at which the panel wants to draw again; 0: only after an event or input */
    const uint16_t* indices16; /* in place of `indices` when that is null; index_count counts these */
} bw_draw_list_t;

typedef struct bw_event {
    const char* type;
    const char* subject;
    const char* source;
    const char* time;     /* RFC 3339: when it was true in the field */
    const char* data;     /* JSON text */
    uint64_t sequence;
    uint64_t revision;    /* records only, else 0 */
    bool tombstone;       /* the record is gone */
    bool replayed;        /* part of a snapshot */
} bw_event_t;

enum { BW_INPUT_MOVE = 1, BW_INPUT_PRESS = 2, BW_INPUT_RELEASE = 3, BW_INPUT_SCROLL = 4, BW_INPUT_LEAVE = 5 };
typedef struct bw_input { uint32_t type, button; float x, y, wheel; } bw_input_t;

typedef struct bw_pane_config {
    uint32_t width, height;
    float scale;          /* pixels per logical unit: sizes are given in units and multiplied by it */
    const char* pane;     /* the pane's id */
    const char* settings; /* JSON object from the layout */
    const char* language; /* "zh" or "en" */
    const char* view;     /* the pane's view record, JSON; "{}" at first */
} bw_pane_config_t;

typedef struct bw_host bw_host_t;
/* Valid from init to deinit. */
struct bw_host {
    uint32_t abi_version;
    void* context; /* the host's own */
    /* [main] A const struct named by the id, or null if this host has none; valid until deinit. */
    const void* (*get_extension)(const bw_host_t* host, const char* id);
};

typedef struct bw_panel bw_panel_t;
struct bw_panel {
    void* context; /* the panel's own */
    /* All [main]. The pane has a size, settings, language and view; called first, and again when any of them changes. */
    void (*configure)(bw_panel_t* panel, const bw_pane_config_t* config);
    /* One event of a type this panel subscribed to. True: its picture may have changed and draw is wanted. */
    bool (*event)(bw_panel_t* panel, const bw_event_t* event);
    /* True: as above. */
    bool (*input)(bw_panel_t* panel, const bw_input_t* input);
    /* Fills in `out`. False: nothing to show yet. */
    bool (*draw)(bw_panel_t* panel, bw_draw_list_t* out);
    /* Frees the panel; nothing of it is used after this. */
    void (*destroy)(bw_panel_t* panel);
};

typedef struct bw_panel_entry {
    uint32_t abi_version; /* BW_ABI_VERSION */
    bool (*init)(const bw_host_t* host); /* [main] once, first. False: the plugin cannot run here */
    void (*deinit)(void);                /* [main] last */
    /* [main] The panel is the plugin's until the host calls its destroy. `panel_id` is the PANEL of "PLUGIN/PANEL". `handle` names this panel in calls to the host. Null: no such panel. */
    bw_panel_t* (*create)(const bw_host_t* host, uint64_t handle, const char* panel_id);
} bw_panel_entry_t;

/* The one exported symbol of a panel library:
 *   const bw_panel_entry_t beaconwall_panel_entry = { BW_ABI_VERSION, init, deinit, create };            */
#define BW_PANEL_ENTRY_SYMBOL "beaconwall_panel_entry"

/* ---- extensions -------------------------------------------------------------------------------------------------------- */

#define BW_EXT_LOG "beaconwall.log/1"
enum { BW_LOG_DEBUG = 0, BW_LOG_INFO = 1, BW_LOG_WARNING = 2, BW_LOG_ERROR = 3 };
/* [any] `text` is copied. */
typedef struct bw_ext_log { void (*write)(const bw_host_t* host, uint32_t level, const char* text); } bw_ext_log_t;

#define BW_EXT_EVENTS "beaconwall.events/1"
typedef struct bw_ext_events {
    /* [main] Prefix of "type/subject", ending in '.' or '/', or whole; from create or configure. A snapshot comes first.
     * The manifest's `subscribes` has to name it. */
    void (*subscribe)(const bw_host_t* host, uint64_t handle, const char* prefix);
    /* [main] A command, accepted only within 2 s of a press on the pane and if the manifest names its type. */
    void (*command)(const bw_host_t* host, uint64_t handle, const char* type, const char* subject, const char* data);
} bw_ext_events_t;

#define BW_EXT_CLOCK "beaconwall.clock/1"
typedef struct bw_ext_clock {
    int64_t (*mono_ns)(const bw_host_t* host);       /* [any] CLOCK_MONOTONIC; what next_draw_ns counts in */
    int64_t (*space_wall_ns)(const bw_host_t* host); /* [main] wall clock of the pane's space, ns since 1970 */
    int32_t (*utc_offset_s)(const bw_host_t* host);  /* [main] of the hall's clock: what people read is UTC plus this */
} bw_ext_clock_t;

#define BW_EXT_VIEW "beaconwall.view/1"
typedef struct bw_ext_view {
    /* [main] At most 4096 bytes of JSON: page, selection, scroll. Comes back in bw_pane_config.view after a restart. */
    void (*save)(const bw_host_t* host, uint64_t handle, const char* json);
} bw_ext_view_t;

#define BW_EXT_GLYPHS "beaconwall.glyphs/1"
/* The baked glyph atlas as plain bytes (format: docs/glyphs.md), mapped read-only until deinit. */
typedef struct bw_ext_glyphs { const void* bytes; uint64_t size; } bw_ext_glyphs_t;

#define BW_EXT_KEEPOUTS "beaconwall.keepouts/1"
/* A part of the surface that no display shows: a bezel, a gap, what lies beside the wall. Pixels. Without width or without
 * height: the seam of two displays that meet, which a line of text should not cross. */
typedef struct bw_keepout { float x, y, width, height; } bw_keepout_t;
typedef struct bw_ext_keepouts {
    /* [main] Those of the panel, from its first configure on; `count` is filled in. Valid until the panel's next configure. */
    const bw_keepout_t* (*get)(const bw_host_t* host, uint64_t handle, uint32_t* count);
} bw_ext_keepouts_t;

#ifdef __cplusplus
}
#endif
#endif
