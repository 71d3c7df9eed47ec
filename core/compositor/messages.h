// SPDX-License-Identifier: Apache-2.0
// All JSON that the compositor reads or writes, so that the JSON library stays in one .cpp file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/compositor/freshness.h"
#include "core/config/site.h"
#include "core/wall/scene.h"

namespace bw::compositor {

struct Wish;

/// What `configure` says to a panel or to media.
std::string configure_json(const Wish& wish, bool on_air);

/// beaconwall.wall.next.v1: the scene to prepare; an empty optional: nothing (the preview is off).
base::Result<std::optional<wall::Scene>> parse_next(std::string_view data);

struct Live {
    uint64_t take = 0;
    int64_t at_ns = 0;  // the hub's wall clock; 0: now
    wall::Scene scene;
    config::Transition transition;
};
base::Result<Live> parse_live(std::string_view data);

/// beaconwall.wall.holds.v1: claims on zones, for the wall strips.
struct Hold {
    std::string zone;  // empty: the whole wall
    config::Text title;
    std::string by;
    int64_t until_ns = 0;  // wall clock; 0: until it is released
    bool operator==(const Hold&) const = default;
};
base::Result<std::vector<Hold>> parse_holds(std::string_view data);

/// beaconwall.wall.journal.v1: what the disk under the journal does ("well", "full", "read-only",
/// "failing", "damaged", "hung", "ailing"; "renewed": a damaged file was just replaced), for the
/// wall strips.
base::Result<std::string> parse_journal(std::string_view data);

/// beaconwall.wall.attention.v1: what people should look at, for the wall strips.
struct AttentionItem {
    bool active = false;  // it holds; else it is over and only kept
    int level = 1;        // 1 (blue, IV) to 4 (red, I)
    config::Text title;
    std::string since;  // RFC 3339
    bool operator==(const AttentionItem&) const = default;
};
std::optional<AttentionItem> parse_attention(std::string_view data);

struct SnapshotAsk {
    std::string display, pane;
    bool preview = false;
};
base::Result<SnapshotAsk> parse_snapshot(std::string_view data);
std::string snapshot_reply(const std::string& put_blob_body, int width, int height);

/// Words of a source record, for captions.
struct SourceName {
    config::Text name;
    std::string place;
    bool operator==(const SourceName&) const = default;
};
std::optional<SourceName> parse_source(std::string_view data);

struct Taken {
    uint64_t take = 0, frame_id = 0;
    std::string hash;
    double commit_to_frame_ms = 0;
    std::vector<std::string> late_panes, displays;
};
std::string to_json(const Taken& taken);
std::string ready_json(const std::string& hash);
std::string on_air_json(const wall::Scene& scene);
std::string press_json(const std::string& plugin, uint32_t seat);
std::string take_json(const std::string& layout);
std::string nonce_of(std::string_view data);  // the raw JSON value

/// beaconwall.wall.site.v1: stands for the content of the site's files.
std::string parse_site_digest(std::string_view data);

/// How the frames of all displays kept their pace; the shares are of the last 1024 frames.
struct PaceReport {
    uint64_t missed = 0;
    double last_draw_ms = 0, draw_p99_ms = 0;
    double lateness_p50_ms = 0, lateness_p99_ms = 0, lateness_max_ms = 0;
};
struct DisplayReport {
    std::string name, machine;
    uint32_t width_px = 0, height_px = 0;
    std::string renderer;
    bool software = false;
    std::string pictures;  // "copied", "shaded", "none"
    uint64_t frames_drawn = 0;
    uint64_t pixels_written = 0, pixels_changed = 0;
    PaceReport pace;
    double refresh_hz = 0;
    std::optional<Taken> last_take;
    std::string output;  // the connector that shows it; empty: none, or it is not bound to one
};
struct VideoReport {
    std::string source;
    Verdict verdict;
    uint64_t updates = 0;
};
struct PaneReport {
    std::string id, shows, display;
    Verdict verdict;
    std::string text;  // a refusal in the producer's words
    uint64_t updates = 0;
    std::vector<VideoReport> videos;
};
struct Limit {
    std::string what, state, effect;
};
struct Report {
    std::vector<DisplayReport> displays;
    std::vector<PaneReport> panes;
    std::vector<Limit> limits;
};
std::string to_json(const Report& report, const std::string& nonce, const std::string& language);

}  // namespace bw::compositor
