// SPDX-License-Identifier: Apache-2.0
// RGBA pixels to JPEG (libjpeg-turbo). Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"

namespace bw::console {

/// `stride` is bytes per row. Alpha is ignored. "invalid": the sizes do not fit each other.
base::Result<std::vector<std::byte>> encode_jpeg(std::span<const std::byte> rgba, uint32_t width,
                                                 uint32_t height, uint32_t stride, int quality);

}  // namespace bw::console
