// SPDX-License-Identifier: Apache-2.0
#include "core/media/gst.h"

#include "core/media/unit_of.h"

namespace bw::media {
namespace {

Matrix matrix_of(const GstVideoInfo& info) {
    const bool full = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
    if (info.colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_BT709)
        return full ? Matrix::full709 : Matrix::bt709;
    return full ? Matrix::full601 : Matrix::bt601;
}

PictureView view_of(const GstVideoFrame& frame) {
    const auto plane = [&](int i) {
        return static_cast<const uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, i));
    };
    PictureView view;
    view.y = plane(0);
    view.u = plane(1);
    view.v = plane(2);
    view.stride_y = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
    view.stride_u = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 1);
    view.stride_v = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 2);
    view.width = GST_VIDEO_FRAME_WIDTH(&frame);
    view.height = GST_VIDEO_FRAME_HEIGHT(&frame);
    view.matrix = matrix_of(frame.info);
    return view;
}

}  // namespace

HeldPicture held_picture(GstBuffer* buffer, const GstVideoInfo& info) {
    GstVideoFrame frame;
    if (!gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ)) {
        gst_buffer_unref(buffer);
        return {};
    }
    const PictureView view = view_of(frame);
    gst_video_frame_unmap(&frame);
    // Plain system memory (our caps allow no other) stays where it is while it is referenced.
    return {view, buffer, [](void* owner) { gst_buffer_ref(static_cast<GstBuffer*>(owner)); },
            [](void* owner) { gst_buffer_unref(static_cast<GstBuffer*>(owner)); }};
}

HeldBuffer hold(GstBuffer* buffer) {
    return {buffer, [](GstBuffer* one) { gst_buffer_unref(one); }};
}

HeldCaps hold(GstCaps* caps) {
    return {caps, [](GstCaps* one) { gst_caps_unref(one); }};
}

HeldCaps caps_of_codec(bool h265) {
    return hold(gst_caps_from_string(h265 ? "video/x-h265,stream-format=byte-stream,alignment=au"
                                          : "video/x-h264,stream-format=byte-stream,alignment=au"));
}

void stamp(Unit& unit, int64_t arrived_ns) {
    unit.arrived_ns = arrived_ns;
    GST_BUFFER_PTS(unit.buffer.get()) = static_cast<GstClockTime>(arrived_ns);
}

Unit unit_of(std::span<const uint8_t> bytes, const HeldCaps& caps, int64_t arrived_ns, bool key) {
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, bytes.size(), nullptr);
    gst_buffer_fill(buffer, 0, bytes.data(), bytes.size());
    if (!key) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    Unit unit;
    unit.buffer = hold(buffer);
    unit.caps = caps;
    unit.bytes = bytes.size();
    unit.key = key;
    stamp(unit, arrived_ns);
    return unit;
}

std::string media_type(const HeldCaps& caps) {
    return media_of(caps.get());
}

}  // namespace bw::media
