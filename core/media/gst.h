// SPDX-License-Identifier: Apache-2.0
// Ownership of GStreamer's objects. Included by the few files of media that know GStreamer.
#pragma once

#include <gst/gst.h>
#include <gst/video/video.h>

#include <memory>
#include <string>

#include "core/media/picture.h"

namespace bw::media {

/// The picture in an I420 buffer of system memory; takes over the reference. Not valid when the
/// buffer is not what `info` says.
HeldPicture held_picture(GstBuffer* buffer, const GstVideoInfo& info);

struct ObjectDrop {
    void operator()(gpointer object) const { gst_object_unref(object); }
};
struct MiniDrop {
    void operator()(gpointer object) const { gst_mini_object_unref(GST_MINI_OBJECT(object)); }
};
using ElementPtr = std::unique_ptr<GstElement, ObjectDrop>;
using PadPtr = std::unique_ptr<GstPad, ObjectDrop>;
using FactoryPtr = std::unique_ptr<GstElementFactory, ObjectDrop>;
using CapsPtr = std::unique_ptr<GstCaps, MiniDrop>;
using SamplePtr = std::unique_ptr<GstSample, MiniDrop>;
using MessagePtr = std::unique_ptr<GstMessage, MiniDrop>;

inline bool has_property(gpointer object, const char* name) {
    return g_object_class_find_property(G_OBJECT_GET_CLASS(object), name) != nullptr;
}

/// What passes through a pad, or, before anything has, what may.
inline CapsPtr caps_of(GstPad* pad) {
    CapsPtr caps{gst_pad_get_current_caps(pad)};
    if (!caps) caps.reset(gst_pad_query_caps(pad, nullptr));
    return caps;
}

/// "video/x-h264"; empty for empty caps.
inline std::string media_of(const GstCaps* caps) {
    if (caps == nullptr || gst_caps_is_any(caps) || gst_caps_is_empty(caps)) return {};
    return gst_structure_get_name(gst_caps_get_structure(caps, 0));
}

}  // namespace bw::media
