// SPDX-License-Identifier: Apache-2.0
// A wall in one process: the compositor's own stage, furniture and painter on a surfaceless
// context, with panels and media played and clocks that stand still.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/compositor/attention.h"
#include "core/compositor/backend.h"
#include "core/compositor/painter.h"
#include "core/compositor/screens.h"
#include "tests/compositor/wall_fixture.h"
#include "tests/golden/panel_player.h"
#include "tests/golden/picture.h"

namespace bw::golden {

class Rig {
  public:
    /// Bakes the glyphs that this wall needs. `spoil` may damage the atlas' bytes before they are
    /// used.
    using SpoilGlyphs = std::function<void(std::span<std::byte>)>;
    explicit Rig(config::Wall wall, const SpoilGlyphs& spoil = {});
    ~Rig();

    compositor::WallContext& context() { return context_; }
    [[nodiscard]] const text::Atlas& atlas() const { return *atlas_; }
    /// Panels of this plugin draw what these events say.
    void play(const config::Plugin& plugin, const std::vector<events::Event>& events);
    /// Takes the place of media: a source's surface is handed to it once, when it is configured.
    using Media =
        std::function<void(compositor::testing::FakeProducer::Surface&, const std::string& source)>;
    /// Every source shows the test card, live, unless `media` says otherwise.
    void show_sources(Media media = {});
    [[nodiscard]] compositor::testing::FakeProducer& media() { return *media_; }
    /// A producer that the test plays itself.
    std::unique_ptr<compositor::testing::FakeProducer> join(const std::string& name);

    /// Puts a scene on the air and lets producers draw until nothing new comes.
    void show(wall::Scene scene);
    void settle();
    /// Draws every display from nothing. `spoil` may change what is about to be drawn.
    using SpoilStage = std::function<void(compositor::Stage&, const text::Atlas&)>;
    std::vector<Picture> paint(const SpoilStage& spoil = {});

    bool all_lost = false;  // the supervisor is gone
    std::string notice;     // in the strip
    std::vector<compositor::Hold> holds;
    compositor::Attention attention;  // in the strip, too

  private:
    [[nodiscard]] bool turn_media();
    [[nodiscard]] bool turn();

    compositor::WallContext context_;
    base::Mapping glyphs_;
    std::unique_ptr<text::Atlas> atlas_;
    std::unique_ptr<compositor::Painter> painter_;
    std::unique_ptr<compositor::Screens> screens_;
    std::vector<std::unique_ptr<PanelPlayer>> players_;
    std::unique_ptr<compositor::testing::FakeProducer> media_;
    Media media_word_;
    std::map<uint32_t, bool> served_;
    std::unique_ptr<compositor::Stage> stage_;
};

}  // namespace bw::golden
