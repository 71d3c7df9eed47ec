// SPDX-License-Identifier: Apache-2.0
// Wakes the main loop from any thread. Many rings before a drain are one wake.
#pragma once

#include "core/base/unique_fd.h"

namespace bw::media {

class Wake {
  public:
    Wake();
    /// Readable while a ring has not been drained.
    [[nodiscard]] int fd() const { return fd_.get(); }
    void ring() const;
    void drain() const;

  private:
    base::UniqueFd fd_;
};

}  // namespace bw::media
