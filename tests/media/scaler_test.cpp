// SPDX-License-Identifier: Apache-2.0
#include "core/media/scaler.h"

#include <gtest/gtest.h>

#include "core/media/demand.h"
#include "core/media/records.h"

namespace bw::media {
namespace {

/// One colour, in planes with padded rows.
struct Flat {
    Flat(int width, int height, uint8_t y, uint8_t u, uint8_t v)
        : luma(static_cast<size_t>((width + 5) * height), y),
          cb(static_cast<size_t>((width + 5) * height), u),
          cr(static_cast<size_t>((width + 5) * height), v) {
        view = {luma.data(), cb.data(), cr.data(), width + 5,    width + 5,
                width + 5,   width,     height,    Matrix::bt601};
    }
    std::vector<uint8_t> luma, cb, cr;
    PictureView view;
};

TEST(FitInside, KeepsTheShape) {
    EXPECT_EQ(fit_inside({640, 360}, {480, 480}), (Size{480, 270}));
    EXPECT_EQ(fit_inside({640, 360}, {1920, 540}), (Size{960, 540}));
    EXPECT_EQ(fit_inside({360, 640}, {480, 270}), (Size{152, 270}));
    EXPECT_EQ(fit_inside({4000, 2}, {100, 100}), (Size{100, 1}));
}

TEST(Scaler, RedComesOutAsRgbaBytes) {
    const Flat red(640, 360, 81, 90, 240);
    std::vector<std::byte> out(320 * 180 * 4);
    const auto header = Scaler().write(red.view, surface::SlotKind::rgba, {320, 180}, out);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->width, 320U);
    EXPECT_EQ(header->stride, 1280U);
    EXPECT_EQ(header->bytes, out.size());
    EXPECT_GT(std::to_integer<int>(out[4 * 1000]), 240);
    EXPECT_LT(std::to_integer<int>(out[4 * 1000 + 1]), 15);
    EXPECT_LT(std::to_integer<int>(out[4 * 1000 + 2]), 15);
    EXPECT_EQ(std::to_integer<int>(out[4 * 1000 + 3]), 255);
}

TEST(Scaler, PlanesAreCopiedAtTheirOwnSizeOrScaledToFit) {
    const Flat grey(641, 361, 120, 128, 128);
    std::vector<std::byte> roomy(i420_bytes({641, 361}) + 100);
    auto header = Scaler().write(grey.view, surface::SlotKind::i420, {320, 180}, roomy);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->width, 641U);
    EXPECT_EQ(header->bytes, i420_bytes({641, 361}));
    std::vector<std::byte> tight(i420_bytes({320, 180}));
    header = Scaler().write(grey.view, surface::SlotKind::i420, {320, 180}, tight);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->width, 320U);
    EXPECT_EQ(std::to_integer<int>(tight[5000]), 120);
}

TEST(Scaler, NothingIsWrittenWhereItDoesNotFit) {
    const Flat grey(64, 36, 120, 128, 128);
    std::vector<std::byte> small(100);
    EXPECT_FALSE(Scaler().write(grey.view, surface::SlotKind::rgba, {64, 36}, small));
    EXPECT_FALSE(Scaler().write(grey.view, surface::SlotKind::i420, {64, 36}, small));
}

TEST(Demand, TheTableAddsUpWhatSurfacesWant) {
    DemandTable table;
    EXPECT_FALSE(table.put(1, {"camera/A", false, 0}, 320));
    EXPECT_FALSE(table.put(2, {"camera/A", true, 0}, 960));
    EXPECT_EQ(table.of("camera/A"), Demand::on_air);
    EXPECT_EQ(table.widest("camera/A"), 960U);
    EXPECT_EQ(table.put(2, {"camera/B", true, 0}, 100), "camera/A");
    EXPECT_EQ(table.of("camera/A"), Demand::prepared);
    EXPECT_EQ(table.set_on_air(1, true), "camera/A");
    EXPECT_EQ(table.of("camera/A"), Demand::on_air);
    EXPECT_EQ(table.remove(1), "camera/A");
    EXPECT_FALSE(table.remove(1));
    EXPECT_EQ(table.of("camera/A"), Demand::none);
}

TEST(Demand, TheStreamFollowsTheSizeWithHysteresis) {
    EXPECT_EQ(choose_stream(Stream::none, 480, true, true), Stream::sub);
    EXPECT_EQ(choose_stream(Stream::sub, 700, true, true), Stream::sub);
    EXPECT_EQ(choose_stream(Stream::sub, 900, true, true), Stream::main);
    EXPECT_EQ(choose_stream(Stream::main, 700, true, true), Stream::main);
    EXPECT_EQ(choose_stream(Stream::main, 600, true, true), Stream::sub);
    EXPECT_EQ(choose_stream(Stream::none, 100, true, false), Stream::main);
    EXPECT_EQ(choose_stream(Stream::none, 100, false, false), Stream::none);
}

TEST(Records, WishesAndAddressesFromOutsideAreChecked) {
    EXPECT_FALSE(parse_wish("[]"));
    EXPECT_FALSE(parse_wish("{\"source\":7}"));
    EXPECT_FALSE(parse_wish("{"));
    const auto wish = parse_wish(R"({"source":"camera/A","on_air":true,"rate":1e9})");
    ASSERT_TRUE(wish);
    EXPECT_TRUE(wish->on_air);
    EXPECT_EQ(wish->rate, 240);
    EXPECT_FALSE(parse_address(R"({"main":{"uri":7},"sub":"x"})"));
    EXPECT_EQ(parse_address(R"({"sub":{"uri":"test://ball"}})")->sub_uri, "test://ball");
}

TEST(Records, ALoginInAnAddressIsTakenOutOfIt) {
    const auto login = split_login("rtsp://duty:p%40ss@10.0.0.1:554/a@b");
    EXPECT_EQ(login.uri, "rtsp://10.0.0.1:554/a@b");
    EXPECT_EQ(login.secret.user, "duty");
    EXPECT_EQ(login.secret.password, "p@ss");
    EXPECT_EQ(split_login("file:///a@b").uri, "file:///a@b");
}

/// A picture whose luma tells the column: 0 at the left, 255 at the right.
struct Ramp : Flat {
    Ramp(int width, int height) : Flat(width, height, 0, 128, 128) {
        for (int row = 0; row < height; ++row) {
            for (int x = 0; x < width; ++x) {
                const auto at = static_cast<size_t>(row * (width + 5) + x);
                luma[at] = static_cast<uint8_t>(x * 255 / (width - 1));
            }
        }
    }
};

TEST(Scaler, ACutCoversTheBoxKeepsItsShapeAndTheFocusInSight) {
    const Flat picture(640, 360, 100, 128, 128);
    for (const Size box : {Size{100, 100}, Size{90, 300}, Size{500, 60}, Size{640, 360}}) {
        for (double focus = 0; focus <= 1.0; focus += 0.125) {
            const auto part = cut_to(picture.view, box, {surface::Fit::cover, focus, 1 - focus});
            EXPECT_TRUE(part.width == 640 || part.height == 360);
            EXPECT_NEAR(static_cast<double>(part.width) / part.height,
                        static_cast<double>(box.width) / box.height, 0.02 * box.width / box.height);
            const auto offset = part.y - picture.view.y;
            const auto x = static_cast<int>(offset % picture.view.stride_y);
            const auto y = static_cast<int>(offset / picture.view.stride_y);
            EXPECT_LE(x + part.width, 640);
            EXPECT_LE(y + part.height, 360);
            EXPECT_LE(x, focus * 640 + 1);
            EXPECT_GE(x + part.width, focus * 640 - 2);
            EXPECT_LE(y, (1 - focus) * 360 + 1);
            EXPECT_GE(y + part.height, (1 - focus) * 360 - 2);
        }
    }
}

TEST(Scaler, CoverAndStretchFillTheBoxToThePixel) {
    const Ramp ramp(640, 360);
    std::vector<std::byte> out(200 * 200 * 4);
    auto red = [&out](int x) { return std::to_integer<int>(out[static_cast<size_t>(x) * 4]); };
    using surface::Fit;
    for (const Shape& shape : {Shape{Fit::stretch, 0.5, 0.5}, Shape{Fit::cover, 1.0, 0.5}}) {
        const auto header =
            Scaler().write(ramp.view, surface::SlotKind::rgba, {200, 200}, out, shape);
        ASSERT_TRUE(header);
        EXPECT_EQ(header->width, 200U);
        EXPECT_EQ(header->height, 200U);
        // The right end of both is the picture's right end; the left end only of the stretched one.
        EXPECT_GT(red(199), 240);
        if (shape.fit == Fit::stretch)
            EXPECT_LT(red(0), 20);
        else
            EXPECT_GT(red(0), 90);
    }
}

TEST(Wish, NamesItsShapeAndTheStreamThatItNeeds) {
    const auto wish = parse_wish(R"({"source":"camera/A","fit":"cover","focus":[0.25,7]})");
    ASSERT_TRUE(wish);
    EXPECT_EQ(wish->shape, (Shape{surface::Fit::cover, 0.25, 1}));
    EXPECT_EQ(width_needed({300, 900}, wish->shape), 1600U);  // of which 300 are seen
    EXPECT_EQ(width_needed({300, 900}, {}), 300U);
    EXPECT_EQ(parse_wish(R"({"source":"camera/A","fit":7,"focus":"x"})")->shape, Shape{});
}

}  // namespace
}  // namespace bw::media
