// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/mirror.h"

#include <algorithm>
#include <cstring>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::compositor {

namespace {

constexpr int64_t kBetweenCopiesNs = 250 * base::kMillisecond;
constexpr int64_t kLookAgainNs = 4 * base::kMillisecond;

}  // namespace

void Mirror::attach(std::unique_ptr<surface::Producer> producer) {
    detach();
    producer_ = std::move(producer);
}

void Mirror::detach() {
    writer_.reset();
    producer_.reset();
    wanted_until_ns_ = 0;
    if (fence_ != nullptr) glDeleteSync(fence_);
    fence_ = nullptr;
}

void Mirror::receive() {
    while (producer_) {
        auto message = producer_->receive();
        if (!message.ok()) {
            if (message.error().code != "empty") detach();
            return;
        }
        switch (message->header.kind) {
            case surface::Kind::configure:
                configure(*message);
                break;
            case surface::Kind::release:
                if (message->header.surface == surface_) writer_.reset();
                break;
            case surface::Kind::want:
                wanted_until_ns_ = message->header.value;
                break;
            default:
                break;
        }
    }
}

// The size that the console asked for stays; the displays lie in it as they can.
void Mirror::set_wall() {
    if (!writer_) return;
    view_ = wall_view(wall_, {canvas_.width, canvas_.height});
    changed_ = true;
}

void Mirror::configure(const surface::Received& message) {
    surface::Configure wish{};
    if (message.body.size() < sizeof(wish)) return;
    std::memcpy(&wish, message.body.data(), sizeof(wish));
    writer_.reset();
    if (!draws_) return;
    if (wish.kind != surface::SlotKind::rgba || wish.width == 0 || wish.height == 0 ||
        wish.width > 16384 || wish.height > 16384)
        return;
    auto writer = surface::Producer::Writer::make(*producer_, message.header.surface, wish);
    if (!writer.ok()) {
        base::log_warning("mirror: {}", writer.error().text);
        return;
    }
    view_ = wall_view(wall_, {static_cast<int>(wish.width), static_cast<int>(wish.height)});
    const auto bytes =
        static_cast<uint64_t>(view_.size.width) * static_cast<uint64_t>(view_.size.height) * 4;
    if (bytes > writer->payload_capacity()) return;
    surface_ = message.header.surface;
    writer_ = *writer;
    canvas_ = make_gl_canvas(view_.size.width, view_.size.height);
    pixels_ = make_buffer();
    glBindBuffer(GL_PIXEL_PACK_BUFFER, pixels_.get());
    glBufferData(GL_PIXEL_PACK_BUFFER, static_cast<GLsizeiptr>(bytes), nullptr, GL_STREAM_READ);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
    changed_ = true;
}

void Mirror::start_copy(int64_t now_ns, Painter& painter, const std::vector<Canvas>& displays) {
    painter.clear(canvas_);
    for (size_t i = 0; i < displays.size(); ++i)
        painter.copy(displays[i], canvas_, view_.places[i]);
    glBindFramebuffer(GL_FRAMEBUFFER, canvas_.framebuffer.get());
    glBindBuffer(GL_PIXEL_PACK_BUFFER, pixels_.get());
    glPixelStorei(GL_PACK_ALIGNMENT, 4);
    glReadPixels(0, 0, canvas_.width, canvas_.height, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
    fence_ = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
    glFlush();
    last_copy_ns_ = copied_at_ns_ = now_ns;
    changed_ = false;
}

// True when the copy is handed over (or lost); false: the GPU is still at it.
bool Mirror::finish_copy() {
    if (glClientWaitSync(fence_, 0, 0) == GL_TIMEOUT_EXPIRED) return false;
    glDeleteSync(fence_);
    fence_ = nullptr;
    const auto bytes = static_cast<size_t>(canvas_.width) * static_cast<size_t>(canvas_.height) * 4;
    glBindBuffer(GL_PIXEL_PACK_BUFFER, pixels_.get());
    const void* from =
        glMapBufferRange(GL_PIXEL_PACK_BUFFER, 0, static_cast<GLsizeiptr>(bytes), GL_MAP_READ_BIT);
    if (from != nullptr) {
        std::memcpy(writer_->payload(), from, bytes);
        glUnmapBuffer(GL_PIXEL_PACK_BUFFER);
        surface::SlotHeader header{};
        header.kind = surface::SlotKind::rgba;
        header.width = static_cast<uint32_t>(canvas_.width);
        header.height = static_cast<uint32_t>(canvas_.height);
        header.stride = header.width * 4;
        header.bytes = bytes;
        header.captured_ns = copied_at_ns_;
        writer_->publish(header);
        (void)producer_->send(surface::Kind::commit, surface_);
    }
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
    return true;
}

int64_t Mirror::turn(int64_t now_ns, Painter& painter, const std::vector<Canvas>& displays) {
    if (!producer_ || !writer_) {
        if (fence_ != nullptr) glDeleteSync(fence_);
        fence_ = nullptr;
        return 0;
    }
    if (fence_ != nullptr && !finish_copy()) return now_ns + kLookAgainNs;
    if (now_ns >= wanted_until_ns_) return 0;
    writer_->block().as_of_ns.store(now_ns, std::memory_order_release);
    if (!changed_) return now_ns + kBetweenCopiesNs;
    if (now_ns < last_copy_ns_ + kBetweenCopiesNs) return last_copy_ns_ + kBetweenCopiesNs;
    start_copy(now_ns, painter, displays);
    return now_ns + kLookAgainNs;
}

}  // namespace bw::compositor
