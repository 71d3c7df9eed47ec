// SPDX-License-Identifier: Apache-2.0
// What can be told without drawing: symbols, libraries, the manifest's panels and subscriptions.
#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>

#include "core/check/rules.h"
#include "core/check/trial.h"

namespace bw::check {

Finding rule_exports(const Subject& subject) {
    Trial trial(subject.glyphs);
    if (const auto loaded = trial.load(subject.plugin.library); !loaded)
        return {Verdict::fail, loaded.error().text,
                "build it with beaconwall_add_plugin(), or link it with panel.version"};
    return {Verdict::pass, "one exported symbol, panel ABI " + std::to_string(BW_ABI_VERSION), {}};
}

namespace {

/// What the library asks the loader for.
std::vector<std::string> needed(void* library) {
    link_map* map = nullptr;
    std::vector<std::string> names;
    if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr) return names;
    const char* strings = nullptr;
    for (const ElfW(Dyn)* entry = map->l_ld; entry->d_tag != DT_NULL; ++entry)
        if (entry->d_tag == DT_STRTAB) strings = reinterpret_cast<const char*>(entry->d_un.d_ptr);
    for (const ElfW(Dyn)* entry = map->l_ld; entry->d_tag != DT_NULL; ++entry)
        if (entry->d_tag == DT_NEEDED && strings != nullptr)
            names.emplace_back(strings + entry->d_un.d_val);
    return names;
}

/// With these a panel process starts anyway, or the host's package brings them.
bool is_everywhere(const std::string& name) {
    constexpr const char* kKnown[] = {
        "libc.so",       "libm.so",        "libstdc++.so", "libgcc_s.so", "libdl.so",
        "libpthread.so", "librt.so",       "ld-linux",     "libfmt.so",   "libspdlog.so",
        "libstb.so",     "libfreetype.so", "libpng",       "libz.so",     "libbrotli"};
    return std::any_of(std::begin(kKnown), std::end(kKnown),
                       [&](const char* known) { return name.rfind(known, 0) == 0; });
}

}  // namespace

Finding rule_libraries(const Subject& subject) {
    void* library = dlopen(subject.plugin.library.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr)
        return {Verdict::fail, dlerror(), "install what is missing, or link it statically"};
    std::string strange;
    for (const std::string& name : needed(library))
        if (!is_everywhere(name)) strange += (strange.empty() ? "" : ", ") + name;
    if (strange.empty()) return {Verdict::pass, "only what every wall has", {}};
    return {Verdict::warning, "it needs " + strange,
            "link it statically, or name its package in your instructions: a hall has no internet"};
}

Finding rule_panels(const Subject& subject) {
    Trial trial(subject.glyphs);
    if (const auto loaded = trial.load(subject.plugin.library); !loaded)
        return {Verdict::fail, loaded.error().text, "see load.exports"};
    for (const auto& panel : subject.plugin.panels)
        if (trial.show(panel.id, {}) == nullptr)
            return {Verdict::fail, fmt::format("create() made no panel \"{}\"", panel.id),
                    "take it out of plugin.toml, or make it"};
    if (trial.show("no such panel", {}) != nullptr)
        return {Verdict::fail, "create() made a panel for an id that does not exist",
                "return null for ids that are not yours"};
    return {Verdict::pass, fmt::format("{} panels", subject.plugin.panels.size()), {}};
}

Finding rule_subscriptions(const Subject& subject) {
    Trial trial(subject.glyphs);
    if (const auto loaded = trial.load(subject.plugin.library); !loaded)
        return {Verdict::fail, loaded.error().text, "see load.exports"};
    const config::Plugin& p = subject.plugin;
    const auto named = [&](const std::string& prefix) {
        if (prefix.rfind("x.", 0) == 0) return true;
        for (const auto* words : {&p.subscribes, &p.publishes, &p.owns})
            for (const std::string& word : *words)
                if (prefix.rfind(word, 0) == 0) return true;
        return false;
    };
    size_t count = 0;
    for (const auto& panel : p.panels) {
        const Shown* shown = trial.show(panel.id, {});
        if (shown == nullptr) continue;
        for (const std::string& prefix : shown->prefixes) {
            ++count;
            if (!named(prefix))
                return {Verdict::fail,
                        fmt::format("{} subscribes to \"{}\", which the hub will refuse", panel.id,
                                    prefix),
                        "name its type in `subscribes` of plugin.toml"};
        }
    }
    return {Verdict::pass, fmt::format("{} subscriptions", count), {}};
}

}  // namespace bw::check
