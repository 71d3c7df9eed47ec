// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/messages.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/compositor/feed.h"
#include "core/compositor/words.h"
#include "core/surface/link.h"

namespace bw::compositor {

using nlohmann::json;

namespace {

base::Error bad(const std::string& what) {
    return {"invalid", what};
}

json parse(std::string_view text) {
    return json::parse(text, nullptr, false);
}

// Text of ours and of peers may hold anything: never throw on it.
std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string string_at(const json& object, const char* key) {
    auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json reason_json(const Verdict& verdict, const std::string& text, const std::string& language) {
    if (verdict.reason == surface::Reason::none && text.empty()) return nullptr;
    surface::ReasonWords words = surface::reason_words(verdict.reason);
    std::string said = language == "en" ? words.en : words.zh;
    return {{"code", words.code}, {"text", text.empty() ? said : said + ": " + text}};
}

json taken_json(const Taken& taken) {
    return {{"take", taken.take},
            {"frame_id", taken.frame_id},
            {"commit_to_frame_ms", taken.commit_to_frame_ms},
            {"late_panes", taken.late_panes}};
}

json age_json(const Verdict& verdict) {
    return verdict.age_ns / 1'000'000;
}

json display_json(const DisplayReport& d) {
    json out = {{"name", d.name},
                {"machine", d.machine},
                {"width_px", d.width_px},
                {"height_px", d.height_px},
                {"renderer", d.renderer},
                {"software", d.software},
                {"pictures", d.pictures},
                {"frames_drawn", d.frames_drawn},
                {"frames_missed", d.pace.missed},
                {"pixels_written", d.pixels_written},
                {"pixels_changed", d.pixels_changed},
                {"last_draw_ms", d.pace.last_draw_ms},
                {"draw_p99_ms", d.pace.draw_p99_ms},
                {"lateness_p50_ms", d.pace.lateness_p50_ms},
                {"lateness_p99_ms", d.pace.lateness_p99_ms},
                {"lateness_max_ms", d.pace.lateness_max_ms},
                {"refresh_hz", d.refresh_hz},
                {"last_take", nullptr},
                {"output", nullptr}};
    if (d.last_take) out["last_take"] = taken_json(*d.last_take);
    if (!d.output.empty()) out["output"] = d.output;
    return out;
}

json pane_json(const PaneReport& p, const std::string& language) {
    json videos = json::array();
    for (const VideoReport& v : p.videos) {
        videos.push_back({{"source", v.source},
                          {"freshness", freshness_word(v.verdict.freshness)},
                          {"age_ms", age_json(v.verdict)},
                          {"updates", v.updates}});
    }
    return {{"id", p.id},
            {"shows", p.shows},
            {"display", p.display},
            {"freshness", freshness_word(p.verdict.freshness)},
            {"age_ms", age_json(p.verdict)},
            {"updates", p.updates},
            {"reason", reason_json(p.verdict, p.text, language)},
            {"videos", videos}};
}

// `transition`, or what older hubs say: `fade_ms`.
config::Transition transition_at(const json& live) {
    using Kind = config::Transition::Kind;
    auto ms_at = [](const json& object, const char* key) -> uint32_t {
        auto found = object.find(key);
        if (found == object.end() || !found->is_number()) return 0;
        return static_cast<uint32_t>(std::clamp(found->get<double>(), 0.0, 10'000.0));
    };
    auto found = live.find("transition");
    if (found == live.end() || !found->is_object()) {
        const uint32_t ms = ms_at(live, "fade_ms");
        return {ms > 0 ? Kind::fade : Kind::cut, ms};
    }
    const std::string kind = string_at(*found, "kind");
    const uint32_t ms = ms_at(*found, "ms");
    if (ms == 0 || (kind != "fade" && kind != "push")) return {};
    return {kind == "push" ? Kind::push : Kind::fade, ms};
}

base::Result<wall::Scene> scene_at(const json& object) {
    auto found = object.find("scene");
    if (found == object.end() || !found->is_object()) return bad("no scene");
    return wall::parse_scene(dump(*found));
}

}  // namespace

std::string configure_json(const Wish& wish, bool on_air) {
    if (wish.kind != surface::SlotKind::draw_list) {
        json out = {{"source", wish.source}, {"on_air", on_air}, {"rate", 30}};
        if (wish.fit == surface::Fit::stretch) out["fit"] = "stretch";
        if (wish.fit == surface::Fit::cover) {
            out["fit"] = "cover";
            out["focus"] = {wish.focus.x, wish.focus.y};
        }
        return dump(out);
    }
    json settings = parse(wish.settings);
    json out = {{"pane", wish.pane},
                {"panel", wish.panel},
                {"settings", settings.is_object() ? settings : json::object()},
                {"space", wish.space},
                {"language", wish.language},
                {"utc_offset_minutes", hall_clock()},
                {"keepouts", wish.keepouts}};
    if (wish.clock != base::SpaceClock{})
        out["clock"] = {{"wall_ns", wish.clock.wall_ns},
                        {"space_ns", wish.clock.space_ns},
                        {"rate", wish.clock.rate}};
    return dump(out);
}

base::Result<std::optional<wall::Scene>> parse_next(std::string_view data) {
    json object = parse(data);
    if (!object.is_object()) return bad("wall.next is no object");
    auto found = object.find("scene");
    if (found == object.end() || found->is_null()) return std::optional<wall::Scene>();
    auto scene = scene_at(object);
    if (!scene.ok()) return scene.error();
    return std::optional<wall::Scene>(std::move(*scene));
}

base::Result<Live> parse_live(std::string_view data) {
    json object = parse(data);
    if (!object.is_object()) return bad("wall.live is no object");
    auto scene = scene_at(object);
    if (!scene.ok()) return scene.error();
    Live out;
    out.scene = std::move(*scene);
    auto take = object.find("take"), at = object.find("at_ns");
    if (take != object.end() && take->is_number_unsigned()) out.take = take->get<uint64_t>();
    if (at != object.end() && at->is_number_integer()) out.at_ns = at->get<int64_t>();
    out.scene.take = out.take;
    out.transition = transition_at(object);
    return out;
}

base::Result<std::vector<Hold>> parse_holds(std::string_view data) {
    json object = parse(data);
    if (!object.is_object()) return bad("wall.holds is no object");
    std::vector<Hold> out;
    auto list = object.find("holds");
    if (list == object.end() || !list->is_array()) return bad("wall.holds has no list");
    for (const json& one : *list) {
        if (!one.is_object()) return bad("a hold is an object");
        Hold hold;
        hold.zone = string_at(one, "zone");
        hold.by = string_at(one, "by");
        auto title = one.find("title"), until = one.find("until_ns");
        if (title != one.end() && title->is_object())
            hold.title = {string_at(*title, "zh"), string_at(*title, "en")};
        if (until != one.end() && until->is_number_integer()) hold.until_ns = until->get<int64_t>();
        out.push_back(std::move(hold));
    }
    return out;
}

base::Result<std::string> parse_journal(std::string_view data) {
    json object = parse(data);
    if (!object.is_object()) return bad("wall.journal is no object");
    std::string disk = string_at(object, "disk");
    if (disk.empty()) return bad("wall.journal does not say how the disk is");
    return disk;
}

std::optional<AttentionItem> parse_attention(std::string_view data) {
    json object = parse(data);
    if (!object.is_object()) return std::nullopt;
    AttentionItem out;
    out.active = string_at(object, "state") == "active";
    out.since = string_at(object, "since");
    auto level = object.find("level"), title = object.find("title");
    if (level != object.end() && level->is_number_integer())
        out.level = static_cast<int>(std::clamp<int64_t>(level->get<int64_t>(), 1, 4));
    if (title != object.end() && title->is_object())
        out.title = {string_at(*title, "zh"), string_at(*title, "en")};
    return out;
}

base::Result<SnapshotAsk> parse_snapshot(std::string_view data) {
    json object = parse(data);
    if (!object.is_object()) return bad("a snapshot is asked for with an object");
    SnapshotAsk out{string_at(object, "display"), string_at(object, "pane"), false};
    auto preview = object.find("preview");
    if (preview != object.end() && preview->is_boolean()) out.preview = preview->get<bool>();
    return out;
}

std::string snapshot_reply(const std::string& put_blob_body, int width, int height) {
    json body = parse(put_blob_body);
    return dump({{"digest", body.is_object() ? string_at(body, "digest") : std::string()},
                 {"width", width},
                 {"height", height}});
}

std::optional<SourceName> parse_source(std::string_view data) {
    json object = parse(data);
    if (!object.is_object()) return std::nullopt;
    SourceName out;
    out.place = string_at(object, "place");
    auto name = object.find("name");
    if (name != object.end() && name->is_object())
        out.name = {string_at(*name, "zh"), string_at(*name, "en")};
    return out;
}

std::string to_json(const Taken& taken) {
    json out = taken_json(taken);
    out["hash"] = taken.hash;
    json displays = json::array();
    for (const std::string& name : taken.displays)
        displays.push_back({{"name", name}, {"frame_id", taken.frame_id}});
    out["displays"] = displays;
    return dump(out);
}

std::string ready_json(const std::string& hash) {
    return dump({{"hash", hash}});
}

std::string on_air_json(const wall::Scene& scene) {
    return dump({{"take", scene.take}, {"scene", parse(wall::to_json(scene))}});
}

std::string press_json(const std::string& plugin, uint32_t seat) {
    return dump({{"plugin", plugin}, {"seat", seat}});
}

std::string take_json(const std::string& layout) {
    return dump({{"layout", layout}});
}

std::string nonce_of(std::string_view data) {
    json object = parse(data);
    if (!object.is_object() || !object.contains("nonce")) return "null";
    return dump(object["nonce"]);
}

std::string parse_site_digest(std::string_view data) {
    const json object = parse(data);
    return object.is_object() ? string_at(object, "digest") : std::string();
}

std::string to_json(const Report& report, const std::string& nonce, const std::string& language) {
    json out = {{"nonce", parse(nonce)},
                {"displays", json::array()},
                {"panes", json::array()},
                {"limits", json::array()}};
    for (const DisplayReport& d : report.displays) out["displays"].push_back(display_json(d));
    for (const PaneReport& p : report.panes) out["panes"].push_back(pane_json(p, language));
    for (const Limit& l : report.limits)
        out["limits"].push_back({{"what", l.what}, {"state", l.state}, {"effect", l.effect}});
    return dump(out);
}

}  // namespace bw::compositor
