// SPDX-License-Identifier: Apache-2.0
#include "core/hub/hub.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <climits>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/events/bundle.h"
#include "core/events/json.h"

namespace bw::hub {

using nlohmann::json;

base::Result<std::unique_ptr<Hub>> Hub::open(const control::Arguments& arguments,
                                             control::Channel channel) {
    auto socket = events::Socket::make(events::Socket::Kind::router);
    if (!socket) return socket.error();
    auto plugins = config::find_plugins(base::plugin_folders());
    for (const config::Fault& fault : plugins.faults)
        base::log_warning("{}", config::to_string(fault));
    std::error_code failed;
    std::filesystem::create_directories(arguments.state_dir, failed);
    std::unique_ptr<Hub> hub(
        new Hub(arguments, std::move(channel), std::move(*socket), std::move(plugins.value)));
    hub->wire_journal();
    const StoredPtr last_taken = hub->remember();
    hub->spaces_.restore();
    if (const auto loaded = hub->sites_.load(); !loaded) return loaded.error();
    hub->set_journal_policy();
    hub->people_.start();
    hub->wire_up();
    hub->sites_.publish_cameras();
    hub->holds_.start(hub->sites_.site());
    hub->scenes_.start(hub->sites_.site(), last_taken ? last_taken->json : std::string());
    if (const auto bound = hub->socket_.bind(arguments.hub_endpoint()); !bound)
        return bound.error();
    return hub;
}

Hub::Hub(const control::Arguments& arguments, control::Channel channel, events::Socket socket,
         std::vector<config::Plugin> plugins)
    : arguments_(arguments),
      channel_(std::move(channel)),
      socket_(std::move(socket)),
      session_(base::random_hex(16)),
      registry_(std::move(plugins)),
      send_([this](const std::string& route, const events::Frames& frames) {
          return send_frames(route, frames);
      }),
      peers_(
          send_,
          [this](const std::string& route, const events::Delivery& head, events::Payload& event) {
              return send_delivery(route, head, event);
          },
          [this](const std::string& route, const std::string& heads, events::Payload& events) {
              return send_bundle(route, heads, events);
          }),
      journal_(arguments.state_dir, mailbox_),
      facts_(journal_, peers_, registry_),
      spaces_(facts_, peers_, journal_, mailbox_, arguments.state_dir),
      sites_(arguments.site, registry_, facts_, mailbox_),
      holds_(facts_),
      scenes_(facts_, peers_, registry_, sites_, holds_, spaces_),
      audit_(arguments.state_dir, facts_, mailbox_),
      people_(arguments.state_dir, registry_, sites_, scenes_, audit_, mailbox_),
      remote_(arguments.state_dir, people_, mailbox_),
      commands_(facts_, peers_, registry_, contracts_, people_, spaces_, send_),
      blobs_(arguments.state_dir / "pictures", mailbox_),
      status_(facts_, peers_, arguments.machine,
              [this](json& document) { fill_status(document); }) {}

events::Socket::Sent Hub::send_frames(const std::string& route, const events::Frames& frames) {
    peers_.send_held();
    if (Remote::has(route)) return remote_.send_to(route, frames);
    wire_left_ = true;  // a send may eat the descriptor's edge
    return socket_.send_to(route, frames);
}

events::Socket::Sent Hub::send_delivery(const std::string& route, const events::Delivery& head,
                                        events::Payload& event) {
    if (Remote::has(route))
        return remote_.send_to(
            route, events::encode_delivery(head.lane, head.replayed, head.sequence, head.n,
                                           event.bytes()));
    wire_left_ = true;
    return socket_.deliver_to(route, head, event);
}

events::Socket::Sent Hub::send_bundle(const std::string& route, const std::string& heads,
                                      events::Payload& events) {
    if (Remote::has(route))
        return remote_.send_to(route, {events::kBundle, heads, std::string(events.bytes())});
    wire_left_ = true;
    return socket_.bundle_to(route, heads, events);
}

void Hub::wire_up() {
    handle_wall_commands();
    handle_plugin_commands();
    wire_spaces();
    people_.on_gone(
        [this](const std::string& route, const char* what) { person_gone(route, what); });
    remote_.configure(sites_.site().wall.hub);
    holds_.on_change([this] { scenes_.holds_changed(); });
    sites_.on_change([this] { site_changed(); });
    peers_.on_drop([this](const Peer& peer) {
        commands_.peer_left(peer);
        blobs_.peer_left(peer.route);
        status_.peer_left(peer);
        if (peer.is("compositor:")) scenes_.compositor_left(peer.name);
    });
}

void Hub::person_gone(const std::string& route, const char* what) {
    const std::string ended = fmt::format("its {} is no longer one", what);
    peers_.drop(route, ended.c_str());
    goodbye(route, fmt::format("your {} is no longer one", what).c_str());
    if (Remote::has(route)) remote_.end(route);
}

void Hub::site_changed() {
    // Compositors read the files themselves; this says that they are worth reading.
    facts_.publish("beaconwall.wall.site.v1", "wall", {{"digest", sites_.digest()}});
    set_journal_policy();
    holds_.set_site(sites_.site());
    scenes_.set_site(sites_.site());
    remote_.configure(sites_.site().wall.hub);
    want_rules();
}

int Hub::run() {
    control::Message ready;
    ready.kind = control::Kind::ready;
    if (!channel_.send(ready)) return 1;
    want_rules();
    while (turn(INT_MAX)) {
    }
    return 0;
}

int64_t Hub::tick() {
    const int64_t now = base::mono_ns();
    beat_.tick(channel_);
    if (now >= next_beat_ns_) {
        next_beat_ns_ = now + events::kBeatPeriodNs;
        peers_.beat();
    }
    tick_journal(now);
    holds_.tick();
    spaces_.tick();
    scenes_.tick(now);
    commands_.tick(now);
    status_.tick(now);
    sites_.tick(now);
    people_.tick(now, peers_);
    audit_.tick(now);
    look_at_remote(now);
    return std::min({next_beat_ns_, journal_wake_ns(), holds_.next_wake_ns(),
                     spaces_.next_wake_ns(), scenes_.next_wake_ns(), commands_.next_wake_ns(),
                     status_.next_wake_ns(), sites_.next_wake_ns(), people_.next_wake_ns(),
                     audit_.next_wake_ns(), remote_.next_wake_ns()});
}

bool Hub::turn(int wait_ms) {
    peers_.hold();
    const int64_t due_ns = tick();
    peers_.release();
    const int64_t left = due_ns - base::mono_ns();
    const auto remote = remote_.fds();
    pollfd waits[] = {{socket_.fd(), POLLIN, 0},  {channel_.fd(), POLLIN, 0},
                      {mailbox_.fd(), POLLIN, 0}, {sites_.fd(), POLLIN, 0},
                      {remote[0], POLLIN, 0},     {remote[1], POLLIN, 0},
                      {remote[2], POLLIN, 0}};
    const bool at_once = (wire_left_ && socket_.readable()) || remote_.readable();
    const int64_t most = at_once || left <= 0 ? 0 : left / base::kMillisecond + 1;
    ::poll(waits, std::size(waits), static_cast<int>(std::min<int64_t>(most, wait_ms)));
    wire_left_ = true;
    if (waits[1].revents != 0 && !read_control()) return false;
    if (waits[3].revents != 0) sites_.files_changed();
    // What was written to the disk together is delivered together, and what is read together is
    // written together.
    peers_.hold();
    if (waits[2].revents != 0) mailbox_.run();
    journal_.hold();
    read_wire();
    journal_.release();
    journal_.hold();
    read_remote();
    journal_.release();
    peers_.release();
    return true;
}

void Hub::fill_status(json& document) const {
    document["site"] = sites_.site().name;
    document["site_folder"] = sites_.site().folder.string();
    document["layout"] = scenes_.status();
    fill_spaces(document);
    document["hub"] = {
        {"sequence", facts_.sequence()}, {"journal_bytes", journal_.bytes()},
        {"peers", peers_.size()},        {"telemetry_dropped", peers_.telemetry_dropped()},
        {"given_up", peers_.given_up()}, {"unjournalled", journal_.state().lost}};
    fill_journal(document);
    remote_.add_status(document);
    document["people"] = people_.status();
    document["audit"] = audit_.status();
    // While there are any, the wall shows what the files said before.
    json faults = json::array();
    for (const config::Fault& fault : sites_.faults())
        faults.push_back({{"number", fmt::format("BW{}", fault.number)},
                          {"file", fault.file},
                          {"line", fault.line},
                          {"column", fault.column},
                          {"text", fault.text}});
    document["faults"] = faults;
}

}  // namespace bw::hub
