// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/panel_player.h"

#include <gtest/gtest.h>

#include "core/base/clock.h"

namespace bw::golden {

PanelPlayer::PanelPlayer(const config::Plugin& plugin, std::span<const std::byte> glyphs,
                         const std::vector<events::Event>& events, int32_t utc_offset_minutes,
                         std::unique_ptr<surface::Producer> producer)
    : events_(events),
      utc_offset_minutes_(utc_offset_minutes),
      producer_(std::move(producer)),
      api_(*this, glyphs) {
    auto loaded = panel::Plugin::load(plugin.library, api_.host());
    if (!loaded.ok()) {
        ADD_FAILURE() << plugin.name << ": " << loaded.error().text;
        return;
    }
    plugin_ = std::move(*loaded);
}

PanelPlayer::~PanelPlayer() {
    while (!panes_.empty()) (void)panes_.extract(panes_.begin());
}

bool PanelPlayer::turn() {
    bool news = false;
    while (true) {
        auto message = producer_->receive();
        if (!message.ok()) break;
        news = true;
        if (message->header.kind == surface::Kind::configure) configure(*message);
        if (message->header.kind == surface::Kind::release)
            (void)panes_.extract(message->header.surface);
    }
    for (auto& [surface, pane] : panes_) {
        if (!pane->wants_draw(base::mono_ns())) continue;
        auto drawn = pane->draw();
        EXPECT_TRUE(drawn.ok()) << pane->wish().pane;
        pane->vouch(base::mono_ns(), base::mono_ns());
        news = true;
    }
    return news;
}

void PanelPlayer::configure(const surface::Received& message) {
    auto request = surface::read_configure(message);
    if (plugin_ == nullptr || !request.ok()) return;
    auto wish = panel::parse_wish(request->json);
    auto writer =
        surface::Producer::Writer::make(*producer_, message.header.surface, request->configure);
    ASSERT_TRUE(wish.ok() && writer.ok());
    auto pane = std::make_unique<panel::Pane>(message.header.surface, next_handle_++, *wish,
                                              std::move(*writer));
    being_made_ = pane.get();
    ASSERT_TRUE(pane->create(plugin_->entry(), api_.host())) << wish->panel;
    pane->configure("{}");
    being_made_ = nullptr;
    for (const events::Event& event : events_) pane->deliver(event, true);
    panes_[message.header.surface] = std::move(pane);
}

void PanelPlayer::subscribe(uint64_t handle, std::string_view prefix) {
    panel::Pane* pane = pane_of(handle);
    if (pane != nullptr && !pane->subscribed(prefix)) pane->prefixes().emplace_back(prefix);
}

panel::Pane* PanelPlayer::pane_of(uint64_t handle) {
    for (auto& [surface, pane] : panes_) {
        if (pane->handle() == handle) return pane.get();
    }
    return being_made_;
}

std::span<const bw_keepout_t> PanelPlayer::keepouts(uint64_t handle) {
    const panel::Pane* pane = pane_of(handle);
    return pane != nullptr ? std::span<const bw_keepout_t>(pane->wish().keepouts)
                           : std::span<const bw_keepout_t>();
}

int64_t PanelPlayer::space_wall_ns() const {
    return base::wall_ns();
}

}  // namespace bw::golden
