// SPDX-License-Identifier: Apache-2.0
// What the files that build pipelines share; nobody else includes it.
#pragma once

#include "core/media/gst.h"
#include "core/media/pipeline_shared.h"

namespace bw::media::parts {

/// A new element in the pipeline, or nothing and the trouble told: which package it is in.
GstElement* add(Pipeline::Shared& shared, const char* factory);
bool link(Pipeline::Shared& shared, GstPad* pad, GstElement* to);
/// A pad with pictures as they are: convert to I420 ! appsink.
void take_raw(Pipeline::Shared& shared, GstPad* pad);
/// A pad with compressed pictures, parsed: appsink.
void take_parsed(Pipeline::Shared& shared, GstPad* pad);
/// source ! parsebin ! appsink, for whatever is in it.
bool build_parsed(Pipeline::Shared& shared, GstElement* source);
/// A live source of raw pictures ! convert ! appsink.
bool build_raw(Pipeline::Shared& shared, GstElement* source, const char* caps);
/// Key frames carry what a decoder needs that starts there.
void repeat_parameter_sets(GstElement* parse);

// One per kind of address; false after shared.fail().
bool build_rtsp(Pipeline::Shared& shared);
bool build_file(Pipeline::Shared& shared);
bool build_http(Pipeline::Shared& shared);
bool build_srt(Pipeline::Shared& shared);
bool build_v4l2(Pipeline::Shared& shared);
bool build_test(Pipeline::Shared& shared);
bool build_web(Pipeline::Shared& shared);

}  // namespace bw::media::parts
