// SPDX-License-Identifier: Apache-2.0
#include "core/panel/pane.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/events/json.h"
#include "core/panel/alarm.h"

namespace bw::panel {

// The ABI's arrays are the surface's, so that a picture is copied once; a command has its vertex
// offset besides.
static_assert(sizeof(bw_vertex_t) == sizeof(surface::Vertex));
static_assert(offsetof(bw_vertex_t, rgba) == offsetof(surface::Vertex, rgba));
static_assert(offsetof(bw_draw_command_t, vertex_offset) == sizeof(surface::DrawCommand));
static_assert(offsetof(bw_draw_command_t, video) == offsetof(surface::DrawCommand, video));
static_assert(sizeof(bw_video_command_t) == sizeof(surface::VideoCommand));
static_assert(offsetof(bw_video_command_t, source) == offsetof(surface::VideoCommand, source));

namespace {

constexpr size_t kMostKeepouts = 1024;

/// [[x, y, width, height], …]; what is no such rectangle is left out.
std::vector<bw_keepout_t> keepouts_of(const nlohmann::json& body) {
    std::vector<bw_keepout_t> out;
    const auto list = body.find("keepouts");
    if (list == body.end() || !list->is_array()) return out;
    for (const auto& each : *list) {
        if (out.size() == kMostKeepouts) break;
        const bool four = each.is_array() && each.size() == 4 &&
                          std::all_of(each.begin(), each.end(), [](const nlohmann::json& number) {
                              return number.is_number();
                          });
        if (four)
            out.push_back({each[0].get<float>(), each[1].get<float>(), each[2].get<float>(),
                           each[3].get<float>()});
    }
    return out;
}

}  // namespace

namespace {

template <class T>
void copy(std::vector<T>& to, const void* array, uint32_t count, uint32_t most) {
    to.resize(std::min(count, most + 1));  // one more than allowed is refused further on
    if (!to.empty()) std::memcpy(to.data(), array, to.size() * sizeof(T));
}

/// The commands' triangles one after the other, in 32 bits and without offsets.
base::Status copy_with_offsets(const bw_draw_list_t& from, surface::DrawList& list) {
    for (surface::DrawCommand& command : list.commands) {
        const auto& given = from.commands[&command - list.commands.data()];
        if (command.video >= 0) continue;
        const uint64_t end = uint64_t{command.first_index} + command.count;
        if (end > from.index_count)
            return base::Error{"invalid", "draw list: a command goes beyond the indices"};
        const auto first = static_cast<uint32_t>(list.indices.size());
        if (first + uint64_t{command.count} > surface::kMaxIndices)
            return base::Error{"full", "the draw list has more entries than a picture may have"};
        for (uint64_t i = command.first_index; i < end; ++i)
            list.indices.push_back(given.vertex_offset +
                                   (from.indices ? from.indices[i] : from.indices16[i]));
        command.first_index = first;
    }
    return {};
}

/// "invalid" if an array is missing that is counted.
base::Result<surface::DrawList> copy_of(const bw_draw_list_t& from) {
    const bool none = (from.vertex_count && !from.vertices) ||
                      (from.index_count && !from.indices && !from.indices16) ||
                      (from.command_count && !from.commands) || (from.video_count && !from.videos);
    if (none) return base::Error{"invalid", "the panel gave a count without its array"};
    surface::DrawList list;
    copy(list.vertices, from.vertices, from.vertex_count, surface::kMaxVertices);
    copy(list.videos, from.videos, from.video_count, surface::kMaxVideos);
    bool plain = from.indices != nullptr || from.index_count == 0;
    for (uint32_t i = 0; i < std::min(from.command_count, surface::kMaxCommands + 1); ++i) {
        surface::DrawCommand command{};
        std::memcpy(&command, &from.commands[i], sizeof command);
        list.commands.push_back(command);
        plain = plain && from.commands[i].vertex_offset == 0;
    }
    if (plain)
        copy(list.indices, from.indices, from.index_count, surface::kMaxIndices);
    else if (auto copied = copy_with_offsets(from, list); !copied)
        return copied.error();
    return list;
}

}  // namespace

base::Result<PaneWish> parse_wish(std::string_view json) {
    nlohmann::json body;
    if (!events::read_json(json, body) || !body.is_object())
        return base::Error{"invalid", "a configure message without its JSON"};
    PaneWish wish;
    wish.pane = events::text_of(body, "pane");
    wish.panel = events::text_of(body, "panel");
    wish.language = events::text_of(body, "language", "zh");
    wish.space = events::text_of(body, "space", "live");
    auto offset = body.find("utc_offset_minutes");
    if (offset != body.end() && offset->is_number_integer())
        wish.utc_offset_minutes = std::clamp(offset->get<int32_t>(), -840, 840);
    wish.keepouts = keepouts_of(body);
    auto settings = body.find("settings");
    bool given = settings != body.end() && settings->is_object();
    wish.settings = given ? settings->dump() : "{}";
    if (wish.pane.empty() || wish.panel.empty())
        return base::Error{"invalid", "a configure message names no pane or no panel"};
    return wish;
}

Pane::~Pane() {
    alarm::watch(surface_, nullptr);
    const alarm::Call call;
    if (panel_ != nullptr) panel_->destroy(panel_);
}

void Pane::watch() {
    alarm::watch(surface_, &writer_.block());
}

bool Pane::create(const bw_panel_entry_t& entry, const bw_host_t* host) {
    const alarm::Call call;
    panel_ = entry.create(host, handle_, wish_.panel.c_str());
    return panel_ != nullptr;
}

void Pane::configure(const std::string& view) {
    const surface::Configure& size = writer_.configure();
    bw_pane_config_t config{};
    config.width = size.width;
    config.height = size.height;
    config.scale = size.scale;
    config.pane = wish_.pane.c_str();
    config.settings = wish_.settings.c_str();
    config.language = wish_.language.c_str();
    config.view = view.c_str();
    const alarm::Call call;
    panel_->configure(panel_, &config);
    dirty_ = true;
}

bool Pane::subscribed(std::string_view prefix) const {
    return std::find(prefixes_.begin(), prefixes_.end(), prefix) != prefixes_.end();
}

void Pane::deliver(const events::Event& event, bool replayed) {
    bool wanted = std::any_of(prefixes_.begin(), prefixes_.end(), [&](const std::string& prefix) {
        return events::matches(prefix, event);
    });
    if (!wanted) return;
    bw_event_t out{};
    out.type = event.type.c_str();
    out.subject = event.subject.c_str();
    out.source = event.source.c_str();
    out.time = event.time.c_str();
    out.data = event.data.c_str();
    out.sequence = event.sequence;
    out.revision = event.revision;
    out.tombstone = event.tombstone;
    out.replayed = replayed;
    const alarm::Call call;
    if (panel_->event(panel_, &out)) dirty_ = true;
}

void Pane::input(const surface::Input& input) {
    if (input.type == BW_INPUT_PRESS) pressed_ns_ = base::mono_ns();
    bw_input_t out{input.type, input.button, input.x, input.y, input.wheel};
    const alarm::Call call;
    if (panel_->input(panel_, &out)) dirty_ = true;
}

bool Pane::wants_draw(int64_t now_ns) const {
    bool cause = dirty_ || (next_draw_ns_ != 0 && next_draw_ns_ <= now_ns);
    return cause && writer_.taken();
}

int64_t Pane::wake_ns() const {
    return writer_.taken() ? next_draw_ns_ : 0;
}

base::Result<bool> Pane::draw() {
    dirty_ = false;
    bw_draw_list_t from{};
    bool shown = false;
    {
        const alarm::Call call;
        shown = panel_->draw(panel_, &from);
    }
    next_draw_ns_ = from.next_draw_ns;
    writer_.block().next_draw_ns.store(next_draw_ns_, std::memory_order_relaxed);
    if (!shown) return false;
    auto list = copy_of(from);
    if (!list) return list.error();
    auto published = surface::publish_draw_list(writer_, *list, base::mono_ns(), &textures_);
    if (!published) return published.error();
    return true;
}

void Pane::vouch(int64_t as_of_ns, int64_t now_ns) {
    writer_.block().as_of_ns.store(as_of_ns, std::memory_order_release);
    writer_.block().beat_ns.store(now_ns, std::memory_order_relaxed);
}

}  // namespace bw::panel
