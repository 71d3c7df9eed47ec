// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/scene_memory.h"

#include <atomic>
#include <cstring>
#include <string>

#include "core/base/log.h"

namespace bw::compositor {

namespace {

struct Header {
    uint32_t magic;
    uint32_t length;
    uint64_t take;
    uint64_t checksum;
};
constexpr uint32_t kMagic = 0x43535742;  // "BWSC"

uint64_t fnv1a(std::string_view text) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return hash;
}

}  // namespace

base::Result<SceneMemory> SceneMemory::map(int fd) {
    auto mapping = base::Mapping::map(fd, 0, base::Access::read_write);
    if (!mapping.ok()) return mapping.error();
    if (mapping->size() < sizeof(Header)) return base::Error{"invalid", "scene memory too small"};
    SceneMemory out;
    out.mapping_ = std::move(*mapping);
    return out;
}

std::optional<wall::Scene> SceneMemory::read() const {
    Header header{};
    std::memcpy(&header, mapping_.data(), sizeof(header));
    if (header.magic != kMagic || header.length > mapping_.size() - sizeof(header))
        return std::nullopt;
    std::string json(reinterpret_cast<const char*>(mapping_.data() + sizeof(header)),
                     header.length);
    if (fnv1a(json) != header.checksum) return std::nullopt;
    auto scene = wall::parse_scene(json);
    if (!scene.ok()) return std::nullopt;
    scene->take = header.take;
    return std::move(*scene);
}

void SceneMemory::write(const wall::Scene& scene) {
    std::string json = wall::to_json(scene);
    if (json.size() > mapping_.size() - sizeof(Header)) {
        base::log_warning("the scene is too large to be remembered");
        return;
    }
    // A death in the middle leaves no magic, or a checksum that does not fit: then nothing is
    // shown.
    Header header{0, static_cast<uint32_t>(json.size()), scene.take, fnv1a(json)};
    std::memcpy(mapping_.data(), &header, sizeof(header));
    std::memcpy(mapping_.data() + sizeof(header), json.data(), json.size());
    std::atomic_thread_fence(std::memory_order_release);
    std::memcpy(mapping_.data(), &kMagic, sizeof(kMagic));
}

}  // namespace bw::compositor
