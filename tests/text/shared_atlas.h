// SPDX-License-Identifier: Apache-2.0
// One atlas, baked once for all tests of this program.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "core/base/shm.h"
#include "core/text/atlas.h"

namespace bw::test {

/// The bytes of an atlas baked at scale 1; suitably aligned.
inline const std::vector<std::byte>& baked_bytes() {
    static const std::vector<std::byte> bytes = [] {
        auto path = std::filesystem::temp_directory_path() /
                    ("bw-text-test-" + std::to_string(getpid()) + ".bin");
        auto status = text::bake(path, 1.0);
        if (!status) {
            std::fprintf(stderr, "%s\n", status.error().text.c_str());
            std::abort();
        }
        std::ifstream file(path, std::ios::binary);
        std::vector<char> read(std::istreambuf_iterator<char>(file), {});
        std::filesystem::remove(path);
        std::vector<std::byte> out(read.size());
        std::memcpy(out.data(), read.data(), read.size());
        return out;
    }();
    return bytes;
}

inline const text::Atlas& shared_atlas() {
    static const std::unique_ptr<text::Atlas> atlas =
        std::move(text::Atlas::view(baked_bytes()).value());
    return *atlas;
}

}  // namespace bw::test
