// SPDX-License-Identifier: Apache-2.0
#include "core/console/mirror.h"

#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/console/jpeg.h"

namespace bw::console {
namespace {

constexpr int kQuality = 80;
constexpr uint32_t kWidth = 1280, kHeight = 720;  // the wall is fitted into this
constexpr unsigned kTickMs = 50;                  // only while somebody waits
constexpr const char* kNoPicture = "The compositor gave no picture within a second.";

Shot nothing(std::string text) {
    return {nullptr, {}, "no_picture", std::move(text)};
}
Shot no_compositor() {
    return {nullptr,
            {},
            "no_compositor",
            "The compositor is not there; the supervisor starts it anew."};
}

}  // namespace

base::Status Mirror::adopt(base::UniqueFd socket, base::UniqueFd arena, base::UniqueFd page) {
    lose();
    auto consumer = surface::Consumer::open(std::move(socket), std::move(arena), std::move(page));
    if (!consumer) return consumer.error();
    auto surface = (*consumer)->configure(
        {kWidth, kHeight, 1.0F, surface::SlotKind::rgba, 0, R"({"mirror":true})"});
    if (!surface) return surface.error();
    consumer_ = std::move(*consumer);
    surface_ = *surface;
    ++link_number_;
    socket_ = GlibSource::readable(consumer_->fd(), [this] { read_socket(); });
    return {};
}

void Mirror::lose() {
    socket_.reset();
    newest_ = {};
    look_began_ns_ = looked_ns_ = 0;
    jpeg_.reset();
    jpeg_number_ = 0;
    consumer_.reset();
    answer_all(no_compositor());
}

void Mirror::picture(Done done) {
    if (!linked()) return done(no_compositor());
    // A full socket is no fault: the compositor has earlier wishes of ours to read.
    const int64_t now = base::mono_ns();
    if (now > looked_ns_ + kLookNs) look_began_ns_ = now;
    looked_ns_ = now;
    (void)consumer_->send(surface::Kind::want, surface_, now + kLookNs);
    take();
    if (!linked()) return done(no_compositor());
    if (current()) return done(shot());
    waiters_.push_back({now + kPictureWaitNs, std::move(done)});
    if (!ticker_.active()) ticker_ = GlibSource::every(kTickMs, [this] { tick(); });
}

void Mirror::read_socket() {
    while (linked()) {
        auto message = consumer_->receive();
        if (message) continue;  // a commit is a hint, the word is the truth
        if (message.error().code == "empty") break;
        if (message.error().code == "invalid") base::log_error("mirror: {}", message.error().text);
        return lose();
    }
    if (waiters_.empty()) return;  // nobody looks: the picture may wait in its slot
    take();
    if (linked() && current()) answer_all(shot());
}

void Mirror::take() {
    auto taken = consumer_->take(surface_);
    if (!taken) {
        base::log_error("mirror: {}", taken.error().text);
        return lose();
    }
    if (!*taken) return;
    newest_ = **taken;
    (void)consumer_->send(surface::Kind::taken, surface_);
}

void Mirror::tick() {
    if (linked()) take();
    if (linked() && current()) answer_all(shot());
    const int64_t now = base::mono_ns();
    std::vector<Waiter> late;
    auto first_late = std::partition(waiters_.begin(), waiters_.end(),
                                     [now](const Waiter& w) { return w.until_ns > now; });
    std::move(first_late, waiters_.end(), std::back_inserter(late));
    waiters_.erase(first_late, waiters_.end());
    starving_ = starving_ || !late.empty();
    for (const Waiter& waiter : late) waiter.done(nothing(kNoPicture));
    if (waiters_.empty()) ticker_.reset();
}

// On a still wall the compositor sends no new picture but goes on vouching for the last one.
bool Mirror::current() const {
    if (newest_.payload == nullptr) return false;
    const int64_t now = base::mono_ns();
    if (newest_.header.captured_ns >= now - kPictureAgeNs) return true;
    const int64_t vouched = consumer_->block(surface_).as_of_ns.load(std::memory_order_acquire);
    return vouched >= now - kPictureAgeNs && now >= look_began_ns_ + kStillNs;
}

Shot Mirror::shot() {
    const surface::SlotHeader& header = newest_.header;
    if (header.kind != surface::SlotKind::rgba) {
        return nothing("The compositor sent a picture of the wrong kind.");
    }
    if (!jpeg_ || jpeg_number_ != header.number) {
        auto jpeg = encode_jpeg({newest_.payload, header.bytes}, header.width, header.height,
                                header.stride, kQuality);
        if (!jpeg) return nothing(jpeg.error().text);
        jpeg_ = std::make_shared<const std::vector<std::byte>>(std::move(*jpeg));
        jpeg_number_ = header.number;
    }
    starving_ = false;
    return {jpeg_, fmt::format("\"{}-{}\"", link_number_, jpeg_number_), {}, {}};
}

void Mirror::answer_all(const Shot& shot) {
    ticker_.reset();
    for (const Waiter& waiter : std::exchange(waiters_, {})) waiter.done(shot);
}

}  // namespace bw::console
