// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/rig.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/base/clock.h"
#include "core/compositor/words.h"
#include "tests/golden/book.h"
#include "tests/golden/test_card.h"

namespace bw::golden {

using compositor::testing::FakeProducer;

namespace {

constexpr int kMostRounds = 40;

// One context for the whole program: making one costs more than a picture.
compositor::Backend& backend() {
    static const std::unique_ptr<compositor::Backend> one = [] {
        auto made = compositor::make_headless_backend();
        if (!made.ok()) throw std::runtime_error(made.error().text);
        return std::move(*made);
    }();
    return *one;
}

// Baked once per scale; each rig gets its own copy, in memory that a page boundary begins.
base::Mapping glyphs_for(double scale) {
    static std::map<double, std::vector<char>> baked;
    std::vector<char>& bytes = baked[scale];
    if (bytes.empty()) {
        auto path = std::filesystem::temp_directory_path() /
                    ("beaconwall-golden-" + std::to_string(::getpid()));
        base::Status done = text::bake(path, scale);
        if (!done.ok()) throw std::runtime_error(done.error().text);
        std::ifstream file(path, std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(file), {});
        std::filesystem::remove(path);
    }
    auto memory = base::make_sealed_memfd("atlas", bytes.size());
    auto mapping = base::Mapping::map(memory->get(), bytes.size(), base::Access::read_write);
    std::memcpy(mapping->data(), bytes.data(), bytes.size());
    return std::move(*mapping);
}

Picture opaque(const compositor::Pixels& pixels) {
    Picture out{pixels.width, pixels.height, {}};
    out.rgb.reserve(pixels.rgba.size() / 4 * 3);
    for (size_t i = 0; i < pixels.rgba.size(); i += 4) {
        for (size_t k = 0; k < 3; ++k) out.rgb.push_back(static_cast<uint8_t>(pixels.rgba[i + k]));
    }
    return out;
}

}  // namespace

Rig::Rig(config::Wall wall, const SpoilGlyphs& spoil) {
    double scale = 0;  // as `check --plan` has it
    for (const config::Display& display : wall.displays)
        scale = std::max(scale, config::pixels_per_unit(wall, display));
    backend().make_current();
    glyphs_ = glyphs_for(scale);
    std::span<std::byte> bytes(glyphs_.data(), glyphs_.size());
    if (spoil) spoil(bytes);
    atlas_ = std::move(text::Atlas::view(bytes).value());
    const char* wish = std::getenv("BEACONWALL_RENDERER");  // as the compositor reads it
    const auto kind = compositor::painter_kind(wish != nullptr ? wish : "").value();
    painter_ = std::move(compositor::Painter::make(*atlas_, kind).value());
    Book::get().drawn_by(painter_->renderer() + ", video " + painter_->pictures());
    compositor::set_hall_clock(wall.utc_offset_minutes);
    context_.wall = std::move(wall);
    context_.atlas = atlas_.get();
    context_.video_kind = painter_->video_kind();
    context_.most_side = painter_->most_side();
    screens_ = std::make_unique<compositor::Screens>(context_, backend(), *painter_);
}

Rig::~Rig() {
    stage_.reset();
}

void Rig::play(const config::Plugin& plugin, const std::vector<events::Event>& events) {
    if (plugin.library.empty()) return;
    auto fds = surface::make_link(surface::kPanelArenaBytes);
    ASSERT_TRUE(fds.ok());
    base::UniqueFd arena(::dup(fds->arena.get())), page(::dup(fds->page.get()));
    auto producer = surface::Producer::open(std::move(fds->producer_socket), std::move(fds->arena),
                                            std::move(fds->page));
    auto consumer = surface::Consumer::open(std::move(fds->consumer_socket), std::move(arena),
                                            std::move(page), surface::kTextureHeapBytes);
    ASSERT_TRUE(producer.ok() && consumer.ok());
    auto link = std::make_shared<compositor::Link>();
    link->name = "panel:" + plugin.name;
    link->incarnation = 1;
    link->consumer = std::move(*consumer);
    context_.feeds.add_link(link);
    players_.push_back(std::make_unique<PanelPlayer>(
        plugin, std::span<const std::byte>(glyphs_.data(), glyphs_.size()), events,
        context_.wall.utc_offset_minutes, std::move(*producer)));
}

std::unique_ptr<FakeProducer> Rig::join(const std::string& name) {
    auto fds = surface::make_link(surface::kMediaArenaBytes);
    EXPECT_TRUE(fds.ok());
    base::UniqueFd arena(::dup(fds->arena.get())), page(::dup(fds->page.get()));
    auto producer = surface::Producer::open(std::move(fds->producer_socket), std::move(fds->arena),
                                            std::move(fds->page));
    auto consumer =
        surface::Consumer::open(std::move(fds->consumer_socket), std::move(arena), std::move(page));
    auto link = std::make_shared<compositor::Link>();
    link->name = name;
    link->incarnation = 1;
    link->consumer = std::move(*consumer);
    context_.feeds.add_link(link);
    return std::make_unique<FakeProducer>(std::move(*producer));
}

void Rig::show_sources(Media media) {
    media_ = join("media:0");
    media_word_ = std::move(media);
    if (media_word_) return;
    media_word_ = [](FakeProducer::Surface& surface, const std::string& source) {
        publish_card(*surface.writer, source, base::mono_ns());
    };
}

bool Rig::turn_media() {
    if (!media_) return false;
    bool news = false;
    media_->read();
    for (auto& [number, surface] : media_->surfaces) {
        if (!surface.writer || std::exchange(served_[number], true)) continue;
        news = true;
        media_word_(surface, nlohmann::json::parse(surface.json).value("source", ""));
    }
    std::erase_if(served_,
                  [this](const auto& entry) { return !media_->surfaces.contains(entry.first); });
    return news;
}

bool Rig::turn() {
    bool news = turn_media();
    for (auto& player : players_) news = player->turn() || news;
    context_.feeds.each_link(
        [&](compositor::Link& link) { news = context_.feeds.receive(link) || news; });
    context_.feeds.each([&news](compositor::Feed& feed) { news = feed.pull() || news; });
    std::vector<compositor::Dirty> dirty;
    stage_->collect(dirty);
    return news;
}

void Rig::show(wall::Scene scene) {
    stage_ = std::make_unique<compositor::Stage>(std::move(scene), context_);
    stage_->set_on_air(true);
    settle();
}

void Rig::settle() {
    for (int round = 0; round < kMostRounds; ++round) {
        if (!turn()) return;
    }
    ADD_FAILURE() << "the producers never come to rest";
}

std::vector<Picture> Rig::paint(const SpoilStage& spoil) {
    std::vector<compositor::Dirty> dirty;
    stage_->judge_all(base::mono_ns(), 0, all_lost, dirty);
    if (spoil) spoil(*stage_, *atlas_);
    compositor::StripWords words;
    words.layout = stage_->scene().title.in(context_.wall.language);
    words.trouble = stage_->trouble();
    words.worst = stage_->worst();
    words.notice = notice;
    words.holds = holds;
    words.space =
        compositor::space_words(stage_->scene().space, base::wall_ns(), context_.wall.language);
    words.attention = compositor::attention_text(attention, context_.wall.language,
                                                 words.space.band != compositor::Band::none);
    words.level = attention.top() != nullptr ? attention.top()->level : 0;
    screens_->say(words, base::wall_ns());
    screens_->damage_all();
    screens_->draw(stage_.get(), base::mono_ns());
    std::vector<Picture> out;
    for (size_t i = 0; i < context_.wall.displays.size(); ++i)
        out.push_back(opaque(screens_->read_display(i)));
    return out;
}

}  // namespace bw::golden
