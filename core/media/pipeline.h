// SPDX-License-Identifier: Apache-2.0
// An intake that is a GStreamer pipeline.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/media/intake.h"

namespace bw::media {

class Pipeline : public Intake {
  public:
    /// Starts at once; waits neither for the network nor for a disk. What fails later is told by
    /// trouble().
    static std::unique_ptr<Pipeline> open(Opening opening);
    ~Pipeline() override;

    [[nodiscard]] std::optional<Trouble> trouble() override;
    [[nodiscard]] bool connected() const override;
    /// A still is true for ever.
    [[nodiscard]] int64_t true_at_ns(int64_t now) const override;

    struct Shared;  // what the streaming threads and the main thread both see

  private:
    explicit Pipeline(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
    std::shared_ptr<Shared> shared_;
};

/// A desktop or a page that does not move is no camera that hangs.
bool sends_only_changes(std::string_view uri);

/// Loads GStreamer; once, before the first open(). The error names what is missing.
base::Status init_pipelines();

}  // namespace bw::media
