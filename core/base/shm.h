// SPDX-License-Identifier: Apache-2.0
// Shared memory: sealed memfds (they can neither shrink nor grow, so a peer cannot make us fault)
// and mappings of them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace bw::base {

/// A sparse memfd of exactly `size` bytes, sealed against shrinking, growing and further seals.
Result<UniqueFd> make_sealed_memfd(const char* name, uint64_t size);

enum class Access { read_only, read_write };

/// A mapping of a whole sealed memfd; unmapped by its destructor. The descriptor may be closed
/// after map().
class Mapping {
  public:
    Mapping() = default;
    /// Refuses a descriptor that is not a memfd sealed against shrinking, or whose real size is not
    /// `size` (0: take the real size).
    static Result<Mapping> map(int fd, uint64_t size, Access access);
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] uint64_t size() const { return size_; }
    [[nodiscard]] bool valid() const { return data_ != nullptr; }

  private:
    std::byte* data_ = nullptr;
    uint64_t size_ = 0;
};

/// Gives the pages of [offset, offset+length) back to the system; they read as zero afterwards.
Status punch_hole(int fd, uint64_t offset, uint64_t length);

}  // namespace bw::base
