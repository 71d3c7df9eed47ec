// SPDX-License-Identifier: Apache-2.0
// The process: the wait, and what the supervisor says. Start, frames and input stand apart.
#include "core/compositor/app.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::compositor {

using control::Kind;

namespace {

constexpr int64_t kOrphanStaysNs = 60 * base::kSecond;
constexpr int64_t kIdleWaitNs = 500 * base::kMillisecond;  // a beat is due
constexpr int64_t kLookForSuccessorNs = 200 * base::kMillisecond;

}  // namespace

App::App(control::Arguments arguments, control::Channel channel)
    : arguments_(std::move(arguments)), control_(std::move(channel)) {}

App::~App() {
    if (backend_) backend_->make_current();
}

int App::run() {
    control::Message ready;
    ready.kind = Kind::ready;
    (void)control_.send(ready);
    while (!stop_) {
        wait();
        int64_t now = base::mono_ns();
        guard_.turn(now, wanted_wake_ns_);
        if (waits_.came(control_.fd())) read_control();
        if (orphaned_ns_ == 0) beat_.tick(control_);
        hub_->pump();
        context_.feeds.each_link([this](Link& link) {
            if (!waits_.came(link.consumer->fd())) return;
            judge_now_ = context_.feeds.receive(link) || judge_now_;
        });
        context_.feeds.drop_left();
        if (waits_.came(mirror_->fd())) mirror_->receive();
        if (waits_.came(png_.fd())) png_.deliver();
        if (waits_.came(site_reader_->fd())) read_changed_site();
        read_input();
        now = base::mono_ns();
        if (frame_wanted(now)) frame(now);
        draw_ahead();
        mirror_at_ns_ = mirror_->turn(base::mono_ns(), *painter_, screens_->canvases());
        tell_of_cuts();
        watch_successor(now);
        wanted_wake_ns_ = wake_at(base::mono_ns());
    }
    return 0;
}

int App::fail(const std::string& why) {
    base::log_error("{}", why);
    control::Message message;
    message.kind = Kind::failed;
    message.set_text(why);
    (void)control_.send(message);
    return 1;
}

int64_t App::wake_at(int64_t now_ns) {
    int64_t at = now_ns + kIdleWaitNs;
    auto sooner = [&at](int64_t other) {
        if (other != 0) at = std::min(at, other);
    };
    sooner(hub_->next_wake_ns());
    sooner(judge_at_ns_);
    sooner(mirror_at_ns_);
    sooner(director_.due_ns());
    if (coming_wall_) sooner(coming_by_ns_);
    if (orphaned_ns_ != 0) sooner(looked_for_successor_ns_ + kLookForSuccessorNs);
    sooner(pacer_.wake_ns());
    if (resting(now_ns)) sooner(pacer_.rests_until_ns());
    if (pacer_.wake_ns() == 0 && orphaned_ns_ == 0)  // what the last frame had no room for
        context_.feeds.each([&](const Feed& feed) {
            if (feed.fresh()) sooner(std::max(pacer_.rests_until_ns(), feed.rests_until_ns()));
        });
    if (screens_->in_transition()) sooner(std::max<int64_t>(pacer_.rests_until_ns(), 1));
    if (int64_t every = backend_->poll_every_ns()) sooner(now_ns + every);
    if (screens_->ahead().wants())
        sooner(ahead_fits(now_ns) ? now_ns : std::max(pacer_.rests_until_ns(), now_ns));
    return std::max(at, now_ns);  // what was due before is no time that was slept through
}

// Between two refreshes producers are not listened to: what they have said by then is drawn with
// the next one, and a wall of cameras would wake this process for each of their pictures. But where
// nothing had come by the end of the last rest, waking up for that end would be in vain.
bool App::resting(int64_t now_ns) const {
    return now_ns < pacer_.rests_until_ns() && (busy_ || pacer_.wake_ns() != 0);
}

void App::wait() {
    waits_.clear();
    if (orphaned_ns_ == 0) waits_.add(control_.fd());
    waits_.add(hub_->fd());
    waits_.add(png_.fd());
    waits_.add(site_reader_->fd());
    waits_.add(mirror_->fd());
    const bool resting = this->resting(base::mono_ns());
    context_.feeds.each_link([&](Link& link) {
        if (!resting && !link.cut_off && link.gone_since_ns == 0) waits_.add(link.consumer->fd());
    });
    waits_.sleep(wanted_wake_ns_);
}

void App::read_control() {
    while (orphaned_ns_ == 0) {
        auto received = control_.receive();
        if (received.ok()) {
            obey(*received);
        } else if (received.error().code == "empty") {
            return;
        } else {
            orphaned();
        }
    }
}

void App::obey(control::Received& received) {
    const control::Message& message = received.message;
    std::string name(message.name_view());
    switch (message.kind) {
        case Kind::link:
            add_link(received);
            break;
        case Kind::unlink:
            if (name == "console")
                mirror_->detach();
            else
                context_.feeds.drop_link(
                    name, base::mono_ns(),
                    message.value[0] == static_cast<int64_t>(control::RoleState::quarantined));
            break;
        case Kind::stop:
            stop_ = true;
            break;
        default:
            break;
    }
    judge_now_ = true;
}

/// Who breaks the protocol is the supervisor's to end and to replace.
void App::tell_of_cuts() {
    context_.feeds.each_link([this](Link& link) {
        if (!link.cut_off || link.told || orphaned_ns_ != 0) return;
        link.told = true;
        judge_now_ = true;
        control::Message message;
        message.kind = Kind::cut_off;
        message.set_name(link.name);
        message.set_text(link.cut_off_for);
        message.incarnation = link.incarnation;
        (void)control_.send(message);
    });
}

void App::add_link(control::Received& received) {
    const control::Message& message = received.message;
    if (received.fds.size() != 3) return base::log_warning("a link without its descriptors");
    auto& fds = received.fds;
    if (message.value[0] == static_cast<int64_t>(control::Direction::produce)) {
        auto producer =
            surface::Producer::open(std::move(fds[0]), std::move(fds[1]), std::move(fds[2]));
        if (!producer.ok()) return base::log_warning("mirror: {}", producer.error().text);
        return mirror_->attach(std::move(*producer));
    }
    const bool draws = message.name_view().starts_with("panel:");
    auto consumer = surface::Consumer::open(std::move(fds[0]), std::move(fds[1]), std::move(fds[2]),
                                            draws ? surface::kTextureHeapBytes : 0);
    if (!consumer.ok()) return base::log_warning("a link: {}", consumer.error().text);
    auto link = std::make_shared<Link>();
    link->name = std::string(message.name_view());
    link->incarnation = message.incarnation;
    link->consumer = std::move(*consumer);
    context_.feeds.add_link(std::move(link));
}

// The supervisor is gone and its children end with it. The last pictures stay, marked, until a new
// wall has drawn its own.
void App::orphaned() {
    base::log_warning("the supervisor is gone: keeping the last pictures, marked");
    orphaned_ns_ = base::mono_ns();
    judge_now_ = true;
    context_.feeds.drop_all(orphaned_ns_);
}

void App::watch_successor(int64_t now_ns) {
    if (orphaned_ns_ == 0 || now_ns - looked_for_successor_ns_ < kLookForSuccessorNs) return;
    looked_for_successor_ns_ = now_ns;
    std::ifstream file(arguments_.run_dir / "compositor.drawn");
    int pid = 0;
    bool other = static_cast<bool>(file >> pid) && pid != ::getpid();
    if (other || now_ns - orphaned_ns_ > kOrphanStaysNs) stop_ = true;
}

}  // namespace bw::compositor
