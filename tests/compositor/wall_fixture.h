// SPDX-License-Identifier: Apache-2.0
// What the compositor's tests share: a baked atlas, a small wall, and a producer that plays panel
// and media processes over a real surface link.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/shm.h"
#include "core/base/unique_fd.h"
#include "core/compositor/stage.h"
#include "core/surface/link.h"
#include "core/text/atlas.h"

namespace bw::compositor::testing {

/// A memfd with an atlas of one pixel per unit; baked once per test program.
inline int atlas_fd() {
    static const int fd = [] {
        auto path = std::filesystem::temp_directory_path() /
                    ("beaconwall-test-atlas-" + std::to_string(::getpid()));
        base::Status baked = text::bake(path, 1.0);
        if (!baked.ok()) {
            ADD_FAILURE() << baked.error().text;
            return -1;
        }
        auto size = std::filesystem::file_size(path);
        auto memory = base::make_sealed_memfd("atlas", size);
        auto mapping = base::Mapping::map(memory->get(), size, base::Access::read_write);
        base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        ssize_t got = ::read(file.get(), mapping->data(), size);
        EXPECT_EQ(static_cast<uint64_t>(got), size);
        std::filesystem::remove(path);
        return memory->release();
    }();
    return fd;
}

inline config::Wall small_wall() {
    config::Wall wall;
    wall.language = "en";
    wall.viewing_distance_mm = 3438;  // one unit is one millimetre, hence one pixel
    wall.displays = {{"left", 0, 0, 640, 480, 640, 480}, {"right", 640, 0, 640, 480, 640, 480}};
    return wall;
}

inline wall::ScenePane panel_pane(const std::string& id, wall::RectMm rect) {
    wall::ScenePane pane;
    pane.id = id;
    pane.kind = wall::Shows::panel;
    pane.plugin = "test";
    pane.panel = "board";
    pane.rect = rect;
    return pane;
}

inline wall::ScenePane source_pane(const std::string& id, wall::RectMm rect) {
    wall::ScenePane pane;
    pane.id = id;
    pane.kind = wall::Shows::source;
    pane.source = "camera/" + id;
    pane.rect = rect;
    return pane;
}

inline wall::Scene scene_of(std::vector<wall::ScenePane> panes, const std::string& hash) {
    wall::Scene scene;
    scene.hash = hash;
    scene.layout = hash;
    scene.panes = std::move(panes);
    return scene;
}

/// Plays one producer process.
class FakeProducer {
  public:
    struct Surface {
        surface::Configure configure{};
        std::string json;
        std::unique_ptr<surface::Producer::Writer> writer;
        int taken = 0;
        int64_t demand = 0;
    };

    explicit FakeProducer(std::unique_ptr<surface::Producer> producer)
        : producer_(std::move(producer)) {}

    static constexpr uint64_t kHeapBytes = 64 << 20;
    /// Makes a link and gives its consuming end to `feeds`.
    static std::unique_ptr<FakeProducer> join(Feeds& feeds, const std::string& name,
                                              uint64_t incarnation = 1) {
        auto fds = surface::make_link((64 << 20) + kHeapBytes);
        EXPECT_TRUE(fds.ok());
        base::UniqueFd arena(::dup(fds->arena.get())), page(::dup(fds->page.get()));
        auto producer = surface::Producer::open(std::move(fds->producer_socket),
                                                std::move(fds->arena), std::move(fds->page));
        EXPECT_TRUE(producer.ok());
        auto consumer = surface::Consumer::open(std::move(fds->consumer_socket), std::move(arena),
                                                std::move(page), kHeapBytes);
        EXPECT_TRUE(consumer.ok());
        auto link = std::make_shared<Link>();
        link->name = name;
        link->incarnation = incarnation;
        link->consumer = std::move(*consumer);
        feeds.add_link(link);
        return std::make_unique<FakeProducer>(std::move(*producer));
    }

    /// Works through what the consumer sent.
    void read() {
        while (true) {
            auto message = producer_->receive();
            if (!message.ok()) return;
            Surface& s = surfaces[message->header.surface];
            switch (message->header.kind) {
                case surface::Kind::configure: {
                    std::memcpy(&s.configure, message->body.data(), sizeof(s.configure));
                    s.json.assign(
                        reinterpret_cast<const char*>(message->body.data()) + sizeof(s.configure),
                        message->body.size() - sizeof(s.configure));
                    auto writer = surface::Producer::Writer::make(
                        *producer_, message->header.surface, s.configure);
                    ASSERT_TRUE(writer.ok());
                    s.writer = std::make_unique<surface::Producer::Writer>(std::move(*writer));
                    break;
                }
                case surface::Kind::release:
                    surfaces.erase(message->header.surface);
                    break;
                case surface::Kind::taken:
                    ++s.taken;
                    break;
                case surface::Kind::demand:
                    s.demand = message->header.value;
                    break;
                default:
                    break;
            }
        }
    }
    /// The consumer has let go of the link.
    [[nodiscard]] bool closed() {
        auto message = producer_->receive();
        while (message.ok()) message = producer_->receive();
        return message.error().code == "closed";
    }
    [[nodiscard]] Surface* surface_with(const std::string& text) {
        for (auto& [number, s] : surfaces) {
            if (s.json.find(text) != std::string::npos) return &s;
        }
        return nullptr;
    }
    void refuse(const std::string& text, surface::Reason reason, const std::string& why) {
        for (auto& [number, s] : surfaces) {
            if (s.json.find(text) == std::string::npos) continue;
            ASSERT_TRUE(
                producer_->send(surface::Kind::refuse, number, static_cast<int64_t>(reason), why)
                    .ok());
        }
    }
    /// A picture of one colour (0xAABBGGRR), vouched for now.
    static void fill(Surface& s, uint32_t rgba, int width, int height) {
        std::vector<uint32_t> pixels(static_cast<size_t>(width) * static_cast<size_t>(height),
                                     rgba);
        std::memcpy(s.writer->payload(), pixels.data(), pixels.size() * 4);
        surface::SlotHeader header{};
        header.kind = surface::SlotKind::rgba;
        header.width = static_cast<uint32_t>(width);
        header.height = static_cast<uint32_t>(height);
        header.stride = header.width * 4;
        header.bytes = pixels.size() * 4;
        s.writer->publish(header);
        vouch(s);
    }
    static void fill(Surface& s, uint32_t rgba) {
        fill(s, rgba, static_cast<int>(s.configure.width), static_cast<int>(s.configure.height));
    }
    static void draw(Surface& s, const surface::DrawList& list) {
        ASSERT_TRUE(surface::publish_draw_list(*s.writer, list, base::mono_ns()).ok());
        vouch(s);
    }
    static void vouch(Surface& s) { s.writer->block().as_of_ns.store(base::mono_ns()); }

    std::map<uint32_t, Surface> surfaces;

  private:
    std::unique_ptr<surface::Producer> producer_;
};

/// A rectangle of one colour in a draw list (u, v: a white texel).
inline void add_rect(surface::DrawList& list, const text::Atlas& atlas, float x, float y, float w,
                     float h, uint32_t rgba) {
    auto first = static_cast<uint32_t>(list.vertices.size());
    auto index = static_cast<uint32_t>(list.indices.size());
    float u = atlas.white_u(), v = atlas.white_v();
    list.vertices.insert(list.vertices.end(), {{x, y, u, v, rgba},
                                               {x + w, y, u, v, rgba},
                                               {x + w, y + h, u, v, rgba},
                                               {x, y + h, u, v, rgba}});
    for (uint32_t i : {0u, 1u, 2u, 0u, 2u, 3u}) list.indices.push_back(first + i);
    list.commands.push_back({0, 0, 4096, 4096, 0, index, 6, -1});
}

inline void add_video(surface::DrawList& list, const std::string& source, wall::RectPx rect,
                      uint32_t flags = 0) {
    surface::VideoCommand video{rect.x, rect.y, rect.width, rect.height, surface::Fit::contain,
                                flags,  {}};
    source.copy(video.source, sizeof(video.source) - 1);
    list.commands.push_back({0, 0, 4096, 4096, 0, static_cast<uint32_t>(list.indices.size()), 0,
                             static_cast<int32_t>(list.videos.size())});
    list.videos.push_back(video);
}

}  // namespace bw::compositor::testing
