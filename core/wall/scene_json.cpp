// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/wall/scene.h"
#include "core/wall/scene_hash.h"

namespace bw::wall {
namespace {

using json = nlohmann::json;
constexpr size_t kMaxBytes = 1 << 20;
constexpr size_t kMaxPanes = 512;
constexpr double kMaxMm = 1e6;
constexpr std::array<const char*, 3> aspect_words = {"fit", "fill", "crop"};
constexpr std::array<const char*, 3> transition_words = {"cut", "fade", "push"};

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json text_json(const config::Text& text) {
    return {{"zh", text.zh}, {"en", text.en}};
}

json pane_json(const ScenePane& pane) {
    json settings = json::parse(pane.settings, nullptr, false);
    if (!settings.is_object()) settings = json::object();
    return {{"id", pane.id},
            {"kind", pane.kind == Shows::source ? "source" : "panel"},
            {"plugin", pane.plugin},
            {"panel", pane.panel},
            {"source", pane.source},
            {"title", text_json(pane.title)},
            {"caption", pane.caption},
            {"z", pane.z},
            {"rect", {pane.rect.x, pane.rect.y, pane.rect.width, pane.rect.height}},
            {"aspect", aspect_words[static_cast<size_t>(pane.aspect)]},
            {"focus", {pane.focus_x, pane.focus_y}},
            {"grid", pane.grid},
            {"page", pane.page},
            {"pages", pane.pages},
            {"page_ms", pane.page_ms},
            {"settings", std::move(settings)},
            {"space", pane.space}};
}

json transition_json(const config::Transition& transition) {
    return {{"kind", transition_words[static_cast<size_t>(transition.kind)]},
            {"ms", transition.duration_ms}};
}

json space_json(const SceneSpace& space) {
    return {{"name", space.name},
            {"kind", space_word(space.kind)},
            {"title", text_json(space.title)},
            {"wall_ns", space.wall_ns},
            {"space_ns", space.space_ns},
            {"rate", space.rate}};
}

/// All that the hash covers. What is live has no space: its hash is that of older hubs.
json body(const Scene& scene) {
    json panes = json::array();
    for (const ScenePane& pane : scene.panes) panes.push_back(pane_json(pane));
    json out = {{"layout", scene.layout},
                {"title", text_json(scene.title)},
                {"transition", transition_json(scene.transition)},
                {"panes", panes}};
    if (scene.space) out["space"] = space_json(*scene.space);
    return out;
}

config::Text read_text(const json& value) {
    return {value.at("zh").get<std::string>(), value.at("en").get<std::string>()};
}

/// The word's place in its list; none: past its end.
size_t index_of(const std::array<const char*, 3>& words, const json& word) {
    const auto& text = word.get_ref<const std::string&>();
    return static_cast<size_t>(std::find(words.begin(), words.end(), text) - words.begin());
}

// What later versions added has a default: the memory of an older compositor is read, too.
void read_video_part(const json& value, ScenePane& pane) {
    const size_t aspect = value.contains("aspect") ? index_of(aspect_words, value["aspect"]) : 0;
    if (aspect >= aspect_words.size()) pane.id.clear();
    pane.aspect = static_cast<config::Aspect>(aspect);
    const auto focus = value.value("focus", std::array<double, 2>{0.5, 0.5});
    pane.focus_x = focus[0], pane.focus_y = focus[1];
    pane.grid = value.value("grid", "");
    pane.page = value.value("page", 0U);
    pane.pages = value.value("pages", 1U);
    pane.page_ms = value.value("page_ms", 0U);
}

config::Transition read_transition(const json& value) {
    const size_t kind = index_of(transition_words, value.at("kind"));
    if (kind >= transition_words.size()) return {};
    return {static_cast<config::Transition::Kind>(kind), value.at("ms").get<uint32_t>()};
}

int64_t whole_number(const json& value, const char* key) {
    const json& number = value.at(key);
    if (number.is_number_integer() &&
        !(number.is_number_unsigned() && number.get<uint64_t>() > uint64_t{INT64_MAX}))
        return number.get<int64_t>();
    return -1;  // what no clock shows: refused with the bounds
}

/// Throws as below. wrong_space() looks at the kind.
SceneSpace read_space(const json& value) {
    SceneSpace space;
    space.name = value.at("name").get<std::string>();
    if (value.at("kind").get<std::string>() == "replay") space.kind = SceneSpace::Kind::replay;
    space.title = read_text(value.at("title"));
    space.wall_ns = whole_number(value, "wall_ns");
    space.space_ns = whole_number(value, "space_ns");
    space.rate = value.at("rate").get<double>();
    return space;
}

/// Throws what nlohmann throws; parse_scene() catches.
ScenePane read_pane(const json& value) {
    ScenePane pane;
    pane.id = value.at("id").get<std::string>();
    const auto kind = value.at("kind").get<std::string>();
    pane.kind = kind == "source" ? Shows::source : Shows::panel;
    pane.plugin = value.at("plugin").get<std::string>();
    pane.panel = value.at("panel").get<std::string>();
    pane.source = value.at("source").get<std::string>();
    pane.title = read_text(value.at("title"));
    pane.caption = value.at("caption").get<bool>();
    pane.z = value.at("z").get<int>();
    const auto rect = value.at("rect").get<std::array<double, 4>>();
    pane.rect = {rect[0], rect[1], rect[2], rect[3]};
    pane.settings = dump(value.at("settings"));
    pane.space = value.at("space").get<std::string>();
    read_video_part(value, pane);
    if (kind != "source" && kind != "panel") pane.id.clear();
    return pane;
}

/// What is wrong with a pane; empty: nothing.
std::string wrong(const ScenePane& pane, std::set<std::string>& ids) {
    if (pane.id.empty()) return "a pane without id or of unknown kind";
    if (!ids.insert(pane.id).second) return "pane " + pane.id + " twice";
    if (pane.kind == Shows::source ? pane.source.empty()
                                   : pane.plugin.empty() || pane.panel.empty())
        return "pane " + pane.id + " shows nothing";
    for (const double mm : {pane.rect.x, pane.rect.y, pane.rect.width, pane.rect.height})
        if (!(std::abs(mm) <= kMaxMm)) return "pane " + pane.id + " has an impossible rectangle";
    for (const double focus : {pane.focus_x, pane.focus_y})
        if (!(focus >= 0 && focus <= 1)) return "pane " + pane.id + " has no such focus";
    if (pane.pages == 0 || pane.page >= pane.pages || (pane.pages > 1 && pane.page_ms == 0))
        return "pane " + pane.id + " has an impossible page";
    if (pane.rect.width < 0 || pane.rect.height < 0)
        return "pane " + pane.id + " has a negative size";
    if (pane.settings.empty() || pane.settings[0] != '{')
        return "pane " + pane.id + " has settings that are no object";
    return {};
}

base::Error invalid(const std::string& text) {
    return {"invalid", "scene: " + text};
}

Scene read_scene(const json& document) {
    Scene scene;
    scene.hash = document.at("hash").get<std::string>();
    scene.layout = document.at("layout").get<std::string>();
    scene.title = read_text(document.at("title"));
    scene.take = document.at("take").get<uint64_t>();
    if (document.contains("transition")) scene.transition = read_transition(document["transition"]);
    if (document.contains("space") && !document["space"].is_null())
        scene.space = read_space(document["space"]);
    for (const json& pane : document.at("panes")) scene.panes.push_back(read_pane(pane));
    return scene;
}

/// What is wrong with the space of a scene that was read; empty: nothing.
std::string wrong_space(const json& document, const Scene& scene) {
    if (scene.space) {
        const auto kind = document["space"]["kind"].get<std::string>();
        if (kind != space_word(scene.space->kind))
            return "a space is an exercise or a replay, not \"" + kind + "\"";
        if (std::string fault = space_fault(*scene.space); !fault.empty()) return fault;
    }
    const std::string_view name = scene.space ? std::string_view(scene.space->name) : kLiveSpace;
    for (const ScenePane& pane : scene.panes)
        if (pane.space != name)
            return "pane " + pane.id + " is in the space " + pane.space + ", the scene in " +
                   std::string(name) + ": a scene has one space";
    return {};
}

}  // namespace

std::string scene_hash(const Scene& scene) {
    const std::string text = dump(body(scene));
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
    static constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    for (size_t i = 0; i < 16; ++i) {
        hex += digits[digest[i] >> 4];
        hex += digits[digest[i] & 15];
    }
    return hex;
}

std::string to_json(const Scene& scene) {
    json document = body(scene);
    document["hash"] = scene.hash;
    document["take"] = scene.take;
    return dump(document);
}

base::Result<Scene> parse_scene(std::string_view text) {
    if (text.size() > kMaxBytes) return invalid("longer than 1 MiB");
    const json document = json::parse(text, nullptr, false);
    if (!document.is_object()) return invalid("no JSON object");
    Scene scene;
    try {
        scene = read_scene(document);
    } catch (const json::exception& error) {
        return invalid(error.what());
    }
    if (scene.panes.size() > kMaxPanes) return invalid("more than 512 panes");
    std::set<std::string> ids;
    for (const ScenePane& pane : scene.panes)
        if (const std::string text_of_fault = wrong(pane, ids); !text_of_fault.empty())
            return invalid(text_of_fault);
    if (const std::string fault = wrong_space(document, scene); !fault.empty())
        return invalid(fault);
    if (scene_hash(scene) != scene.hash) return invalid("the hash does not match");
    return scene;
}

}  // namespace bw::wall
