// SPDX-License-Identifier: Apache-2.0
// The process: start, the wait, what the supervisor says. Frames are in app_frame.cpp.
#include "core/compositor/app.h"

#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/compositor/words.h"

namespace bw::compositor {

using control::Kind;

namespace {

constexpr int64_t kOrphanStaysNs = 60 * base::kSecond;
constexpr int64_t kIdleWaitNs = 250 * base::kMillisecond;

bool display_there() {
    return std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
}

}  // namespace

App::App(control::Arguments arguments, control::Channel channel)
    : arguments_(std::move(arguments)), control_(std::move(channel)) {}

App::~App() {
    if (backend_) backend_->make_current();
}

base::Status App::open(control::Received start) {
    started_ns_ = wanted_wake_ns_ = base::mono_ns();
    if (start.fds.size() != 2)
        return base::Error{"invalid", "start brings no glyph atlas and scene memory"};
    auto atlas = text::Atlas::map(start.fds[0].get());
    if (!atlas.ok()) return atlas.error();
    atlas_ = std::move(*atlas);
    auto memory = SceneMemory::map(start.fds[1].get());
    if (!memory.ok()) return memory.error();
    memory_ = std::move(*memory);
    if (base::Status done = read_site(); !done.ok()) return done;
    try_real_time();
    if (base::Status done = open_screens(); !done.ok()) return done;
    if (std::optional<wall::Scene> scene = memory_->read()) director_.start_from(*scene);
    if (base::Status done = open_hub(); !done.ok()) return done;
    if (director_.on_air() != nullptr) hub_->say_on_air(director_.on_air()->scene());
    return {};
}

base::Status App::read_site() {
    auto plugins = config::find_plugins(base::plugin_folders());
    auto site = config::load_site(arguments_.site, plugins.value);
    // The command refused a faulty site; what became faulty since is told, not fatal.
    for (const config::Fault& fault : site.faults)
        base::log_warning("{}", config::to_string(fault));
    if (site.value.wall.displays.empty())
        return base::Error{"invalid", "the site names no display"};
    context_.wall = std::move(site.value.wall);
    set_hall_clock(context_.wall.utc_offset_minutes);
    context_.atlas = atlas_.get();
    period_ns_ = static_cast<int64_t>(1e9 / std::clamp(context_.wall.refresh_hz, 1.0, 500.0));
    for (const config::Layout& layout : site.value.layouts) {
        if (!layout.key.empty()) hot_keys_[layout.key] = layout.name;
    }
    return {};
}

// Before the GL context exists, so that a software renderer's threads have it too. Real time only
// where the site's keeper asks for it; a little precedence over decoding and the rest always.
void App::try_real_time() {
    if (std::getenv("BEACONWALL_REALTIME") != nullptr) {
        sched_param wish{};
        wish.sched_priority = 1;
        if (::sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &wish) == 0) return;
        limits_.push_back(
            {"real-time scheduling", "missing", "other programs on this machine can delay frames"});
    }
    constexpr int kPrecedence = -10;
    if (::setpriority(PRIO_PROCESS, 0, kPrecedence) != 0)
        limits_.push_back(
            {"raised priority", "missing", "on a busy machine frames and takes come later"});
}

base::Status App::open_screens() {
    base::Result<std::unique_ptr<Backend>> backend = base::Error{"system", "headless"};
    if (!arguments_.headless && display_there()) {
        backend = make_window_backend(context_.wall);
        if (!backend.ok()) {
            base::log_warning("no windows: {}", backend.error().text);
            limits_.push_back({"windows", "missing", backend.error().text});
        }
    }
    if (!backend.ok()) backend = make_headless_backend();
    if (!backend.ok()) return backend.error();
    backend_ = std::move(*backend);
    auto painter = Painter::make(*atlas_);
    if (!painter.ok()) return painter.error();
    painter_ = std::move(*painter);
    const char* path = std::getenv("BEACONWALL_VIDEO_PATH");
    bool gpu = path != nullptr ? std::string_view(path) == "gpu" : !painter_->software();
    context_.video_kind = gpu ? surface::SlotKind::i420 : surface::SlotKind::rgba;
    screens_ = std::make_unique<Screens>(context_, *backend_, *painter_);
    mirror_ = std::make_unique<Mirror>(context_.wall);
    base::log_info("{} displays, {}, video {}", context_.wall.displays.size(), painter_->renderer(),
                   gpu ? "converted in a shader" : "copied into place");
    return {};
}

base::Status App::open_hub() {
    HubLink::Handlers handlers;
    handlers.link = [this](bool up) {
        hub_up_ = up;
        hub_was_up_ = hub_was_up_ || up;
        judge_now_ = true;
        if (up && director_.on_air() != nullptr) hub_->say_on_air(director_.on_air()->scene());
    };
    handlers.next = [this](std::optional<wall::Scene> scene) {
        director_.prepare(std::move(scene));
        judge_now_ = true;
    };
    handlers.live = [this](Live live) { on_live(std::move(live)); };
    handlers.source = [this](const std::string& id, std::optional<SourceName> name) {
        on_source(id, std::move(name));
    };
    handlers.report = [this](const std::string& nonce) { return report(nonce); };
    handlers.snapshot = [this](const SnapshotAsk& ask, events::Client::Answer answer) {
        snapshot(ask, std::move(answer));
    };
    auto hub = HubLink::open(arguments_.hub_endpoint(), arguments_.machine, std::move(handlers));
    if (!hub.ok()) return hub.error();
    hub_ = std::move(*hub);
    return {};
}

int App::run() {
    control::Message ready;
    ready.kind = Kind::ready;
    (void)control_.send(ready);
    while (!stop_) {
        wait();
        int64_t now = base::mono_ns();
        guard_.turn(now, wanted_wake_ns_);
        read_control();
        if (orphaned_ns_ == 0) beat_.tick(control_);
        hub_->pump();
        for (const auto& [name, link] : context_.feeds.links())
            judge_now_ = context_.feeds.receive(*link) || judge_now_;
        mirror_->receive();
        png_.deliver();
        read_input();
        now = base::mono_ns();
        if (frame_wanted(now)) frame(now);
        mirror_at_ns_ = mirror_->turn(base::mono_ns(), *painter_, screens_->canvases());
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

int64_t App::wake_at(int64_t now_ns) const {
    int64_t at = now_ns + kIdleWaitNs;
    auto sooner = [&at](int64_t other) {
        if (other != 0) at = std::min(at, other);
    };
    sooner(hub_->next_wake_ns());
    sooner(judge_at_ns_);
    sooner(mirror_at_ns_);
    sooner(director_.due_ns());
    if (pending_since_ns_ != 0) sooner(next_frame_ns_);
    if (int64_t every = backend_->poll_every_ns()) sooner(now_ns + every);
    return at;
}

void App::wait() {
    std::vector<pollfd> fds;
    auto add = [&fds](int fd) {
        if (fd >= 0) fds.push_back({fd, POLLIN, 0});
    };
    if (orphaned_ns_ == 0) add(control_.fd());
    add(hub_->fd());
    add(png_.fd());
    add(mirror_->fd());
    for (const auto& [name, link] : context_.feeds.links()) {
        if (!link->cut_off && link->gone_since_ns == 0) add(link->consumer->fd());
    }
    int64_t left = std::max<int64_t>(0, wanted_wake_ns_ - base::mono_ns());
    timespec limit{left / base::kSecond, left % base::kSecond};
    ::ppoll(fds.data(), fds.size(), &limit, nullptr);
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
    auto consumer =
        surface::Consumer::open(std::move(fds[0]), std::move(fds[1]), std::move(fds[2]));
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
    if (orphaned_ns_ == 0 || now_ns - looked_for_successor_ns_ < 200 * base::kMillisecond) return;
    looked_for_successor_ns_ = now_ns;
    std::ifstream file(arguments_.run_dir / "compositor.drawn");
    int pid = 0;
    bool other = static_cast<bool>(file >> pid) && pid != ::getpid();
    if (other || now_ns - orphaned_ns_ > kOrphanStaysNs) stop_ = true;
}

void App::read_input() {
    for (const InputEvent& event : backend_->poll_input()) {
        if (event.type == InputEvent::Type::key)
            press_key(event.key);
        else
            point(event);
    }
}

void App::press_key(const std::string& key) {
    if (key == "undo") return hub_->ask_undo();
    auto layout = hot_keys_.find(key);
    if (layout != hot_keys_.end()) hub_->ask_take(layout->second);
}

void App::point(const InputEvent& event) {
    if (director_.on_air() == nullptr) return;
    const Tile* tile =
        director_.on_air()->at(event.display, static_cast<int>(event.x), static_cast<int>(event.y));
    if (tile == nullptr) return;
    if (event.type == InputEvent::Type::press) hub_->say_press(tile->pane.id, tile->pane.plugin);
    if (!tile->feed) return;
    for (const Placement& at : tile->geometry.placements) {
        if (at.display != event.display) continue;
        surface::Input input{};
        input.type = static_cast<uint32_t>(event.type);
        input.button = static_cast<uint32_t>(event.button);
        input.x = static_cast<float>((event.x - at.origin_x) / at.scale);
        input.y = static_cast<float>((event.y - at.origin_y) / at.scale);
        input.wheel = static_cast<float>(event.wheel);
        tile->feed->send_input(input);
    }
}

}  // namespace bw::compositor
