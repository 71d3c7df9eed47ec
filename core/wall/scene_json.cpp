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

/// All that the hash covers.
json body(const Scene& scene) {
    json panes = json::array();
    for (const ScenePane& pane : scene.panes) panes.push_back(pane_json(pane));
    return {{"layout", scene.layout},
            {"title", text_json(scene.title)},
            {"transition", transition_json(scene.transition)},
            {"panes", panes}};
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
    for (const json& pane : document.at("panes")) scene.panes.push_back(read_pane(pane));
    return scene;
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
    if (scene_hash(scene) != scene.hash) return invalid("the hash does not match");
    return scene;
}

}  // namespace bw::wall
