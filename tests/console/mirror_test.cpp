// SPDX-License-Identifier: Apache-2.0
// The mirror against a real producer over a real link.
#include "core/console/mirror.h"

#include <glib.h>
#include <gtest/gtest.h>

#include <cstring>
#include <optional>

extern "C" {
#include <jpeglib.h>
#include <stdio.h>  // jpeglib.h needs FILE
}

namespace bw::console {
namespace {

using surface::Kind;

/// Turns the default loop until `done`, or the deadline.
template <class Condition>
bool turn_until(Condition done) {
    const int64_t deadline = base::mono_ns() + 30 * base::kSecond;
    GlibSource tick = GlibSource::every(5, [] {});
    while (!done() && base::mono_ns() < deadline) g_main_context_iteration(nullptr, TRUE);
    return done();
}

class MirrorTest : public testing::Test {
  protected:
    void SetUp() override {
        auto made = surface::make_link(surface::kMirrorArenaBytes);
        ASSERT_TRUE(made.ok());
        const int arena = ::dup(made->arena.get()), page = ::dup(made->page.get());
        auto producer = surface::Producer::open(std::move(made->producer_socket),
                                                base::UniqueFd(arena), base::UniqueFd(page));
        ASSERT_TRUE(producer.ok()) << producer.error().text;
        producer_ = std::move(*producer);
        const auto adopted = mirror_.adopt(std::move(made->consumer_socket), std::move(made->arena),
                                           std::move(made->page));
        ASSERT_TRUE(adopted.ok()) << adopted.error().text;
        auto configure = next(Kind::configure);
        ASSERT_TRUE(configure);
        surface_ = configure->header.surface;
        std::memcpy(&configure_, configure->body.data(), sizeof configure_);
        auto writer = surface::Producer::Writer::make(*producer_, surface_, configure_);
        ASSERT_TRUE(writer.ok()) << writer.error().text;
        writer_.emplace(*writer);
    }

    /// The next message of `kind` that the producer has, skipping others.
    std::optional<surface::Received> next(Kind kind) {
        while (true) {
            auto message = producer_->receive();
            if (!message) return std::nullopt;
            if (message->header.kind == kind) return std::move(*message);
        }
    }

    void publish(uint8_t grey) {
        constexpr uint32_t kWidth = 64, kHeight = 18;
        std::memset(writer_->payload(), grey, kWidth * kHeight * 4);
        surface::SlotHeader header{};
        header.kind = surface::SlotKind::rgba;
        header.width = kWidth;
        header.height = kHeight;
        header.stride = kWidth * 4;
        header.bytes = kWidth * kHeight * 4;
        header.captured_ns = base::mono_ns();
        writer_->publish(header);
        writer_->block().as_of_ns.store(base::mono_ns());
        ASSERT_TRUE(producer_->send(Kind::commit, surface_).ok());
    }

    Mirror mirror_;
    std::unique_ptr<surface::Producer> producer_;
    std::optional<surface::Producer::Writer> writer_;
    surface::Configure configure_{};
    uint32_t surface_ = 0;
};

struct Decoded {
    uint32_t width = 0, height = 0;
    int grey = -1;
};
Decoded decode(const std::vector<std::byte>& jpeg) {
    jpeg_decompress_struct state{};
    jpeg_error_mgr failure{};
    state.err = jpeg_std_error(&failure);
    jpeg_create_decompress(&state);
    jpeg_mem_src(&state, reinterpret_cast<const unsigned char*>(jpeg.data()), jpeg.size());
    jpeg_read_header(&state, TRUE);
    jpeg_start_decompress(&state);
    std::vector<unsigned char> row(static_cast<size_t>(state.output_width) * 3);
    JSAMPROW rows[1] = {row.data()};
    jpeg_read_scanlines(&state, rows, 1);
    const Decoded found{state.output_width, state.output_height, row[0]};
    jpeg_abort_decompress(&state);
    jpeg_destroy_decompress(&state);
    return found;
}

TEST_F(MirrorTest, wishes_an_rgba_picture_within_1280x720) {
    EXPECT_EQ(configure_.width, 1280U);
    EXPECT_EQ(configure_.height, 720U);
    EXPECT_EQ(configure_.kind, surface::SlotKind::rgba);
    EXPECT_EQ(next(Kind::want), std::nullopt) << "nobody looks yet";
}

TEST_F(MirrorTest, wants_pictures_for_three_seconds_and_gives_the_first_that_comes) {
    std::optional<Shot> shot;
    const int64_t before = base::mono_ns();
    mirror_.picture([&](const Shot& given) { shot = given; });
    EXPECT_FALSE(shot) << "there is none to give yet";
    const auto want = next(Kind::want);
    ASSERT_TRUE(want);
    EXPECT_GE(want->header.value, before + kLookNs);
    publish(200);
    ASSERT_TRUE(turn_until([&] { return shot.has_value(); }));
    ASSERT_TRUE(shot->jpeg) << shot->text;
    const Decoded picture = decode(*shot->jpeg);
    EXPECT_EQ(picture.width, 64U);
    EXPECT_EQ(picture.height, 18U);
    EXPECT_NEAR(picture.grey, 200, 2);
}

TEST_F(MirrorTest, the_same_picture_has_the_same_tag_and_is_encoded_once) {
    publish(100);
    std::vector<Shot> shots;
    for (int i = 0; i < 2; ++i) mirror_.picture([&](const Shot& given) { shots.push_back(given); });
    ASSERT_EQ(shots.size(), 2U);
    EXPECT_EQ(shots[0].etag, shots[1].etag);
    EXPECT_EQ(shots[0].jpeg, shots[1].jpeg);
    publish(50);
    mirror_.picture([&](const Shot& given) { shots.push_back(given); });
    ASSERT_EQ(shots.size(), 3U);
    EXPECT_NE(shots[2].etag, shots[1].etag);
}

TEST_F(MirrorTest, says_so_when_no_picture_comes) {
    std::optional<Shot> shot;
    mirror_.picture([&](const Shot& given) { shot = given; });
    ASSERT_TRUE(turn_until([&] { return shot.has_value(); }));
    EXPECT_FALSE(shot->jpeg);
    EXPECT_FALSE(shot->text.empty());
    EXPECT_TRUE(mirror_.starving());
}

TEST_F(MirrorTest, an_old_picture_is_not_given_as_the_wall) {
    publish(100);
    writer_->block().as_of_ns.store(base::mono_ns() - 10 * base::kSecond);
    // The capture is fresh, so this one still goes out; then time passes with nobody vouching.
    std::optional<Shot> shot;
    mirror_.picture([&](const Shot& given) { shot = given; });
    ASSERT_TRUE(shot && shot->jpeg);
    const int64_t old = base::mono_ns() + kPictureAgeNs;
    ASSERT_TRUE(turn_until([&] { return base::mono_ns() > old; }));
    shot.reset();
    mirror_.picture([&](const Shot& given) { shot = given; });
    EXPECT_FALSE(shot);
    // A still wall: no new picture, but the compositor vouches for the last one again.
    writer_->block().as_of_ns.store(base::mono_ns());
    ASSERT_TRUE(turn_until([&] { return shot.has_value(); }));
    EXPECT_TRUE(shot->jpeg);
}

TEST_F(MirrorTest, after_a_while_of_not_looking_the_new_picture_comes_before_the_kept_one) {
    publish(20);
    std::optional<Shot> shot;
    mirror_.picture([&](const Shot& given) { shot = given; });
    ASSERT_TRUE(shot && shot->jpeg);
    const int64_t later = base::mono_ns() + kLookNs + base::kMillisecond;
    ASSERT_TRUE(turn_until([&] { return base::mono_ns() > later; }));
    shot.reset();
    mirror_.picture([&](const Shot& given) { shot = given; });
    // Wanted again, the compositor vouches at once, but its picture of the changed wall takes a
    // moment.
    writer_->block().as_of_ns.store(base::mono_ns());
    g_main_context_iteration(nullptr, TRUE);
    EXPECT_FALSE(shot);
    publish(220);
    ASSERT_TRUE(turn_until([&] { return shot.has_value(); }));
    EXPECT_NEAR(decode(*shot->jpeg).grey, 220, 2);
}

TEST_F(MirrorTest, a_compositor_that_goes_away_releases_who_waits) {
    std::optional<Shot> shot;
    mirror_.picture([&](const Shot& given) { shot = given; });
    producer_.reset();
    ASSERT_TRUE(turn_until([&] { return shot.has_value(); }));
    EXPECT_FALSE(shot->jpeg);
    EXPECT_FALSE(mirror_.linked());
}

TEST_F(MirrorTest, a_picture_that_lies_about_its_size_is_not_encoded) {
    surface::SlotHeader header{};
    header.kind = surface::SlotKind::rgba;
    header.width = 4096;
    header.height = 4096;
    header.stride = 16;
    header.bytes = 4096;
    header.captured_ns = base::mono_ns();
    writer_->publish(header);
    std::optional<Shot> shot;
    mirror_.picture([&](const Shot& given) { shot = given; });
    ASSERT_TRUE(turn_until([&] { return shot.has_value(); }));
    EXPECT_FALSE(shot->jpeg);
}

}  // namespace
}  // namespace bw::console
