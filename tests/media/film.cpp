// SPDX-License-Identifier: Apache-2.0
#include "tests/media/film.h"

#include <fmt/core.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gtest/gtest.h>

namespace bw::media::testing {
namespace {

GstBuffer* picture(const Film& what, int number) {
    const auto luma = static_cast<size_t>(what.width) * static_cast<size_t>(what.height);
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, luma * 3 / 2, nullptr);
    gst_buffer_memset(buffer, 0, static_cast<guint8>(grey_of(number)), luma);
    gst_buffer_memset(buffer, luma, 128, luma / 2);
    GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(number) * GST_SECOND / 25;
    GST_BUFFER_DURATION(buffer) = GST_SECOND / 25;
    return buffer;
}

}  // namespace

void film(const std::filesystem::path& path, const Film& what) {
    gst_init(nullptr, nullptr);
    const std::string order = what.between > 0
                                  ? fmt::format("bframes={} b-adapt=false", what.between)
                                  : "tune=zerolatency";
    const std::string line = fmt::format(
        "appsrc name=in format=time caps=video/x-raw,format=I420,width={},height={},framerate=25/1 "
        "! "
        "x264enc speed-preset=ultrafast threads=1 key-int-max={} {} ! h264parse config-interval=-1 "
        "! "
        "video/x-h264,stream-format=byte-stream,alignment=au ! filesink location={}",
        what.width, what.height, what.group, order, path.string());
    GstElement* line_of_elements = gst_parse_launch(line.c_str(), nullptr);
    ASSERT_NE(line_of_elements, nullptr);
    GstElement* in = gst_bin_get_by_name(GST_BIN(line_of_elements), "in");
    gst_element_set_state(line_of_elements, GST_STATE_PLAYING);
    for (int i = 0; i < what.pictures; ++i)
        gst_app_src_push_buffer(GST_APP_SRC(in), picture(what, i));
    gst_app_src_end_of_stream(GST_APP_SRC(in));
    GstBus* bus = gst_element_get_bus(line_of_elements);
    GstMessage* end = gst_bus_timed_pop_filtered(
        bus, 30 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    EXPECT_TRUE(end != nullptr && GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS) << "no film";
    if (end != nullptr) gst_message_unref(end);
    gst_object_unref(bus);
    gst_element_set_state(line_of_elements, GST_STATE_NULL);
    gst_object_unref(in);
    gst_object_unref(line_of_elements);
}

}  // namespace bw::media::testing
