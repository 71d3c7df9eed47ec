// SPDX-License-Identifier: Apache-2.0
// A wall of one: the panel host's own parts (functions, panes, the surface's slots and their
// validator) with a clock that stands still and nobody behind them. One thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/panel/host_api.h"
#include "core/panel/pane.h"
#include "core/panel/plugin.h"

namespace bw::check {

struct Size {
    uint32_t width = 960, height = 540;
    float scale = 1;
};

/// One panel on the trial wall, and what it asked for.
struct Shown {
    std::unique_ptr<panel::Pane> pane;
    std::string id;
    std::vector<std::string> prefixes, commands, views;
};

/// Makes the surface links of so many trials beforehand: who is closed in makes none.
void prepare_links(size_t count);

class Trial : public panel::Owner {
  public:
    explicit Trial(std::span<const std::byte> glyphs);
    ~Trial() override;

    /// Loads the library. Once.
    base::Status load(const std::filesystem::path& library);
    /// From now on the host has no such extension.
    void hide(const char* extension);

    /// Creates and configures a panel; null: the plugin made none.
    Shown* show(const std::string& panel, const Size& size, const std::string& language = "zh",
                const std::string& view = "{}");
    /// The same panel again in another size: as the host does it, by a new one.
    void drop(Shown* shown);
    /// To everyone who subscribed to it.
    void deliver(const events::Event& event);
    /// What the panel draws now, as the compositor takes it: copied and validated. Nothing: it said
    /// that it has nothing to show.
    base::Result<std::optional<surface::DrawList>> draw(Shown& shown);

    [[nodiscard]] int foreign_calls() const { return api_.foreign_calls(); }
    [[nodiscard]] const std::vector<std::unique_ptr<Shown>>& all() const { return shown_; }
    int64_t mono = 1'000'000'000'000;
    int64_t wall = 1'782'892'800'000'000'000;  // 2026-07-01T16:00:00+08:00

    void subscribe(uint64_t handle, std::string_view prefix) override;
    void command(uint64_t handle, std::string_view type, std::string_view subject,
                 std::string_view data) override;
    void save_view(uint64_t handle, std::string_view json) override;
    [[nodiscard]] int64_t mono_ns() const override { return mono; }
    [[nodiscard]] int64_t space_wall_ns() const override { return wall; }
    [[nodiscard]] int32_t utc_offset_s() const override { return 8 * 3600; }
    [[nodiscard]] std::span<const bw_keepout_t> keepouts(uint64_t handle) override;
    [[nodiscard]] panel::Pane* pane_of(uint64_t handle) override;

  private:
    std::optional<surface::ConfigureRequest> configured(const Size& size, const std::string& json);
    Shown* of(uint64_t handle);

    panel::HostApi api_;
    bw_host_t host_{};
    std::unique_ptr<surface::Consumer> consumer_;
    std::unique_ptr<surface::Producer> producer_;
    std::unique_ptr<panel::Plugin> plugin_;
    std::vector<std::unique_ptr<Shown>> shown_;
    std::map<uint64_t, Shown*> by_handle_;
    uint64_t next_handle_ = 1;
    uint32_t surface_ = 0;
    bw_keepout_t bezel_{};
};

}  // namespace bw::check
