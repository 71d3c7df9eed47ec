// SPDX-License-Identifier: Apache-2.0
#include "core/base/shm.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace bw::base {

Result<UniqueFd> make_sealed_memfd(const char* name, uint64_t size) {
    UniqueFd fd(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!fd.valid()) return errno_error("memfd_create");
    if (ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return errno_error("ftruncate");
    if (fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return errno_error("F_ADD_SEALS");
    return fd;
}

Result<Mapping> Mapping::map(int fd, uint64_t size, Access access) {
    const int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_SHRINK) == 0)
        return Error{"refused", "shared memory is not sealed against shrinking"};
    struct stat info {};
    if (fstat(fd, &info) != 0) return errno_error("fstat");
    const auto real = static_cast<uint64_t>(info.st_size);
    if (real == 0 || (size != 0 && real != size))
        return Error{"refused", "shared memory has another size than agreed"};
    const int protection = access == Access::read_write ? PROT_READ | PROT_WRITE : PROT_READ;
    void* at = mmap(nullptr, real, protection, MAP_SHARED | MAP_NORESERVE, fd, 0);
    if (at == MAP_FAILED) return errno_error("mmap");
    Mapping mapping;
    mapping.data_ = static_cast<std::byte*>(at);
    mapping.size_ = real;
    return mapping;
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

Mapping::~Mapping() {
    if (data_) munmap(data_, size_);
}

Status punch_hole(int fd, uint64_t offset, uint64_t length) {
    if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                  static_cast<off_t>(length)) != 0)
        return errno_error("punch hole");
    return {};
}

}  // namespace bw::base
