// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/backend.h"

namespace bw::compositor {

namespace {

class NullBackend final : public Backend {
  public:
    void make_current() override {}
    void present(std::span<const Canvas>, std::span<const Damage>) override {}
    std::vector<InputEvent> poll_input() override { return {}; }
    [[nodiscard]] int64_t poll_every_ns() const override { return 0; }
};

}  // namespace

std::unique_ptr<Backend> make_null_backend() {
    return std::make_unique<NullBackend>();
}

}  // namespace bw::compositor
