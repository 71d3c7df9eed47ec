// SPDX-License-Identifier: Apache-2.0
// A host in the same process with a clock that stands still: what SDK tests hold their panels with.
#pragma once

#include <beaconwall/textures.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/shm.h"
#include "core/text/atlas.h"
#include "core/text/raster.h"

namespace bw::test {

/// The atlas for a scale, baked once per build into BUILD/tests/glyphs-SCALE.bin, in a sealed
/// memfd.
base::UniqueFd baked_atlas(double scale);

class FakeHost {
  public:
    /// Calls `entry.init`; deinit at the end.
    FakeHost(const bw_panel_entry_t& entry, double scale, bool with_textures = true);
    ~FakeHost();
    FakeHost(const FakeHost&) = delete;
    FakeHost& operator=(const FakeHost&) = delete;

    bw_panel_t* create(const char* id) { return entry_.create(&host_, ++last_handle_, id); }
    static void configure(bw_panel_t* panel, uint32_t width, uint32_t height, float scale,
                          const char* language = "zh", const char* settings = "{}");
    [[nodiscard]] const text::Atlas& atlas() const { return *atlas_; }
    [[nodiscard]] const bw_host_t* host() const { return &host_; }

    int64_t mono_ns = 1'000'000'000'000;
    int32_t utc_offset_s = 8 * 3600;
    int64_t wall_ns = 1'782'892'800'000'000'000;  // 2026-07-01T16:00:00+08:00
    std::vector<std::string> log, subscribed, commands, views;
    std::vector<bw_keepout_t> keepouts;
    const bool has_textures;
    bool refuses_textures = false;
    std::map<uint32_t, text::Image> textures;  // of all panels

  private:
    struct Calls;
    const bw_panel_entry_t& entry_;
    uint32_t last_texture_ = 0;
    uint64_t last_handle_ = 0;  // each panel has one of its own, as in the real host
    base::Mapping mapping_;
    std::unique_ptr<text::Atlas> atlas_;
    bw_ext_glyphs_t glyphs_{};
    bw_host_t host_{};
};

}  // namespace bw::test
