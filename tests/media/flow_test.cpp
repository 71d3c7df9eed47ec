// SPDX-License-Identifier: Apache-2.0
// The ring and the decoder behind it, with real H.264 and a stand-in for hardware.
#include "core/media/flow.h"

#include <gst/app/gstappsink.h>
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "core/base/clock.h"
#include "core/media/gst.h"
#include "core/media/pipeline.h"
#include "core/media/workshop.h"
#include "tests/media/standin_decoder.h"

namespace bw::media {
namespace {

using testing::Standin;

/// `count` units of a small camera, a key frame every tenth.
std::vector<Unit> filmed(int count) {
    GError* fault = nullptr;
    const std::string line =
        "videotestsrc num-buffers=" + std::to_string(count) +
        " pattern=ball ! video/x-raw,format=I420,width=320,height=180,framerate=15/1 ! x264enc "
        "speed-preset=ultrafast tune=zerolatency threads=1 key-int-max=10 ! h264parse "
        "config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au ! appsink "
        "name=out sync=false";
    const ElementPtr camera{gst_parse_launch(line.c_str(), &fault)};
    const ElementPtr sink{gst_bin_get_by_name(GST_BIN(camera.get()), "out")};
    gst_element_set_state(camera.get(), GST_STATE_PLAYING);
    std::vector<Unit> units;
    HeldCaps caps;
    while (const SamplePtr sample{gst_app_sink_pull_sample(GST_APP_SINK(sink.get()))}) {
        if (!caps) caps = hold(gst_caps_ref(gst_sample_get_caps(sample.get())));
        GstBuffer* buffer = gst_buffer_copy(gst_sample_get_buffer(sample.get()));
        Unit unit;
        unit.key = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) == FALSE;
        unit.bytes = gst_buffer_get_size(buffer);
        unit.caps = caps;
        unit.arrived_ns = static_cast<int64_t>(units.size() + 1) * base::kMillisecond;
        GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(unit.arrived_ns);
        GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
        unit.buffer = hold(buffer);
        units.push_back(std::move(unit));
    }
    gst_element_set_state(camera.get(), GST_STATE_NULL);
    return units;
}

class FlowTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        ASSERT_TRUE(init_pipelines());
        testing::register_standin();
    }
    void SetUp() override {
        testing::standin = Standin::does_not_start;
        testing::standin_opened = 0;
        outlet->expect(1);
    }
    ~FlowTest() override { workshop->pool.close(base::mono_ns() + 10 * base::kSecond); }
    std::shared_ptr<Flow> flow(uint64_t epoch = 1) {
        return std::make_shared<Flow>(epoch, outlet, wake, workshop);
    }
    void put(const std::shared_ptr<Flow>& to, size_t from, size_t until) {
        for (size_t i = from; i < until; ++i) to->put(units[i]);
    }
    /// Until the wall has the picture of that unit.
    bool shows(size_t number) const {
        const int64_t deadline = base::mono_ns() + 20 * base::kSecond;
        while (base::mono_ns() < deadline) {
            if (outlet->newest_ns() == units[number - 1].arrived_ns) return true;
            std::this_thread::yield();
        }
        return false;
    }

    const std::vector<Unit> units = filmed(60);
    const std::shared_ptr<Wake> wake = std::make_shared<Wake>();
    const std::shared_ptr<Outlet> outlet = std::make_shared<Outlet>(wake);
    const std::shared_ptr<Workshop> workshop = std::make_shared<Workshop>();
};

TEST_F(FlowTest, NothingIsDecodedUntilSomebodyLooksAndThenTheNewestPictureIsThereAtOnce) {
    ASSERT_EQ(units.size(), 60U);
    const auto one = flow();
    put(one, 0, 28);
    EXPECT_EQ(one->newest_ns(), units[27].arrived_ns);
    EXPECT_EQ(one->decoder(), "");
    one->want(true);
    ASSERT_TRUE(shows(28));
    EXPECT_EQ(one->decoder(), "avdec_h264");
    EXPECT_EQ(outlet->size().width, 320);
    put(one, 28, 29);
    ASSERT_TRUE(shows(29));
    // Looked away and back: what was not decoded in between is no gap.
    one->want(false);
    put(one, 29, 35);
    one->want(true);
    ASSERT_TRUE(shows(35));
    EXPECT_FALSE(one->trouble());
}

TEST_F(FlowTest, HardwareIsChosenWhereItWorks) {
    testing::standin = Standin::works;
    const auto one = flow();
    one->want(true);
    put(one, 0, 5);
    ASSERT_TRUE(shows(5));
    EXPECT_EQ(one->decoder(), testing::kStandin);
}

/// Software takes over from hardware that is as `how` says, for this stream and the next.
class FallBackTest : public FlowTest, public ::testing::WithParamInterface<Standin> {};

TEST_P(FallBackTest, GoesToSoftwareAndStaysThere) {
    testing::standin = GetParam();
    const auto one = flow();
    one->want(true);
    const int64_t deadline = base::mono_ns() + 20 * base::kSecond;
    while (one->decoder() != "avdec_h264" && base::mono_ns() < deadline) put(one, 0, 60);
    ASSERT_EQ(one->decoder(), "avdec_h264");
    // Any of them: where units were left out because they came faster than they were read,
    // libavcodec holds back a picture, as it might be one of a stream that is reordered.
    const uint64_t before = outlet->pictures();
    while (outlet->pictures() == before && base::mono_ns() < deadline) put(one, 0, 58);
    ASSERT_GT(outlet->pictures(), before);
    EXPECT_FALSE(one->trouble()) << "a decoder that was replaced is no trouble of the source's";
    const int opened = testing::standin_opened.load();
    EXPECT_GE(opened, 1);
    outlet->expect(2);
    const auto two = flow(2);
    two->want(true);
    put(two, 0, 7);
    ASSERT_TRUE(shows(7));
    EXPECT_EQ(testing::standin_opened.load(), opened) << "asked again though it had failed";
}

INSTANTIATE_TEST_SUITE_P(Hardware, FallBackTest,
                         ::testing::Values(Standin::does_not_start, Standin::breaks,
                                           Standin::gives_nothing));

TEST_F(FlowTest, ADecoderThatHangsIsTroubleOfItsSourceAlone) {
    testing::standin = Standin::hangs;
    const auto one = flow();
    one->want(true);
    put(one, 0, 3);
    while (!testing::standin_hanging.load()) std::this_thread::yield();
    const int64_t hung_ns = base::mono_ns();
    testing::standin = Standin::works;
    outlet->expect(2);
    const auto two = flow(2);
    two->want(true);
    put(two, 0, 9);
    ASSERT_TRUE(shows(9));
    EXPECT_TRUE(workshop->pool.tick(hung_ns + DecodePool::kPatienceNs));
    const auto trouble = one->trouble();
    ASSERT_TRUE(trouble);
    EXPECT_EQ(trouble->reason, surface::Reason::bad_stream);
    EXPECT_FALSE(two->trouble());
    testing::standin_release.count_down();
}

/// Keeps one of the pool's threads to itself.
struct Occupied : DecodePool::Task {
    explicit Occupied(std::shared_ptr<std::latch> latch) : until(std::move(latch)) {}
    bool work() override {
        until->wait();
        return false;
    }
    void stuck() override {}
    const std::shared_ptr<std::latch> until;  // a thread may come back later than the test
};

TEST_F(FlowTest, WhatWaitsForAThreadIsThisMachinesFault) {
    const auto free = std::make_shared<std::latch>(1);
    for (size_t i = 0; i < workshop->pool.threads(); ++i)
        workshop->pool.schedule(std::make_shared<Occupied>(free));
    const auto one = flow();
    put(one, 0, 9);
    const int64_t then = units[8].arrived_ns + 10 * base::kSecond;
    EXPECT_FALSE(one->behind(then)) << "nobody looks: nothing waits";
    one->want(true);
    EXPECT_TRUE(one->behind(then));
    EXPECT_FALSE(one->behind(units[0].arrived_ns + 100 * base::kMillisecond));
    free->count_down();
    ASSERT_TRUE(shows(9));
    EXPECT_FALSE(one->behind(then));
}

TEST_F(FlowTest, GarbageIsNotShownAndNoTroubleEither) {
    const auto one = flow();
    one->want(true);
    put(one, 0, 10);
    ASSERT_TRUE(shows(10));
    Unit broken = units[10];  // a key frame
    GstBuffer* junk = gst_buffer_new_allocate(nullptr, 500, nullptr);
    gst_buffer_memset(junk, 0, 0xA5, 500);
    GST_BUFFER_PTS(junk) = static_cast<GstClockTime>(broken.arrived_ns);
    broken.buffer = hold(junk);
    one->put(broken);
    put(one, 20, 25);
    ASSERT_TRUE(shows(25));
    EXPECT_FALSE(one->trouble());
}

TEST_F(FlowTest, WithoutADecoderThePackageIsNamed) {
    const auto one = flow();
    one->want(true);
    Unit odd = units[0];
    odd.caps = hold(gst_caps_from_string("video/x-no-such-codec"));
    one->put(odd);
    std::optional<Trouble> trouble;
    while (!trouble) {
        std::this_thread::yield();
        trouble = one->trouble();
    }
    EXPECT_EQ(trouble->reason, surface::Reason::need_libav);
    EXPECT_NE(trouble->text.find("gstreamer1.0-libav"), std::string::npos);
}

}  // namespace
}  // namespace bw::media
