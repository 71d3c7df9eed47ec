// SPDX-License-Identifier: Apache-2.0
// The process starts: glyphs, the site, windows or none, the hub.
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/compositor/app.h"
#include "core/compositor/words.h"

namespace bw::compositor {

namespace {

bool display_there() {
    return std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
}

}  // namespace

base::Status App::open(control::Received start) {
    started_ns_ = wanted_wake_ns_ = base::mono_ns();
    if (start.fds.size() != 2)
        return base::Error{"invalid", "start brings no glyph atlas and scene memory"};
    auto atlas = text::Atlas::map(start.fds[0].get());
    if (!atlas.ok()) return atlas.error();
    atlas_ = std::move(*atlas);
    context_.feeds.set_media(static_cast<uint32_t>(std::max<int64_t>(1, start.message.value[0])));
    auto memory = SceneMemory::map(start.fds[1].get());
    if (!memory.ok()) return memory.error();
    memory_ = std::move(*memory);
    if (base::Status done = read_site(); !done.ok()) return done;
    try_real_time();
    if (base::Status done = open_screens(); !done.ok()) return done;
    if (std::optional<wall::Scene> scene = memory_->read()) director_.start_from(*scene);
    site_reader_ = std::make_unique<SiteReader>(arguments_.site);
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
    context_.wall_clock = [this] { return hub_ ? hub_->wall_now_ns() : base::wall_ns(); };
    period_ns_ = static_cast<int64_t>(1e9 / std::clamp(context_.wall.refresh_hz, 1.0, 500.0));
    pacer_ = Pacer(period_ns_);
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

base::Status App::open_backend(PainterKind kind) {
    if (kind == PainterKind::null) {
        backend_ = make_null_backend();
        limits_.push_back({"pictures", "missing", "the null renderer draws nothing"});
        return {};
    }
    base::Result<std::unique_ptr<Backend>> backend = base::Error{"system", "headless"};
    if (!arguments_.headless && display_there()) {
        backend = context_.wall.bind == config::Bind::displays ? make_output_backend(context_.wall)
                                                               : make_window_backend(context_.wall);
        if (!backend.ok()) {
            base::log_warning("no windows: {}", backend.error().text);
            limits_.push_back({"windows", "missing", backend.error().text});
        }
    }
    if (!backend.ok()) backend = make_headless_backend();
    if (!backend.ok()) return backend.error();
    backend_ = std::move(*backend);
    return {};
}

base::Status App::open_screens() {
    const char* wish = std::getenv("BEACONWALL_RENDERER");
    auto kind = painter_kind(wish != nullptr ? wish : "");
    if (!kind.ok()) return kind.error();
    if (base::Status done = open_backend(*kind); !done.ok()) return done;
    auto painter = Painter::make(*atlas_, *kind);
    if (!painter.ok()) return painter.error();
    painter_ = std::move(*painter);
    context_.video_kind = painter_->video_kind();
    context_.most_side = painter_->most_side();
    screens_ = std::make_unique<Screens>(context_, *backend_, *painter_);
    screens_->on_progress([this] {
        if (orphaned_ns_ == 0) beat_.tick(control_);
    });
    screens_->redraw_all(std::getenv("BEACONWALL_REDRAW_ALL") != nullptr);
    mirror_ = std::make_unique<Mirror>(context_.wall, painter_->draws());
    base::log_info("{} displays, {}, video {}", context_.wall.displays.size(), painter_->renderer(),
                   painter_->pictures());
    return {};
}

base::Status App::open_hub() {
    HubLink::Handlers handlers;
    handlers.link = [this](bool up) {
        hub_up_ = up;
        if (up) attention_.greeted(base::mono_ns());
        hub_was_up_ = hub_was_up_ || up;
        judge_now_ = true;
        if (up && director_.on_air() != nullptr) hub_->say_on_air(director_.on_air()->scene());
    };
    handlers.next = [this](std::optional<wall::Scene> scene) {
        director_.prepare(std::move(scene));
        judge_now_ = true;
    };
    handlers.live = [this](Live live) { on_live(std::move(live)); };
    handlers.site = [this](const std::string& digest) { on_site(digest); };
    handlers.holds = [this](std::vector<Hold> holds) {
        holds_ = std::move(holds);
        judge_now_ = true;
    };
    handlers.journal = [this](std::string disk) {
        journal_disk_ = std::move(disk);
        judge_now_ = true;
    };
    handlers.attention = [this](const std::string& subject, std::optional<AttentionItem> item) {
        judge_now_ = attention_.heard(subject, std::move(item)) || judge_now_;
    };
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

}  // namespace bw::compositor
