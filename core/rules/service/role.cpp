// SPDX-License-Identifier: Apache-2.0
#include "core/rules/service/role.h"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/rules/service/desk.h"

namespace bw::rules {
namespace {

class Role {
  public:
    Role(const control::Arguments& arguments, control::Channel channel)
        : arguments_(arguments), channel_(std::move(channel)) {}
    base::Status start();
    void turn();
    bool read_control();

  private:
    [[nodiscard]] std::shared_ptr<const config::Site> read_site() const;
    void take_over_site();
    void listen_anew();
    base::Status open_desk(std::optional<uint64_t> sequence);

    const control::Arguments& arguments_;
    control::Channel channel_;
    control::Beat beat_;
    std::unique_ptr<Engine> engine_;
    std::unique_ptr<Desk> desk_;
};

/// Null: it has faults, which are told; what was before stays.
std::shared_ptr<const config::Site> Role::read_site() const {
    const auto plugins = config::find_plugins(base::plugin_folders());
    auto loaded = config::load_site(arguments_.site, plugins.value);
    for (const config::Fault& fault : loaded.faults)
        base::log_error("{}", config::to_string(fault));
    if (!loaded.ok()) return nullptr;
    return std::make_shared<config::Site>(std::move(loaded.value));
}

base::Status Role::open_desk(std::optional<uint64_t> sequence) {
    auto opened = Desk::open(arguments_.hub_endpoint(), *engine_, sequence);
    if (!opened) return opened.error();
    desk_ = std::move(*opened);
    engine_->answer_lost();  // what the one before had asked
    return {};
}

base::Status Role::start() {
    auto site = read_site();
    if (!site) {
        base::log_error("no rule acts until the site's faults are mended");
        site = std::make_shared<config::Site>();
    }
    engine_ = std::make_unique<Engine>(std::move(site));
    if (auto opened = open_desk(std::nullopt); !opened) return opened;
    control::Message ready;
    ready.kind = control::Kind::ready;
    return channel_.send(ready);
}

void Role::take_over_site() {
    auto site = read_site();
    if (!site) return base::log_error("the rules stay as they were");
    const bool same = site->rules == engine_->site().rules;
    engine_->set_site(std::move(site), desk_->now_ns());
    if (!same) base::log_info("rules.toml: read again");
}

/// Other events are wanted: a new stay at the hub, from where this one ends.
void Role::listen_anew() {
    if (auto opened = open_desk(desk_->sequence()); !opened)
        base::log_error("{}", opened.error().text);
}

bool Role::read_control() {
    for (;;) {
        auto received = channel_.receive();
        if (!received) return received.error().code == "empty";
        if (received->message.kind == control::Kind::stop) return false;
    }
}

void Role::turn() {
    beat_.tick(channel_);
    desk_->pump();
    if (desk_->site_changed()) take_over_site();
    if (desk_->listens() && desk_->prefixes() != engine_->prefixes()) listen_anew();
    const int64_t wake = std::min(desk_->next_wake_ns(), base::mono_ns() + base::kSecond);
    const int64_t left = std::max<int64_t>(0, wake - base::mono_ns());
    pollfd waits[] = {
        {channel_.fd(), POLLIN, 0}, {desk_->fd(), POLLIN, 0}, {desk_->values_fd(), POLLIN, 0}};
    ::poll(waits, std::size(waits),
           static_cast<int>((left + base::kMillisecond - 1) / base::kMillisecond));
}

}  // namespace

base::Status run(const control::Arguments& arguments, control::Channel channel) {
    Role role(arguments, std::move(channel));
    if (auto started = role.start(); !started) return started;
    while (role.read_control()) role.turn();
    return {};
}

}  // namespace bw::rules
