// SPDX-License-Identifier: Apache-2.0
// The supervisor's memory of the scene on air: a restarted compositor shows it at once, hub or no
// hub. Layout: docs/architecture.md.
#pragma once

#include <optional>

#include "core/base/shm.h"
#include "core/wall/scene.h"

namespace bw::compositor {

class SceneMemory {
  public:
    static base::Result<SceneMemory> map(int fd);
    /// Nothing when none was written, or it is damaged.
    [[nodiscard]] std::optional<wall::Scene> read() const;
    void write(const wall::Scene& scene);

  private:
    base::Mapping mapping_;
};

}  // namespace bw::compositor
