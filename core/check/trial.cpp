// SPDX-License-Identifier: Apache-2.0
#include "core/check/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/surface/link.h"

namespace bw::check {
namespace {

/// A plugin's C calls carry no more than their host.
struct Hidden {
    const bw_host_t* real = nullptr;
    std::string id;
} hidden;

const void* get_extension(const bw_host_t*, const char* id) {
    if (id == nullptr || hidden.id == id) return nullptr;
    return hidden.real->get_extension(hidden.real, id);
}

std::vector<surface::LinkFds> prepared;

/// There is nothing to check a plugin with.
[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "check: %s\n", why.c_str());
    std::exit(4);
}

}  // namespace

void prepare_links(size_t count) {
    while (prepared.size() < count) {
        auto fds = surface::make_link(surface::kPanelArenaBytes);
        if (!fds) give_up(fds.error().text);
        prepared.push_back(std::move(*fds));
    }
}

Trial::Trial(std::span<const std::byte> glyphs) : api_(*this, glyphs) {
    prepare_links(1);
    surface::LinkFds fds = std::move(prepared.back());
    prepared.pop_back();
    auto consumer = surface::Consumer::open(
        std::move(fds.consumer_socket), base::UniqueFd(dup(fds.arena.get())),
        base::UniqueFd(dup(fds.page.get())), surface::kTextureHeapBytes);
    auto producer = surface::Producer::open(std::move(fds.producer_socket), std::move(fds.arena),
                                            std::move(fds.page));
    if (!consumer || !producer) give_up("no surface link");
    consumer_ = std::move(*consumer);
    producer_ = std::move(*producer);
    hidden = {api_.host(), {}};
    host_ = {BW_ABI_VERSION, api_.host()->context, get_extension};
}

Trial::~Trial() {
    for (auto& each : shown_) each->pane.reset();
}

base::Status Trial::load(const std::filesystem::path& library) {
    auto plugin = panel::Plugin::load(library, &host_);
    if (!plugin) return plugin.error();
    plugin_ = std::move(*plugin);
    return {};
}

void Trial::hide(const char* extension) {
    hidden.id = extension;
}

std::optional<surface::ConfigureRequest> Trial::configured(const Size& size,
                                                           const std::string& json) {
    surface::Consumer::Wish wish{size.width, size.height, size.scale, surface::SlotKind::draw_list,
                                 0,          json};
    auto surface = consumer_->configure(wish);
    if (!surface) return std::nullopt;
    surface_ = *surface;
    for (;;) {
        auto received = producer_->receive();
        if (!received) return std::nullopt;
        if (received->header.kind != surface::Kind::configure) continue;
        auto request = surface::read_configure(*received);
        return request ? std::optional(std::move(*request)) : std::nullopt;
    }
}

Shown* Trial::show(const std::string& panel, const Size& size, const std::string& language,
                   const std::string& view) {
    bezel_ = {static_cast<float>(size.width) / 2, 0, 8, static_cast<float>(size.height)};
    const nlohmann::json wish = {{"pane", "trial"}, {"panel", panel}, {"language", language}};
    auto request = configured(size, wish.dump());
    if (!request) give_up(fmt::format("no surface of {} x {}", size.width, size.height));
    auto writer = surface::Producer::Writer::make(*producer_, surface_, request->configure);
    auto parsed = panel::parse_wish(request->json);
    if (!writer || !parsed) give_up("the surface link does not understand itself");
    const uint64_t handle = next_handle_++;
    auto shown = std::make_unique<Shown>();
    shown->id = panel;
    shown->pane =
        std::make_unique<panel::Pane>(surface_, handle, std::move(*parsed), std::move(*writer));
    Shown* out = shown.get();
    by_handle_[handle] = out;
    shown_.push_back(std::move(shown));
    if (!out->pane->create(plugin_->entry(), &host_)) {
        drop(out);
        return nullptr;
    }
    out->pane->configure(view);
    return out;
}

void Trial::drop(Shown* shown) {
    const uint32_t surface = shown->pane->surface();
    std::erase_if(by_handle_, [&](const auto& each) { return each.second == shown; });
    std::erase_if(shown_, [&](const auto& each) { return each.get() == shown; });
    consumer_->release(surface);
    while (producer_->receive()) {
    }
    (void)producer_->receive();  // answers the release
    while (consumer_->receive()) {
    }
}

void Trial::deliver(const events::Event& event) {
    for (size_t i = 0; i < shown_.size(); ++i) shown_[i]->pane->deliver(event, false);
}

base::Result<std::optional<surface::DrawList>> Trial::draw(Shown& shown) {
    auto drawn = shown.pane->draw();
    if (!drawn) return drawn.error();
    if (!*drawn) return std::optional<surface::DrawList>();
    auto picture = consumer_->take(shown.pane->surface());
    if (!picture) return picture.error();
    if (!*picture) return std::optional<surface::DrawList>();
    auto list = surface::copy_draw_list(**picture);
    if (!list) return list.error();
    // Lists are compared when the next panel's pixels have taken the place of these.
    for (surface::Texture& texture : list->textures)
        texture.content =
            std::hash<std::string_view>{}({reinterpret_cast<const char*>(texture.pixels),
                                           size_t{4} * texture.width * texture.height});
    return std::optional(std::move(*list));
}

Shown* Trial::of(uint64_t handle) {
    const auto found = by_handle_.find(handle);
    return found == by_handle_.end() ? nullptr : found->second;
}

void Trial::subscribe(uint64_t handle, std::string_view prefix) {
    Shown* shown = of(handle);
    if (shown == nullptr) return;
    shown->prefixes.emplace_back(prefix);
    if (!shown->pane->subscribed(prefix)) shown->pane->prefixes().emplace_back(prefix);
}

void Trial::command(uint64_t handle, std::string_view type, std::string_view, std::string_view) {
    if (Shown* shown = of(handle)) shown->commands.emplace_back(type);
}

void Trial::save_view(uint64_t handle, std::string_view json) {
    if (Shown* shown = of(handle)) shown->views.emplace_back(json);
}

panel::Pane* Trial::pane_of(uint64_t handle) {
    const Shown* shown = of(handle);
    return shown != nullptr ? shown->pane.get() : nullptr;
}

std::span<const bw_keepout_t> Trial::keepouts(uint64_t) {
    return {&bezel_, 1};
}

}  // namespace bw::check
