// SPDX-License-Identifier: Apache-2.0
// Live edits: what they make of the layout on air, whom they would disturb, and saving them.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/events/json.h"
#include "core/hub/scenes.h"
#include "core/wall/hold.h"
#include "core/wall/layout_toml.h"

namespace bw::hub {

using nlohmann::json;
using wall::Edit;

namespace {

constexpr size_t kMaxTextBytes = 1024;  // as a layout's file allows

auto newest_full(std::vector<Edit>& edits) {
    const auto found = std::find_if(edits.rbegin(), edits.rend(),
                                    [](const Edit& e) { return e.op == Edit::Op::full; });
    return found == edits.rend() ? edits.end() : std::prev(found.base());
}

/// Rectangles of panes that only one of the two has, just so.
void differences(const wall::Scene& a, const wall::Scene& b, std::vector<wall::RectMm>& rects) {
    for (const wall::ScenePane& pane : a.panes)
        if (std::find(b.panes.begin(), b.panes.end(), pane) == b.panes.end())
            rects.push_back(pane.rect);
}

/// A source that no file names: a saved layout with it would be a fault of the site.
std::string unfiled_source(const config::Layout& layout, const config::Site& files) {
    for (const config::Pane& pane : layout.panes) {
        const bool filed =
            std::any_of(files.cameras.begin(), files.cameras.end(),
                        [&](const config::Camera& camera) { return camera.id == pane.shows; });
        if (pane.shows.rfind("camera/", 0) == 0 && !filed) return pane.shows;
    }
    return {};
}

bool is_line(const std::string& text) {
    return text.size() <= kMaxTextBytes && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

/// By the hall's clock, to the minute.
std::string now_text(const config::Wall& wall) {
    const int64_t offset_ns = wall.utc_offset_minutes * 60 * base::kSecond;
    const std::string text = base::rfc3339(base::wall_ns() + offset_ns);
    return text.substr(0, 10) + " " + text.substr(11, 5);
}

}  // namespace

std::optional<Scenes::Composed> Scenes::compose(const Entry& entry) const {
    const config::Layout* layout = site_->layout(entry.layout);
    auto space = spaces_.scene_space(entry.space);
    if (layout == nullptr || (entry.space != kLive && !space)) return std::nullopt;
    const wall::Scene plain = wall::resolve(
        *site_, edited(*site_, registry_.plugins(), *layout, entry.edits), std::move(space));
    Composed what{plain, entry, plain.hash, {}, {}};
    const auto boxes = holds_.boxes();
    if (!on_air_ || boxes.empty()) return what;
    wall::Held held = wall::with_holds(*on_air_, plain, boxes);
    what.scene = std::move(held.scene);
    what.held = holds_.zones();
    what.left_out = std::move(held.left_out);
    return what;
}

const config::Layout* Scenes::edited_file(const Entry& entry, const ReplyFn& reply) const {
    const config::Layout* layout = on_air_ ? site_->layout(entry.layout) : nullptr;
    if (layout == nullptr)
        reply(refusal("refused",
                      "the layout on air is no longer in the site: take another one first"));
    return layout;
}

base::Result<Entry> Scenes::with_edit(const config::Layout& layout, const Entry& base,
                                      const json& data) const {
    Entry entry = base;
    std::vector<Edit>& edits = entry.edits;
    if (events::text_of(data, "op") == "back") {
        const auto full = newest_full(edits);
        if (full == edits.end()) return base::Error{"refused", "no pane is full screen"};
        edits.erase(full);
        return entry;
    }
    auto edit = read_edit(data);
    if (!edit) return edit.error();
    if (edits.size() >= kMaxEdits)
        return base::Error{"refused", fmt::format("{} has {} edits already: save it as a layout",
                                                  layout.name, edits.size())};
    std::optional<base::Error> refused;
    for (;;) {
        const config::Layout before = edited(*site_, registry_.plugins(), layout, edits);
        auto after = wall::apply(*site_, registry_.plugins(), before, *edit);
        if (after) {
            if (*after != before) edits.push_back(std::move(*edit));
            return entry;
        }
        if (!refused) refused = after.error();
        // A pane that a full screen hides: it takes the place of the one that is there.
        const auto full = newest_full(edits);
        if (edit->op != Edit::Op::full || refused->code != "unknown" || full == edits.end())
            return *refused;
        edits.erase(full);
    }
}

// A change that nobody would see is none: an edit has to keep out of what is held.
const Hold* Scenes::held_by(const config::Layout& layout, const Entry& old,
                            const Entry& entry) const {
    const auto& plugins = registry_.plugins();
    const wall::Scene was = wall::resolve(*site_, edited(*site_, plugins, layout, old.edits));
    const wall::Scene is = wall::resolve(*site_, edited(*site_, plugins, layout, entry.edits));
    std::vector<wall::RectMm> rects;
    differences(was, is, rects);
    differences(is, was, rects);
    return holds_.over(rects);
}

void Scenes::edit(const json& data, const std::string& by, ReplyFn reply) {
    settle();
    if (events::text_of(data, "op") == "save") return save(data, by, reply);
    Taking taking;
    if (!begin_taking(data, by, reply, taking)) return;
    const Entry from = base_of(by);
    const config::Layout* layout = edited_file(from, reply);
    if (layout == nullptr) return;
    const auto entry = with_edit(*layout, from, data);
    if (!entry) return reply(refusal(entry.error().code.c_str(), entry.error().text));
    if (const Hold* hold = held_by(*layout, from, *entry)) return reply(holds_.refused(*hold));
    auto what = compose(*entry);
    if (!what) return reply(refusal("refused", "the space on air is over"));
    taking.what = std::move(*what);
    taking.reply = std::move(reply);
    begin(std::move(taking));
}

void Scenes::save(const json& data, const std::string& by, const ReplyFn& reply) {
    const config::Layout* file = edited_file(entry_, reply);
    if (file == nullptr) return;
    std::string name = events::text_of(data, "name");
    if (name.rfind("saved-", 0) != 0) name = "saved-" + name;
    if (name == "saved-" || !base::is_safe_name(name))
        return reply(refusal("invalid",
                             "name is letters A-Z a-z, digits, '-', '_' and '.', at "
                             "most 58 of them"));
    config::Layout layout = edited(*site_, registry_.plugins(), *file, entry_.edits);
    if (const std::string source = unfiled_source(layout, sites_.files()); !source.empty())
        return reply(refusal("refused", source + " is known from a service alone: name it in "
                                                 "cameras.toml, then save"));
    layout.name = name;
    layout.key.clear();  // the key stays with the layout that has it
    const json title = data.value("title", json());
    if (title.is_object())
        layout.title = {events::text_of(title, "zh"), events::text_of(title, "en")};
    const std::string who = events::text_of(data, "as", by);
    if (!is_line(layout.title.zh) || !is_line(layout.title.en) || !is_line(who))
        return reply(refusal("invalid", "title and as are one line of text each"));
    const std::string when = now_text(site_->wall);
    sites_.save_layout(
        name,
        wall::to_toml(
            layout, {fmt::format("{} 于 {} 由版面 {} 保存。", who, when, file->name),
                     fmt::format("Saved by {} on {} from the layout {}.", who, when, file->name)}),
        reply);
}

}  // namespace bw::hub
