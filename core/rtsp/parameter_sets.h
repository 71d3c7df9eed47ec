// SPDX-License-Identifier: Apache-2.0
// Parameter sets out of a description (RFC 6184 8.1, RFC 7798 7.1): base64, with or without start
// codes. What is no parameter set is left out; what the stream brings itself replaces them.
#pragma once

#include "core/rtsp/sdp.h"
#include "core/rtsp/units.h"

namespace bw::rtsp {

void offer_parameter_sets(const Media& media, Units& units);

}  // namespace bw::rtsp
