// SPDX-License-Identifier: Apache-2.0
#include "core/media/flow.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/media/packages.h"
#include "core/media/workshop.h"

namespace bw::media {

using surface::Reason;

namespace {

/// A group of pictures of ten seconds at 4 Mbit/s; of a sub-stream's 300 kbit/s it never comes
/// near.
constexpr size_t kMostBytes = 6U << 20;
/// A turn of a stream on a decoding thread: short against a picture's 40 ms, long against a change
/// of thread.
constexpr int64_t kTurnNs = 15 * base::kMillisecond;
/// A decoder that is behind shows only the newest picture, but not never.
constexpr int64_t kBehindNs = 500 * base::kMillisecond;  // far above a turn of every stream
constexpr int64_t kShowEveryNs = 200 * base::kMillisecond;
/// More than any stream's pictures in flight; who was fed so many and gave none does not work.
constexpr int kMostBarren = 90;

/// What a picture may have been on its way, and how far two clocks may be apart.
constexpr int64_t kMostLagNs = 3 * base::kSecond, kClockSlackNs = 200 * base::kMillisecond;

}  // namespace

Flow::Flow(uint64_t epoch, std::shared_ptr<Outlet> outlet, std::shared_ptr<Wake> wake,
           std::shared_ptr<Workshop> workshop, const Watchfulness& watchfulness)
    : epoch_(epoch),
      outlet_(std::move(outlet)),
      wake_(std::move(wake)),
      workshop_(std::move(workshop)),
      ring_(kMostBytes),
      inspector_(watchfulness) {}

void Flow::want(bool pictures) {
    if (wanted_.exchange(pictures) != pictures) workshop_->pool.schedule(shared_from_this());
}

void Flow::end() {
    ended_.store(true);
    workshop_->pool.schedule(shared_from_this());
}

std::optional<Trouble> Flow::trouble() {
    base::Lock lock(mutex_);
    return std::exchange(trouble_, std::nullopt);
}

std::string Flow::decoder() const {
    base::Lock lock(mutex_);
    return name_;
}

void Flow::put(Unit unit) {
    if (ended_.load()) return;
    newest_ns_.store(unit.arrived_ns, std::memory_order_relaxed);
    note_filmed(unit);
    if (watcher_) watcher_(unit);
    ring_.put(std::move(unit));
    if (wanted_.load()) workshop_->pool.schedule(shared_from_this());
}

void Flow::show(HeldPicture picture, int64_t arrived_ns) {
    newest_ns_.store(arrived_ns, std::memory_order_relaxed);
    inspector_.see(picture.view(), arrived_ns);
    outlet_->deliver(epoch_, std::move(picture), arrived_ns, arrived_ns);
}

/// A camera's clock is believed while it says that its pictures are young: one that is set wrong,
/// or counts from 1970 or from its start, says something else. The lag is smoothed, because a stamp
/// is as coarse as the report that it was reckoned from.
void Flow::note_filmed(const Unit& unit) {
    const int64_t lag = unit.arrived_ns - unit.filmed_ns;
    const bool fits = unit.filmed_ns != 0 && lag >= -kClockSlackNs && lag <= kMostLagNs;
    base::Lock lock(mutex_);
    if (!fits)
        lag_ns_ = 0;
    else
        lag_ns_ = std::max<int64_t>(1, lag_ns_ == 0 ? lag : (7 * lag_ns_ + lag) / 8);
}

int64_t Flow::as_of(int64_t arrived_ns) const {
    base::Lock lock(mutex_);
    return arrived_ns - lag_ns_;
}

bool Flow::knows_clock() const {
    base::Lock lock(mutex_);
    return lag_ns_ != 0;
}

bool Flow::behind(int64_t now) const {
    const int64_t since = ring_.unread_since_ns();
    return wanted_.load() && since != 0 && now - since >= kBehindNs;
}

bool Flow::work() {
    const bool read = wanted_.load() && !ended_.load();
    if (read != begun_) {
        begun_ = read;
        // From the key frame to the newest picture takes a moment: show only where that leads to.
        shown_ns_ = base::mono_ns();
        if (read)
            ring_.rewind();
        else
            ring_.rest();
        decoder_.reset();
    }
    if (!read) return false;
    for (const int64_t until = base::mono_ns() + kTurnNs; base::mono_ns() < until;)
        if (!decode_next()) return false;
    return true;
}

void Flow::stuck() {
    fail(Reason::bad_stream, "its decoder does not come back");
}

bool Flow::decode_next() {
    auto next = ring_.next();
    if (!next) return false;
    more_ = next->more;
    decode(next->unit);
    return true;
}

void Flow::decode(const Unit& unit) {
    // Another kind of stream than before needs another decoder; the same kind in another size does
    // not.
    if (decoder_ && unit.key && media_type(unit.caps) != decoder_->media()) decoder_.reset();
    if (!decoder_ && !(unit.key && make_decoder(unit))) return;
    ++barren_;
    const auto fed = decoder_->feed(unit);
    if (!fed)
        give_up(fed.error().text);
    else if (barren_ > kMostBarren)
        give_up("it gives no pictures");
}

bool Flow::make_decoder(const Unit& unit) {
    candidates_ = workshop_->decoders.of(unit.caps);
    for (auto at = candidates_.begin(); at != candidates_.end(); at = candidates_.erase(at)) {
        auto made = Decoder::make(*at, [this](HeldPicture picture, int64_t arrived_ns) {
            on_picture(std::move(picture), arrived_ns);
        });
        if (made) {
            decoder_ = std::move(*made);
            barren_ = 0;
            base::Lock lock(mutex_);
            name_ = at->name;
            return true;
        }
        base::log_warning("{}: {}", at->name, made.error().text);
        if (at->hardware) workshop_->decoders.give_up(*at);
    }
    const auto package = package_of_decoder(media_type(unit.caps));
    fail(package.reason, fmt::format("no decoder for {} is installed: install {}",
                                     media_type(unit.caps), package.name));
    return false;
}

/// Hardware that failed is replaced by the next best at the next key frame: its picture stays until
/// then. Software that failed is a stream that cannot be decoded.
void Flow::give_up(const std::string& why) {
    const Decoders::Candidate failed = candidates_.empty() ? Decoders::Candidate{} : candidates_[0];
    decoder_.reset();
    if (!failed.hardware) return fail(Reason::bad_stream, failed.name + ": " + why);
    base::log_warning("{}: {}", failed.name, why);
    workshop_->decoders.give_up(failed);
    ring_.rewind();
}

void Flow::on_picture(HeldPicture picture, int64_t arrived_ns) {
    barren_ = 0;
    const int64_t now = base::mono_ns();
    if (more_ && now - shown_ns_ < kShowEveryNs) return;
    shown_ns_ = now;
    inspector_.see(picture.view(), arrived_ns);
    outlet_->deliver(epoch_, std::move(picture), arrived_ns, as_of(arrived_ns));
}

void Flow::fail(Reason reason, std::string text) {
    {
        base::Lock lock(mutex_);
        if (failed_) return;
        failed_ = true;
        trouble_ = Trouble{reason, std::move(text)};
    }
    wake_->ring();
}

}  // namespace bw::media
