/* SPDX-License-Identifier: Apache-2.0 */
/* The panel ABI as shipped: a copy of what the compiler makes of it on 64-bit Linux. A line that
 * fails means that a built plugin would break: undo the change and add an extension instead. PIN is
 * a static assertion of the language at hand. */
#ifndef BEACONWALL_TESTS_ABI_PINS_H
#define BEACONWALL_TESTS_ABI_PINS_H

#include <beaconwall/panel.h>
#include <stddef.h>

#ifdef __cplusplus
#define PIN(condition) static_assert(condition, #condition)
#else
#define PIN(condition) _Static_assert(condition, #condition)
#endif
#define AT(type, member, offset) PIN(offsetof(type, member) == (offset))

PIN(BW_ABI_VERSION == 1);
PIN(sizeof(bool) == 1);

PIN(sizeof(bw_vertex_t) == 20);
AT(bw_vertex_t, x, 0);
AT(bw_vertex_t, y, 4);
AT(bw_vertex_t, u, 8);
AT(bw_vertex_t, v, 12);
AT(bw_vertex_t, rgba, 16);

PIN(sizeof(bw_draw_command_t) == 36);
AT(bw_draw_command_t, clip_x0, 0);
AT(bw_draw_command_t, clip_y0, 4);
AT(bw_draw_command_t, clip_x1, 8);
AT(bw_draw_command_t, clip_y1, 12);
AT(bw_draw_command_t, texture, 16);
AT(bw_draw_command_t, first_index, 20);
AT(bw_draw_command_t, count, 24);
AT(bw_draw_command_t, video, 28);
AT(bw_draw_command_t, vertex_offset, 32);

PIN(sizeof(bw_video_command_t) == 88);
AT(bw_video_command_t, x, 0);
AT(bw_video_command_t, y, 4);
AT(bw_video_command_t, width, 8);
AT(bw_video_command_t, height, 12);
AT(bw_video_command_t, fit, 16);
AT(bw_video_command_t, flags, 20);
AT(bw_video_command_t, source, 24);

PIN(sizeof(bw_draw_list_t) == 64);
AT(bw_draw_list_t, vertices, 0);
AT(bw_draw_list_t, indices, 8);
AT(bw_draw_list_t, commands, 16);
AT(bw_draw_list_t, videos, 24);
AT(bw_draw_list_t, vertex_count, 32);
AT(bw_draw_list_t, index_count, 36);
AT(bw_draw_list_t, command_count, 40);
AT(bw_draw_list_t, video_count, 44);
AT(bw_draw_list_t, next_draw_ns, 48);
AT(bw_draw_list_t, indices16, 56);

PIN(sizeof(bw_event_t) == 64);
AT(bw_event_t, type, 0);
AT(bw_event_t, subject, 8);
AT(bw_event_t, source, 16);
AT(bw_event_t, time, 24);
AT(bw_event_t, data, 32);
AT(bw_event_t, sequence, 40);
AT(bw_event_t, revision, 48);
AT(bw_event_t, tombstone, 56);
AT(bw_event_t, replayed, 57);

PIN(sizeof(bw_input_t) == 20);
AT(bw_input_t, type, 0);
AT(bw_input_t, button, 4);
AT(bw_input_t, x, 8);
AT(bw_input_t, y, 12);
AT(bw_input_t, wheel, 16);

PIN(sizeof(bw_pane_config_t) == 48);
AT(bw_pane_config_t, width, 0);
AT(bw_pane_config_t, height, 4);
AT(bw_pane_config_t, scale, 8);
AT(bw_pane_config_t, pane, 16);
AT(bw_pane_config_t, settings, 24);
AT(bw_pane_config_t, language, 32);
AT(bw_pane_config_t, view, 40);

PIN(sizeof(bw_host_t) == 24);
AT(bw_host_t, abi_version, 0);
AT(bw_host_t, context, 8);
AT(bw_host_t, get_extension, 16);

PIN(sizeof(bw_panel_t) == 48);
AT(bw_panel_t, context, 0);
AT(bw_panel_t, configure, 8);
AT(bw_panel_t, event, 16);
AT(bw_panel_t, input, 24);
AT(bw_panel_t, draw, 32);
AT(bw_panel_t, destroy, 40);

PIN(sizeof(bw_panel_entry_t) == 32);
AT(bw_panel_entry_t, abi_version, 0);
AT(bw_panel_entry_t, init, 8);
AT(bw_panel_entry_t, deinit, 16);
AT(bw_panel_entry_t, create, 24);

PIN(sizeof(bw_ext_log_t) == 8);
PIN(sizeof(bw_ext_events_t) == 16);
AT(bw_ext_events_t, subscribe, 0);
AT(bw_ext_events_t, command, 8);
PIN(sizeof(bw_ext_clock_t) == 24);
AT(bw_ext_clock_t, mono_ns, 0);
AT(bw_ext_clock_t, space_wall_ns, 8);
AT(bw_ext_clock_t, utc_offset_s, 16);
PIN(sizeof(bw_ext_view_t) == 8);
PIN(sizeof(bw_ext_glyphs_t) == 16);
AT(bw_ext_glyphs_t, bytes, 0);
AT(bw_ext_glyphs_t, size, 8);
PIN(sizeof(bw_keepout_t) == 16);
AT(bw_keepout_t, x, 0);
AT(bw_keepout_t, y, 4);
AT(bw_keepout_t, width, 8);
AT(bw_keepout_t, height, 12);
PIN(sizeof(bw_ext_keepouts_t) == 8);

PIN(BW_FIT_CONTAIN == 1);
PIN(BW_FIT_COVER == 2);
PIN(BW_FIT_STRETCH == 3);
PIN(BW_VIDEO_CAPTION == 1);
PIN(BW_INPUT_MOVE == 1);
PIN(BW_INPUT_PRESS == 2);
PIN(BW_INPUT_RELEASE == 3);
PIN(BW_INPUT_SCROLL == 4);
PIN(BW_INPUT_LEAVE == 5);
PIN(BW_LOG_DEBUG == 0);
PIN(BW_LOG_INFO == 1);
PIN(BW_LOG_WARNING == 2);
PIN(BW_LOG_ERROR == 3);

#endif
