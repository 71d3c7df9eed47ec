// SPDX-License-Identifier: Apache-2.0
// The still picture that every source shows in golden tests: steps of grey, colours with soft
// edges, a frame that shows cropping, a disc that shows stretching, and cells that tell sources
// apart.
#pragma once

#include <string_view>

#include "core/surface/link.h"

namespace bw::golden {

/// Publishes the card of `source` in the kind and size that were asked for, vouched for at
/// `as_of_ns`. The RGBA card is what the shader makes of the I420 one.
void publish_card(surface::Producer::Writer& writer, std::string_view source, int64_t as_of_ns);

}  // namespace bw::golden
