// SPDX-License-Identifier: Apache-2.0
// The X server's outputs, over a connection of our own: what is plugged in, when that changes, and
// its screen saver. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/wall/outputs.h"

namespace bw::compositor {

class Desktop {
  public:
    /// "system": no X server, or one without RandR 1.3.
    static base::Result<std::unique_ptr<Desktop>> open();
    virtual ~Desktop() = default;

    /// Connected outputs in the server's order. `probe`: ask the monitors anew, which can take a
    /// second on real cables; otherwise what the server knows already.
    virtual std::vector<wall::PluggedOutput> outputs(bool probe) = 0;
    /// Something about the outputs changed since the last call.
    virtual bool changed() = 0;
    /// No blanking and no power saving while this object lives; the server takes its own settings
    /// up again when the connection ends, however it ends.
    virtual void keep_awake() = 0;
};

/// One line per output for programs, fields apart by tabs: connector, x, y, width, height, Hz,
/// turned (0 or 1), identity told (0 or 1), maker, model, serial, width and height in millimetres.
std::string output_lines(const std::vector<wall::PluggedOutput>& outputs);

}  // namespace bw::compositor
