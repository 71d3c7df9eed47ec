// SPDX-License-Identifier: Apache-2.0
// From what a source sends to its pictures: the ring of compressed units, and the decoder that
// reads it while somebody looks. One per opening of a source. Units come in on a streaming thread,
// are decoded on the pool's threads, and the main thread says whether pictures are wanted.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "core/media/decode_pool.h"
#include "core/media/decoder.h"
#include "core/media/decoders.h"
#include "core/media/inspector.h"
#include "core/media/outlet.h"
#include "core/media/ring.h"
#include "core/surface/layout.h"

namespace bw::media {

struct Trouble {
    surface::Reason reason;
    std::string text;        // for the log; never holds credentials
    bool elsewhere = false;  // another kind of intake may do better
};

struct Workshop;

class Flow : public DecodePool::Task, public std::enable_shared_from_this<Flow> {
  public:
    Flow(uint64_t epoch, std::shared_ptr<Outlet> outlet, std::shared_ptr<Wake> wake,
         std::shared_ptr<Workshop> workshop, const Watchfulness& watchfulness = {});

    /// [main, before anything comes] Called for each unit, on the thread that puts it.
    void watch_units(std::function<void(const Unit&)> watcher) { watcher_ = std::move(watcher); }
    /// [main] Whether somebody looks: decode, beginning at the last key frame; or only receive.
    void want(bool pictures);
    /// [any]
    [[nodiscard]] bool wanted() const { return wanted_.load(); }
    /// [main] Nothing of it counts any more.
    void end();
    /// [main] The first thing that went wrong in decoding, once.
    [[nodiscard]] std::optional<Trouble> trouble();
    /// [main] "avdec_h264"; empty while nothing was decoded.
    [[nodiscard]] std::string decoder() const;
    /// [main] The source's clock says when its pictures were filmed, and can be believed.
    [[nodiscard]] bool knows_clock() const;
    /// [main] What its pictures say of the camera.
    [[nodiscard]] const Inspector& inspector() const { return inspector_; }
    /// [main] When the newest unit or raw picture came; 0: none yet.
    [[nodiscard]] int64_t newest_ns() const { return newest_ns_.load(std::memory_order_relaxed); }

    /// [main] What the source sent waits here for a thread that decodes it: pictures that fail to
    /// come are this machine's fault, not the camera's.
    [[nodiscard]] bool behind(int64_t now) const;

    /// [streaming] What the source sent.
    void put(Unit unit);
    /// [streaming] A source that sends pictures as they are.
    void show(HeldPicture picture, int64_t arrived_ns);

    bool work() override;
    void stuck() override;

  private:
    bool decode_next();
    void decode(const Unit& unit);
    bool make_decoder(const Unit& unit);
    void give_up(const std::string& why);
    void on_picture(HeldPicture picture, int64_t arrived_ns);
    void note_filmed(const Unit& unit);
    [[nodiscard]] int64_t as_of(int64_t arrived_ns) const;
    void fail(surface::Reason reason, std::string text);

    const uint64_t epoch_;
    const std::shared_ptr<Outlet> outlet_;
    const std::shared_ptr<Wake> wake_;
    const std::shared_ptr<Workshop> workshop_;
    std::atomic<bool> wanted_{false}, ended_{false};
    std::atomic<int64_t> newest_ns_{0};
    Ring ring_;

    std::function<void(const Unit&)> watcher_;
    Inspector inspector_;  // of whoever hands pictures on

    // The worker's: one at a time, handed over by the pool's mutex.
    std::unique_ptr<Decoder> decoder_;
    std::vector<Decoders::Candidate> candidates_;  // the first is decoder_'s
    bool begun_ = false;                           // the ring is being read
    bool more_ = false;                            // units wait behind the one that is decoded
    int barren_ = 0;                               // units fed since the last picture
    int64_t shown_ns_ = 0;                         // when a picture was last handed on

    mutable base::Mutex mutex_;
    std::optional<Trouble> trouble_ BW_GUARDED_BY(mutex_);
    bool failed_ BW_GUARDED_BY(mutex_) = false;
    std::string name_ BW_GUARDED_BY(mutex_);
    int64_t lag_ns_ BW_GUARDED_BY(mutex_) = 0;  // from being filmed to its arrival; 0: not known
};

}  // namespace bw::media
