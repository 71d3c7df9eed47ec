// SPDX-License-Identifier: Apache-2.0
// The other end of a closed process: answers each refused call, and says which it was. One thread.
#pragma once

#include <optional>
#include <string>

#include "core/base/unique_fd.h"

namespace bw::sandbox {

class Refusals {
  public:
    /// What close_calls() gave in the other process.
    explicit Refusals(base::UniqueFd listener) : listener_(std::move(listener)) {}
    /// Readable while a call waits; hung up when the process has ended.
    [[nodiscard]] int fd() const { return listener_.get(); }
    /// Lets the next call fail, EPERM for what nobody in there may do, ENOSYS for what the list
    /// does not know, and gives its name. Nothing: none waits. Call it when fd() is readable: else
    /// it blocks.
    std::optional<std::string> next();

  private:
    base::UniqueFd listener_;
};

}  // namespace bw::sandbox
