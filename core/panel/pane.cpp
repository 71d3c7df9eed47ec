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

/// A panel's list as the surface wants it: the panel's own arrays where they are that already, ours
/// where not.
struct Arrays {
    std::vector<surface::DrawCommand> commands;
    std::vector<uint32_t> indices;
    surface::DrawArrays list;
};

/// The ABI's array as what it is on the surface: see the assertions above.
template <class To, class From>
std::span<const To> as_is(const From* array, uint32_t count) {
    static_assert(sizeof(To) == sizeof(From) && alignof(To) <= alignof(From));
    return {reinterpret_cast<const To*>(array), count};
}

template <class Index>
void shifted(const Index* from, uint32_t by, std::span<uint32_t> to) {
    for (size_t i = 0; i < to.size(); ++i) to[i] = by + from[i];
}

/// The commands' triangles one after the other, in 32 bits and without offsets.
base::Status put_in_order(const bw_draw_list_t& from, Arrays& to) {
    for (surface::DrawCommand& command : to.commands) {
        const auto& given = from.commands[&command - to.commands.data()];
        if (command.video >= 0) continue;
        const uint64_t end = uint64_t{command.first_index} + command.count;
        if (end > from.index_count)
            return base::Error{"invalid", "draw list: a command goes beyond the indices"};
        const size_t first = to.indices.size();
        if (first + uint64_t{command.count} > surface::kMaxIndices)
            return base::Error{"full", "the draw list has more entries than a picture may have"};
        to.indices.resize(first + command.count);
        if (from.indices != nullptr)
            shifted(from.indices + command.first_index, given.vertex_offset,
                    std::span(to.indices).subspan(first));
        else
            shifted(from.indices16 + command.first_index, given.vertex_offset,
                    std::span(to.indices).subspan(first));
        command.first_index = static_cast<uint32_t>(first);
    }
    to.list.indices = to.indices;
    return {};
}

/// "invalid" if an array is missing that is counted.
base::Status arrays_of(const bw_draw_list_t& from, Arrays& to) {
    const bool none = (from.vertex_count && !from.vertices) ||
                      (from.index_count && !from.indices && !from.indices16) ||
                      (from.command_count && !from.commands) || (from.video_count && !from.videos);
    if (none) return base::Error{"invalid", "the panel gave a count without its array"};
    bool plain = from.indices != nullptr || from.index_count == 0;
    // One more than allowed is refused further on.
    for (uint32_t i = 0; i < std::min(from.command_count, surface::kMaxCommands + 1); ++i) {
        surface::DrawCommand command{};
        std::memcpy(&command, &from.commands[i], sizeof command);
        to.commands.push_back(command);
        plain = plain && from.commands[i].vertex_offset == 0;
    }
    to.list = {as_is<surface::Vertex>(from.vertices, from.vertex_count),
               {},
               to.commands,
               as_is<surface::VideoCommand>(from.videos, from.video_count)};
    if (!plain) return put_in_order(from, to);
    to.list.indices = {from.indices, from.index_count};
    return {};
}

}  // namespace

namespace {

constexpr size_t kMaxSpaceName = 64;

/// The clock that a configure message gives the pane's space; without one, the hall's.
base::Result<base::SpaceClock> clock_of(const nlohmann::json& body) {
    base::SpaceClock clock;
    const auto given = body.find("clock");
    if (given == body.end()) return clock;
    if (!given->is_object()) return base::Error{"invalid", "a clock is an object"};
    clock.wall_ns = events::integer_of(*given, "wall_ns", -1);
    clock.space_ns = events::integer_of(*given, "space_ns", -1);
    const auto rate = given->find("rate");
    clock.rate = rate != given->end() && rate->is_number() ? rate->get<double>() : -1;
    if (!clock.sound()) return base::Error{"invalid", "the clock of the space shows no time"};
    return clock;
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
    if (wish.space.empty() || wish.space.size() > kMaxSpaceName)
        return base::Error{"invalid", "the name of a space has 1 to 64 bytes"};
    auto clock = clock_of(body);
    if (!clock) return clock.error();
    wish.clock = *clock;
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

namespace {

const Pane* called_pane = nullptr;

/// Stands around a call into the plugin for one of its panes.
class CallFor {
  public:
    explicit CallFor(const Pane* pane) { called_pane = pane; }
    ~CallFor() { called_pane = before_; }
    CallFor(const CallFor&) = delete;
    CallFor& operator=(const CallFor&) = delete;

  private:
    const Pane* const before_ = called_pane;
    const alarm::Call watched_;
};

/// The panel counts in its space's time when it says when it wants to be drawn again, and that may
/// go faster than the hall's. Being drawn too early costs little, a clock that stands is a lie.
int64_t hastened(int64_t asked_ns, int64_t now_ns, double rate) {
    constexpr int64_t kFastest = 200 * base::kMillisecond;
    const int64_t left = asked_ns - now_ns;
    if (asked_ns == 0 || rate <= 1 || left <= kFastest) return asked_ns;
    const auto sooner = static_cast<int64_t>(static_cast<double>(left) / rate);
    return now_ns + std::max(sooner, kFastest);
}

}  // namespace

const Pane* Pane::called() {
    return called_pane;
}

Pane::~Pane() {
    alarm::watch(surface_, nullptr);
    const CallFor call(this);
    if (panel_ != nullptr) panel_->destroy(panel_);
}

void Pane::watch() {
    alarm::watch(surface_, &writer_.block());
}

bool Pane::create(const bw_panel_entry_t& entry, const bw_host_t* host) {
    const CallFor call(this);
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
    const CallFor call(this);
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
    const CallFor call(this);
    if (panel_->event(panel_, &out)) dirty_ = true;
}

void Pane::input(const surface::Input& input) {
    if (input.type == BW_INPUT_PRESS) pressed_ns_ = base::mono_ns();
    bw_input_t out{input.type, input.button, input.x, input.y, input.wheel};
    const CallFor call(this);
    if (panel_->input(panel_, &out)) dirty_ = true;
}

bool Pane::wants_draw(int64_t now_ns) const {
    bool cause = dirty_ || (next_draw_ns_ != 0 && next_draw_ns_ <= now_ns);
    return cause && writer_.taken_or_awaited();
}

int64_t Pane::wake_ns(int64_t now_ns) const {
    return next_draw_ns_ > now_ns ? next_draw_ns_ : 0;  // what is due waits to be taken
}

base::Result<bool> Pane::draw(int64_t as_of_ns) {
    dirty_ = false;
    bw_draw_list_t from{};
    bool shown = false;
    {
        const CallFor call(this);
        shown = panel_->draw(panel_, &from);
    }
    next_draw_ns_ = hastened(from.next_draw_ns, base::mono_ns(), wish_.clock.rate);
    writer_.block().next_draw_ns.store(next_draw_ns_, std::memory_order_relaxed);
    if (!shown) return false;
    Arrays arrays;
    if (auto taken = arrays_of(from, arrays); !taken) return taken.error();
    if (as_of_ns != 0) vouch(as_of_ns, base::mono_ns());
    auto published = surface::publish_draw_list(writer_, arrays.list, base::mono_ns(), &textures_);
    if (!published) return published.error();
    return true;
}

void Pane::vouch(int64_t as_of_ns, int64_t now_ns) {
    writer_.block().as_of_ns.store(as_of_ns, std::memory_order_release);
    writer_.block().beat_ns.store(now_ns, std::memory_order_relaxed);
}

}  // namespace bw::panel
