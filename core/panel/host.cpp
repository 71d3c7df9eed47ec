// SPDX-License-Identifier: Apache-2.0
#include "core/panel/host.h"

#include <poll.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/panel/alarm.h"

namespace bw::panel {
namespace {

constexpr int64_t kTurn = 600 * base::kMillisecond;  // for the beat; and as_of moves with it

base::UniqueFd catch_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    return base::UniqueFd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

}  // namespace

base::Result<std::unique_ptr<Host>> Host::start(control::Channel& channel,
                                                control::Received& start) {
    if (start.fds.size() != 2)
        return base::Error{"invalid", "start must carry the glyph atlas and the wire's socket"};
    std::unique_ptr<Host> host(new Host(channel));
    host->stop_signals_ = catch_signals();
    auto glyphs = base::Mapping::map(start.fds[0].get(), 0, base::Access::read_only);
    if (!glyphs) return glyphs.error();
    host->glyphs_ = std::move(*glyphs);

    events::Client::Options options;
    options.name = "panel:" + std::string(start.message.name_view());
    options.listen_fd = start.fds[1].release();
    options.listen_path = start.message.aux_view();
    auto wire = events::Client::open(std::move(options));
    if (!wire) return wire.error();
    host->wire_ = std::move(*wire);
    Host* self = host.get();
    host->wire_->on_event([self](const events::Event& event, events::Lane, bool replayed) {
        self->on_event(event, replayed);
    });
    host->wire_->subscribe({std::string(kViewPrefix)});

    host->api_ = std::make_unique<HostApi>(
        *host, std::span<const std::byte>(host->glyphs_.data(), host->glyphs_.size()));
    const std::filesystem::path library(start.message.text_view());
    std::vector<schema::FileFault> faults;
    host->settings_ = schema::read_settings(library.parent_path() / "schemas", faults);
    for (const auto& fault : faults) base::log_warning("{}: {}", fault.file.string(), fault.text);
    auto plugin = Plugin::load(library, host->api_->host());
    if (!plugin) return plugin.error();
    host->plugin_ = std::move(*plugin);
    return host;
}

Host::~Host() {
    drop_panes();
}

// A panel may call the host while it is destroyed: its pane is out of the list before.
void Host::drop_pane(uint32_t surface) {
    (void)panes_.extract(surface);
}

void Host::drop_panes() {
    while (!panes_.empty()) (void)panes_.extract(panes_.begin());
}

// Whoever draws thirty times a second asks nobody in vain: the poll has said who has something.
int Host::run() {
    enum { kControl, kSignals, kWire, kLink };
    constexpr short kUnknown = -1;  // nobody has looked yet
    std::array<pollfd, 4> waits{};
    for (pollfd& each : waits) each.revents = kUnknown;
    for (;;) {
        beat_.tick(channel_);
        if (waits[kControl].revents != 0 && !read_control()) return 0;
        if (waits[kLink].revents != 0 || (link_ && link_->owes())) read_link();
        if (!failed_.empty()) return give_up();
        if (retiring_ && !link_) return 0;  // the successor is shown wherever we were
        if (waits[kWire].revents != 0 || wire_->next_wake_ns() <= base::mono_ns()) wire_->pump();
        deliver_missed();
        draw_panes();
        vouch();
        const std::array<int, 4> fds = {channel_.fd(), stop_signals_.get(), wire_->fd(),
                                        link_ ? link_->fd() : -1};
        for (size_t i = 0; i < fds.size(); ++i) waits[i] = {fds[i], POLLIN, 0};
        alarm::rest();
        // What panels published may have taken the edge of the wire's descriptor: then its next
        // wake is now.
        if (poll(waits.data(), waits.size(), wait_ms()) < 0 && errno != EINTR) return 1;
        if ((waits[kSignals].revents & POLLIN) != 0) return 0;
    }
}

int Host::give_up() {
    control::Message message;
    message.kind = control::Kind::failed;
    message.set_text(failed_);
    (void)channel_.send(message);
    return 1;
}

int Host::wait_ms() const {
    int64_t now = base::mono_ns(), wake = now + kTurn;
    if (int64_t wire = wire_->next_wake_ns(); wire != 0) wake = std::min(wake, wire);
    if (!failed_.empty()) return 0;
    for (const auto& [surface, pane] : panes_) {
        const int64_t awaited = spaces_.awaited_until(pane->wish().space, now);
        if (awaited != 0) wake = std::min(wake, awaited);
        if (awaited == 0 && pane->wants_draw(now)) return 0;
        if (int64_t due = pane->wake_ns(now); due != 0) wake = std::min(wake, due);
    }
    int64_t left = std::max<int64_t>(0, wake - now);
    return static_cast<int>((left + base::kMillisecond - 1) / base::kMillisecond);
}

bool Host::read_control() {
    for (;;) {
        auto received = channel_.receive();
        if (!received) return received.error().code == "empty";
        switch (received->message.kind) {
            case control::Kind::stop:
                return false;
            case control::Kind::retire:
                retiring_ = true;
                break;
            case control::Kind::link:
                retiring_ = false;  // it did not come up
                on_link(*received);
                break;
            case control::Kind::unlink:
                drop_link();
                break;
            default:
                break;  // for other roles
        }
    }
}

void Host::on_link(control::Received& message) {
    if (message.fds.size() != 3) return base::log_error("a link without its three descriptors");
    drop_link();
    auto link = surface::Producer::open(std::move(message.fds[0]), std::move(message.fds[1]),
                                        std::move(message.fds[2]));
    if (!link) return base::log_error("link: {}", link.error().text);
    link_ = std::move(*link);
    alarm::set_link(link_->fd());
}

void Host::drop_link() {
    // The writers point into the link's memory: panes first.
    drop_panes();
    missed_.clear();
    alarm::set_link(-1);
    link_.reset();
}

void Host::read_link() {
    while (link_) {
        auto received = link_->receive();
        if (received) {
            on_message(*received);
        } else if (received.error().code == "empty") {
            return;
        } else {
            base::log_info("the link ended: {}", received.error().text);
            drop_link();
        }
    }
}

void Host::on_message(const surface::Received& message) {
    switch (message.header.kind) {
        case surface::Kind::configure:
            on_configure(message);
            break;
        case surface::Kind::release:
            drop_pane(message.header.surface);
            leave_spaces();
            break;
        case surface::Kind::input:
            on_input(message);
            break;
        default:
            break;  // `taken` only wakes us: the word is the truth
    }
}

void Host::on_configure(const surface::Received& message) {
    uint32_t surface = message.header.surface;
    surface::Configure size{};
    if (message.body.size() < sizeof size) return base::log_error("a configure that is too short");
    std::memcpy(&size, message.body.data(), sizeof size);
    std::string_view json(reinterpret_cast<const char*>(message.body.data()) + sizeof size,
                          message.body.size() - sizeof size);
    auto writer = surface::Producer::Writer::make(*link_, surface, size);
    if (!writer) return base::log_error("configure: {}", writer.error().text);
    auto wish = parse_wish(json);
    if (!wish) return refuse(surface, surface::Reason::bad_settings, wish.error().text);
    if (const std::string fault = settings_fault(*wish); !fault.empty())
        return refuse(surface, surface::Reason::bad_settings, fault);

    utc_offset_minutes_ = wish->utc_offset_minutes;
    drop_pane(surface);
    const SpaceFacts& facts = enter(*wish);
    auto pane = std::make_unique<Pane>(surface, next_handle_++, *wish, std::move(*writer));
    being_made_ = pane.get();
    pane->watch();
    bool made = pane->create(plugin_->entry(), api_->host());
    if (made) pane->configure(facts.views.of(wish->pane));
    being_made_ = nullptr;
    if (!made)
        return refuse(surface, surface::Reason::panel_missing, "no panel \"" + wish->panel + "\"");
    panes_[surface] = std::move(pane);
    leave_spaces();
    deliver_missed();
}

std::string Host::settings_fault(const PaneWish& wish) const {
    const auto schema = settings_.find(wish.panel);
    if (schema == settings_.end()) return {};
    const auto fault = schema->second->check_text(wish.settings);
    return fault ? fault->text("settings", wish.language) : "";
}

void Host::on_input(const surface::Received& message) {
    auto pane = panes_.find(message.header.surface);
    surface::Input input{};
    if (pane == panes_.end() || message.body.size() != sizeof input) return;
    std::memcpy(&input, message.body.data(), sizeof input);
    pane->second->input(input);
}

void Host::refuse(uint32_t surface, surface::Reason reason, const std::string& text) {
    base::log_warning("surface {}: {}", surface, text);
    drop_pane(surface);
    if (link_)
        (void)link_->send(surface::Kind::refuse, surface, static_cast<int64_t>(reason), text);
}

void Host::draw_panes() {
    int64_t now = base::mono_ns();
    std::vector<Pane*> due;
    for (auto& [surface, pane] : panes_) {
        if (spaces_.awaited_until(pane->wish().space, now) != 0) continue;
        if (pane->wants_draw(now)) due.push_back(pane.get());
    }
    for (Pane* pane : due) {
        uint32_t surface = pane->surface();
        auto drawn = pane->draw(wire_->as_of_ns());
        if (!drawn) {
            // A new process may draw better; one that never does is given up in the end.
            const std::string name = pane->wish().pane;
            refuse(surface, surface::Reason::panel_failed, drawn.error().text);
            failed_ = name + ": " + drawn.error().text;
        } else if (*drawn && link_) {
            (void)link_->send(surface::Kind::commit, surface);
        }
    }
}

void Host::vouch() {
    int64_t now = base::mono_ns();
    for (auto& [surface, pane] : panes_) pane->vouch(wire_->as_of_ns(), now);
}

}  // namespace bw::panel
