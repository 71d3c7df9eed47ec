// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/hub_link.h"

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::compositor {

namespace {

constexpr const char* kNext = "beaconwall.wall.next.v1";
constexpr const char* kLive = "beaconwall.wall.live.v1";
constexpr const char* kHolds = "beaconwall.wall.holds.v1";
constexpr const char* kJournal = "beaconwall.wall.journal.v1";
constexpr const char* kSource = "beaconwall.source.v1";
constexpr const char* kAttention = "beaconwall.wall.attention.v1";
constexpr const char* kSite = "beaconwall.wall.site.v1";
constexpr const char* kAsk = "beaconwall.status.ask.v1";
constexpr const char* kSnapshot = "beaconwall.compositor.snapshot.v1";
constexpr int64_t kCommandMs = 2000;

}  // namespace

base::Result<std::unique_ptr<HubLink>> HubLink::open(const std::string& endpoint,
                                                     std::string machine, Handlers handlers) {
    events::Client::Options options;
    options.name = "compositor:" + machine;
    options.endpoint = endpoint;
    auto client = events::Client::open(options);
    if (!client.ok()) return client.error();
    std::unique_ptr<HubLink> link(
        new HubLink(std::move(*client), std::move(machine), std::move(handlers)));
    link->listen();
    return link;
}

HubLink::HubLink(std::unique_ptr<events::Client> client, std::string machine, Handlers handlers)
    : client_(std::move(client)), machine_(std::move(machine)), handlers_(std::move(handlers)) {}

void HubLink::listen() {
    client_->on_event([this](const events::Event& event, events::Lane, bool) { on_event(event); });
    client_->on_link([this](bool up) { handlers_.link(up); });
    client_->on_command(std::string(kSnapshot) + "/" + machine_,
                        [this](const events::Event& event, events::Client::Answer answer) {
                            auto ask = parse_snapshot(event.data);
                            if (ask.ok()) return handlers_.snapshot(*ask, std::move(answer));
                            answer({false, "invalid", ask.error().text, "{}"});
                        });
    client_->subscribe({std::string(kNext) + "/", std::string(kLive) + "/",
                        std::string(kHolds) + "/", std::string(kSite) + "/",
                        std::string(kJournal) + "/", std::string(kSource) + "/",
                        std::string(kAttention) + "/", std::string(kAsk) + "/"});
}

void HubLink::on_event(const events::Event& event) {
    if (event.type == kNext) {
        auto scene = parse_next(event.data);
        if (scene.ok()) return handlers_.next(std::move(*scene));
        base::log_warning("{}: {}", event.type, scene.error().text);
    } else if (event.type == kLive) {
        auto live = parse_live(event.data);
        if (live.ok()) return handlers_.live(std::move(*live));
        base::log_warning("{}: {}", event.type, live.error().text);
    } else if (event.type == kHolds) {
        auto holds = parse_holds(event.data);
        if (holds.ok()) return handlers_.holds(std::move(*holds));
        base::log_warning("{}: {}", event.type, holds.error().text);
    } else if (event.type == kJournal) {
        auto disk = parse_journal(event.data);
        if (disk.ok()) return handlers_.journal(std::move(*disk));
        base::log_warning("{}: {}", event.type, disk.error().text);
    } else if (event.type == kSource) {
        handlers_.source(event.subject, event.tombstone ? std::nullopt : parse_source(event.data));
    } else if (event.type == kAttention) {
        handlers_.attention(event.subject,
                            event.tombstone ? std::nullopt : parse_attention(event.data));
    } else if (event.type == kSite) {
        handlers_.site(parse_site_digest(event.data));
    } else if (event.type == kAsk) {
        publish("beaconwall.compositor.report.v1", machine_,
                handlers_.report(nonce_of(event.data)));
    }
}

int64_t HubLink::mono_of(int64_t hub_wall_ns) const {
    return base::mono_ns() + hub_wall_ns - client_->clock_offset_ns() - base::wall_ns();
}

int64_t HubLink::wall_now_ns() const {
    return base::wall_ns() + client_->clock_offset_ns();
}

void HubLink::publish(const char* type, std::string subject, std::string data) {
    events::Event event;
    event.type = type;
    event.subject = std::move(subject);
    event.data = std::move(data);
    client_->publish(std::move(event));
}

void HubLink::command(const char* type, std::string data) {
    events::Event event;
    event.type = type;
    event.subject = "wall";
    event.data = std::move(data);
    client_->command(std::move(event), kCommandMs, [type](const events::Reply& reply) {
        if (!reply.ok) base::log_warning("{}: {} {}", type, reply.code, reply.text);
    });
}

void HubLink::say_on_air(const wall::Scene& scene) {
    publish("beaconwall.compositor.on_air.v1", machine_, on_air_json(scene));
}

void HubLink::say_ready(const std::string& hash) {
    publish("beaconwall.compositor.ready.v1", machine_, ready_json(hash));
}

void HubLink::say_taken(const Taken& taken) {
    publish("beaconwall.compositor.taken.v1", machine_, to_json(taken));
}

void HubLink::say_press(const std::string& pane, const std::string& plugin) {
    publish("beaconwall.compositor.press.v1", "pane/" + pane, press_json(plugin, 0));
}

void HubLink::ask_take(const std::string& layout) {
    command("beaconwall.wall.take.v1", take_json(layout));
}

void HubLink::ask_undo() {
    command("beaconwall.wall.undo.v1", "{}");
}

}  // namespace bw::compositor
