// SPDX-License-Identifier: Apache-2.0
// Producers that die, are replaced, refuse or lie.
#include "tests/compositor/stage_fixture.h"

namespace bw::compositor {
namespace {

using testing::FakeProducer;
using testing::StageTest;

TEST_F(StageTest, ASuccessorIsConfiguredAndTheOldPictureStaysUntilItsFirst) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Stage stage(testing::scene_of({testing::source_pane("A", {0, 0, 200, 150})}, "a"), context_);
    media->read();
    FakeProducer::fill(*media->surface_with("camera/A"), 0xFF0000FF);
    frame(stage);
    const Feed& feed = *stage.tiles()[0].videos[0].feed;
    ASSERT_EQ(feed.version(), 1u);
    media.reset();
    context_.feeds.drop_link("media:0", base::mono_ns(), false);
    auto successor = FakeProducer::join(context_.feeds, "media:0", 2);
    successor->read();
    auto* surface = successor->surface_with("camera/A");
    ASSERT_NE(surface, nullptr);
    frame(stage);
    uint32_t pixel = 0;
    std::memcpy(&pixel, feed.picture().payload, 4);
    EXPECT_EQ(pixel, 0xFF0000FFu);  // the dead one's picture
    FakeProducer::fill(*surface, 0xFF00FF00);
    frame(stage);
    std::memcpy(&pixel, feed.picture().payload, 4);
    EXPECT_EQ(pixel, 0xFF00FF00u);
}

TEST_F(StageTest, ARefusalBecomesAnErrorWithItsReason) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"), context_);
    panel->read();
    panel->refuse("\"p\"", surface::Reason::bad_settings, "rows must be a number");
    frame(stage);
    EXPECT_EQ(stage.tiles()[0].verdict.freshness, Freshness::error);
    EXPECT_EQ(stage.report()[0].text, "rows must be a number");
    EXPECT_TRUE(stage.ready());  // nothing more is to be waited for
    EXPECT_NE(stage.trouble().find("p"), std::string::npos);
}

TEST_F(StageTest, AWrongKindOfPictureCutsTheProducerOff) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"), context_);
    panel->read();
    FakeProducer::fill(*panel->surface_with("\"p\""), 0xFFFFFFFF, 8, 8);
    frame(stage);
    context_.feeds.each_link([](Link& link) { EXPECT_TRUE(link.cut_off); });
    EXPECT_EQ(stage.tiles()[0].feed->version(), 0u);
}

TEST_F(StageTest, AQuarantinedPanelIsAnErrorAtOnce) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"), context_);
    context_.feeds.drop_link("panel:test", base::mono_ns(), true);
    frame(stage);
    EXPECT_EQ(stage.tiles()[0].verdict.freshness, Freshness::error);
    EXPECT_EQ(stage.tiles()[0].verdict.reason, surface::Reason::quarantined);
}

TEST_F(StageTest, EveryReasonOfASourceReachesItsTile) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Stage stage(testing::scene_of({testing::source_pane("A", {0, 0, 200, 150})}, "a"), context_);
    media->read();
    const Feed& feed = *stage.tiles()[0].videos[0].feed;
    auto& block = media->surface_with("camera/A")->writer->block();
    for (uint32_t i = 1; i <= static_cast<uint32_t>(surface::Reason::no_recording); ++i) {
        block.reason.store(i);
        EXPECT_EQ(feed.vouch().reason, static_cast<surface::Reason>(i));
    }
    block.reason.store(4711);  // from one that lies
    EXPECT_STREQ(surface::reason_words(feed.vouch().reason).code, "unknown");
    media->refuse("camera/A", surface::Reason::need_wpe, "");
    frame(stage);
    EXPECT_EQ(feed.vouch().reason, surface::Reason::need_wpe);
}

/// An hour from now: nobody can know.
void vouch_for_the_future(FakeProducer::Surface& surface) {
    surface.writer->block().as_of_ns.store(base::mono_ns() + 3600 * base::kSecond);
}

TEST_F(StageTest, APanelThatVouchesForTheFutureHasFailed) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"), context_);
    panel->read();
    FakeProducer::Surface& surface = *panel->surface_with("\"p\"");
    FakeProducer::draw(surface, surface::DrawList{});
    vouch_for_the_future(surface);
    frame(stage);
    EXPECT_EQ(stage.tiles()[0].verdict.freshness, Freshness::late);
    EXPECT_EQ(stage.tiles()[0].verdict.reason, surface::Reason::panel_failed);
}

TEST_F(StageTest, ACameraThatVouchesForTheFutureIsADamagedStream) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Stage stage(testing::scene_of({testing::source_pane("A", {0, 0, 200, 150})}, "a"), context_);
    media->read();
    FakeProducer::Surface& surface = *media->surface_with("camera/A");
    FakeProducer::fill(surface, 0xFF0000FF);
    vouch_for_the_future(surface);
    frame(stage);
    EXPECT_EQ(stage.tiles()[0].videos[0].verdict.freshness, Freshness::late);
    EXPECT_EQ(stage.tiles()[0].videos[0].verdict.reason, surface::Reason::bad_stream);
}

TEST_F(StageTest, ACameraWhoseProcessIsCutOffIsADamagedStream) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Stage stage(testing::scene_of({testing::source_pane("A", {0, 0, 200, 150})}, "a"), context_);
    media->read();
    FakeProducer::Surface& surface = *media->surface_with("camera/A");
    FakeProducer::fill(surface, 0xFF0000FF);
    frame(stage);
    surface.writer->block().word.store(surface::kFresh | surface::kSlotMask);  // no such slot
    frame(stage);
    context_.feeds.each_link([](Link& link) { EXPECT_TRUE(link.cut_off); });
    EXPECT_EQ(stage.tiles()[0].videos[0].verdict.freshness, Freshness::late);
    EXPECT_EQ(stage.tiles()[0].videos[0].verdict.reason, surface::Reason::bad_stream);
}

class HandOverTest : public StageTest {
  protected:
    void SetUp() override {
        StageTest::SetUp();
        old_ = FakeProducer::join(context_.feeds, "media:0");
        stage_ = std::make_unique<Stage>(
            testing::scene_of({testing::source_pane("A", {0, 0, 200, 150})}, "a"), context_);
        old_->read();
        draw(*old_, 0xFF0000FF);
        // Nobody says that it is gone: it plays on.
        successor_ = FakeProducer::join(context_.feeds, "media:0", 2);
        old_->read();
        successor_->read();
    }
    void draw(FakeProducer& by, uint32_t pixel) {
        FakeProducer::fill(*by.surface_with("camera/A"), pixel);
        frame(*stage_);
    }
    [[nodiscard]] const Feed& feed() const { return *stage_->tiles()[0].videos[0].feed; }
    [[nodiscard]] uint32_t pixel() const {
        uint32_t found = 0;
        std::memcpy(&found, feed().picture().payload, 4);
        return found;
    }
    std::unique_ptr<FakeProducer> old_, successor_;
    std::unique_ptr<Stage> stage_;
};

TEST_F(HandOverTest, APredecessorPlaysOnUntilTheSuccessorsFirstPicture) {
    draw(*old_, 0xFF0000EE);
    EXPECT_EQ(pixel(), 0xFF0000EEu);
    successor_->surface_with("camera/A")
        ->writer->block()
        .source_state.store(static_cast<uint32_t>(surface::SourceState::connecting));
    EXPECT_NE(feed().vouch().state, surface::SourceState::connecting);
    EXPECT_FALSE(old_->closed());
    draw(*successor_, 0xFF00FF00);
    EXPECT_EQ(pixel(), 0xFF00FF00u);
    EXPECT_EQ(feed().vouch().state, surface::SourceState::connecting);
}

TEST_F(HandOverTest, ASuccessorThatHasYetToVouchIsAsOldAsItsPredecessor) {
    const int64_t before = feed().vouch().as_of_ns;
    ASSERT_NE(before, 0);
    auto& surface = *successor_->surface_with("camera/A");
    FakeProducer::fill(surface, 0xFF00FF00);
    surface.writer->block().as_of_ns.store(0);
    frame(*stage_);
    EXPECT_EQ(pixel(), 0xFF00FF00u);
    EXPECT_EQ(feed().vouch().as_of_ns, before);
    FakeProducer::vouch(surface);
    EXPECT_GT(feed().vouch().as_of_ns, before);
}

TEST_F(HandOverTest, ThePredecessorIsToldWhenNobodyShowsItAnyMore) {
    frame(*stage_);
    ASSERT_FALSE(old_->closed());
    draw(*successor_, 0xFF00FF00);
    frame(*stage_);
    EXPECT_TRUE(old_->closed());
    EXPECT_FALSE(successor_->closed());
}

TEST_F(HandOverTest, ASuccessorThatRefusesHurtsNothingWhileThePredecessorPlays) {
    successor_->refuse("camera/A", surface::Reason::unknown_source, "");
    frame(*stage_);
    EXPECT_FALSE(feed().vouch().refused);
    old_.reset();
    frame(*stage_);
    frame(*stage_);
    EXPECT_TRUE(feed().vouch().refused);
    EXPECT_EQ(pixel(), 0xFF0000FFu);
}

TEST_F(StageTest, SourcesAreSpreadOverTheMediaProcesses) {
    context_.feeds.set_media(2);
    auto first = FakeProducer::join(context_.feeds, "media:0");
    auto second = FakeProducer::join(context_.feeds, "media:1");
    std::vector<wall::ScenePane> panes;
    for (int i = 0; i < 16; ++i)
        panes.push_back(testing::source_pane("C" + std::to_string(i), {i * 20.0, 0, 20, 15}));
    Stage stage(testing::scene_of(panes, "a"), context_);
    first->read();
    second->read();
    EXPECT_EQ(first->surfaces.size() + second->surfaces.size(), 16u);
    EXPECT_GE(first->surfaces.size(), 4u);
    EXPECT_GE(second->surfaces.size(), 4u);
    for (const auto& [number, surface] : first->surfaces)
        EXPECT_EQ(second->surface_with(surface.json), nullptr);
}

}  // namespace
}  // namespace bw::compositor
