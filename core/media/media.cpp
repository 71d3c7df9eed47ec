// SPDX-License-Identifier: Apache-2.0
#include "core/media/media.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <thread>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/surface/spread.h"

namespace bw::media {

using base::mono_ns;

namespace {

// A hint that pictures wait is bundled with those of the next moment: a compositor at work looks
// once a refresh anyway, and one that is idle gets the first hint at once.
constexpr int64_t kBetweenCommitsNs = 8 * base::kMillisecond;
// A take may want seventy streams opened and their pictures scaled: that is done over as many turns
// as it needs, so that the beat to the supervisor and the links never wait for it. One opening and
// one picture a turn go on at any rate.
constexpr int64_t kWorkOfATurnNs = 10 * base::kMillisecond;

/// The processes share the cores.
unsigned threads_of(uint32_t processes) {
    return (std::thread::hardware_concurrency() + processes - 1) / processes;
}

}  // namespace

Media::Media(control::Arguments arguments, control::Channel control, const control::Message& start)
    : arguments_(std::move(arguments)),
      control_(std::move(control)),
      name_(start.name_view()),
      index_(static_cast<uint32_t>(start.value[0])),
      count_(static_cast<uint32_t>(std::max<int64_t>(1, start.value[1]))),
      workshop_(std::make_shared<Workshop>(threads_of(count_))),
      secrets_(arguments_.site) {
    // Only the language is wanted; what is wrong with a site is told by `beaconwall check`.
    language_ = config::load_site(arguments_.site, {}).value.wall.language;
}

int Media::run() {
    if (auto opened = open_client(); !opened) {
        control::Message failed;
        failed.kind = control::Kind::failed;
        failed.set_text(opened.error().text);
        (void)control_.send(failed);
        base::log_error("{}", opened.error().text);
        return 1;
    }
    control::Message ready;
    ready.kind = control::Kind::ready;
    (void)control_.send(ready);
    while (read_control()) {
        read_link();
        if (client_) client_->pump();
        turn(mono_ns());
        if (exit_code_ != 0 || (!client_ && !link_)) break;
        wait(mono_ns());
    }
    end_feeds();
    return exit_code_;
}

void Media::turn(int64_t now) {
    beat_.tick(control_);
    wake_->drain();
    const bool beat = now - block_beat_ns_ >= 500 * base::kMillisecond;
    if (beat) block_beat_ns_ = now;
    work_left_ = false;
    bool may_open = true;
    // Heartbeats come after what a subscription brings.
    all_told_ = all_told_ || (client_ && client_->up() && client_->as_of_ns() > linked_as_of_ns_);
    for (auto& [id, one] : feeds_) {
        if (all_told_) one->set_all_told();
        if (one->advance(now, may_open, secrets_, reaper_)) publish_state(*one);
        if (one->opened()) may_open = mono_ns() - now < kWorkOfATurnNs;
        if (beat) one->outlet().beat(now);
    }
    fill(now + kWorkOfATurnNs);
    std::erase_if(feeds_, [](const auto& entry) { return entry.second->disposable(); });
    send_commits();
    if (!workshop_->pool.tick(now)) {
        base::log_error("too many decoders do not come back; this process ends to give them back");
        exit_code_ = 1;
    }
    if (!reaper_.tick(now)) {
        base::log_error("too many streams do not close; this process ends to give them back");
        exit_code_ = 1;
    }
}

/// New surfaces of a source that has a picture: at least one of them, then until that moment.
void Media::fill(int64_t until) {
    for (auto& [id, one] : feeds_) {
        while (one->outlet().fill_one()) {
            if (mono_ns() < until) continue;
            work_left_ = true;
            return;
        }
    }
}

void Media::wait(int64_t now) {
    if (work_left_) return;
    int64_t wake = now + (feeds_.empty() ? 950 : 250) * base::kMillisecond;  // beats
    const auto earlier = [&](int64_t at) {
        if (at > 0) wake = std::min(wake, at);
    };
    if (client_) earlier(client_->next_wake_ns());
    for (const auto& [id, one] : feeds_) earlier(one->next_wake_ns(now));
    const bool resting = now < rests_until_ns_;
    if (resting) earlier(rests_until_ns_);
    std::array<pollfd, 4> fds{{{control_.fd(), POLLIN, 0},
                               {client_ ? client_->fd() : -1, POLLIN, 0},
                               {resting ? -1 : wake_->fd(), POLLIN, 0},
                               {link_ ? link_->fd() : -1, POLLIN, 0}}};
    const int64_t left = std::max<int64_t>(0, wake - now);
    (void)poll(fds.data(), fds.size(),
               static_cast<int>((left + base::kMillisecond - 1) / base::kMillisecond));
}

bool Media::read_control() {
    for (;;) {
        auto received = control_.receive();
        if (!received) return received.error().code == "empty";
        if (received->message.kind == control::Kind::stop) return false;
        if (received->message.kind == control::Kind::retire) retire();
        if (received->message.kind == control::Kind::link)
            set_link(std::move(*received));
        else if (received->message.kind == control::Kind::unlink)
            drop_link();
    }
}

/// From now on a successor has our name with the hub. What is shown is played on as it is; the
/// compositor closes the link when it needs none of it any more, and this process ends.
void Media::retire() {
    base::log_info("a successor comes: playing on until it has taken over");
    client_.reset();
}

bool Media::mine(std::string_view source) const {
    return surface::media_of(source, count_) == index_;
}

void Media::set_link(control::Received link) {
    drop_link();
    if (link.fds.size() != 3) return;
    auto opened = surface::Producer::open(std::move(link.fds[0]), std::move(link.fds[1]),
                                          std::move(link.fds[2]));
    if (!opened) return base::log_warning("surface link: {}", opened.error().text);
    link_ = std::move(*opened);
}

void Media::drop_link() {
    if (!link_) return;
    // Streams go on for their grace, so that a compositor that comes back finds them playing.
    for (auto& [id, one] : feeds_) one->outlet().clear();
    demand_.clear();
    deferred_.clear();
    for (auto& [id, one] : feeds_) apply_demand(id);
    link_.reset();  // a picture that is just being scaled holds it for that long
}

/// What streaming threads have let go of since it was released: now the compositor may use it
/// again.
void Media::confirm_left() {
    left_.clear();
    for (auto& [id, one] : feeds_) one->outlet().take_left(link_, left_);
    for (const uint32_t surface : left_)
        if (link_ && deferred_.erase(surface) != 0) link_->confirm(surface);
}

void Media::read_link() {
    confirm_left();
    while (link_) {
        auto received = link_->receive();
        if (!received) {
            if (received.error().code == "empty") return;
            if (received.error().code == "invalid")
                base::log_warning("surface link: {}", received.error().text);
            return drop_link();
        }
        const auto& header = received->header;
        if (header.kind == surface::Kind::configure) on_configure(header.surface, received->body);
        if (header.kind == surface::Kind::release) on_release(header.surface);
        if (header.kind == surface::Kind::demand) on_demand(header.surface, header.value == 1);
    }
}

void Media::send_commits() {
    if (!link_) return;
    commits_.clear();
    for (auto& [id, one] : feeds_) one->outlet().take_commits(commits_);
    // A hint that does not fit is no loss: the word in the block is the truth.
    for (const uint32_t surface : commits_) (void)link_->send(surface::Kind::commit, surface);
    if (!commits_.empty()) rests_until_ns_ = mono_ns() + kBetweenCommitsNs;
}

Feed& Media::feed(const std::string& source) {
    auto& one = feeds_[source];
    if (!one) one = std::make_unique<Feed>(source, Timing{}, wake_, workshop_, receiver_);
    return *one;
}

void Media::end_feeds() {
    const int64_t now = mono_ns();
    for (auto& [id, one] : feeds_) {
        one->outlet().clear();
        one->close(now, reaper_);
    }
    const int64_t deadline = now + 700 * base::kMillisecond;
    while (!reaper_.idle() && mono_ns() < deadline) {
        reaper_.tick(mono_ns());
        if (!reaper_.idle()) (void)poll(nullptr, 0, 5);
    }
    reaper_.abandon();
    workshop_->pool.close(mono_ns() + 100 * base::kMillisecond);
}

}  // namespace bw::media
