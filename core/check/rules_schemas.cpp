// SPDX-License-Identifier: Apache-2.0
// The schemas of a plugin's folder: one for each type that it sends, held against its own examples
// and against what was recorded; and those of its panels' settings.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/check/rules.h"
#include "core/schema/ours.h"

namespace bw::check {
namespace {

using nlohmann::json;

/// All that the hub will want a schema for: publishes, owns, and commands of panels.
std::vector<std::string> sent_types(const config::Plugin& p) {
    std::vector<std::string> words = p.publishes;
    words.insert(words.end(), p.owns.begin(), p.owns.end());
    for (const auto& panel : p.panels)
        words.insert(words.end(), panel.commands.begin(), panel.commands.end());
    return words;
}

bool names(const std::string& word, const std::string& type) {
    return word == type || (word.back() == '.' && type.rfind(word, 0) == 0);
}

bool is_ours(const std::string& word) {
    const auto ours = schema::our_files();
    return std::any_of(ours.begin(), ours.end(), [&](const schema::OurFile& file) {
        return names(word, std::string(file.type));
    });
}

/// The first word of the manifest that no schema is for; empty: each has one.
std::string without_schema(const config::Plugin& p) {
    for (const std::string& word : sent_types(p)) {
        if (word.rfind("x.", 0) == 0 || is_ours(word)) continue;
        if (std::none_of(p.schemas.begin(), p.schemas.end(),
                         [&](const auto& each) { return names(word, each.first); }))
            return word;
    }
    return {};
}

/// What is wrong with the first example that does not match; empty: all do.
std::string bad_example(const schema::Schema& schema) {
    const json& examples = schema.examples();
    for (size_t i = 0; i < examples.size(); ++i)
        if (const auto fault = schema.check(examples[i]))
            return fault->text(fmt::format("examples/{}", i));
    return {};
}

/// As above, of what was recorded of types that the plugin, or Beaconwall, has a schema for.
std::string bad_event(const Subject& subject, size_t& held) {
    std::vector<schema::FileFault> none;
    const schema::ByName ours = schema::compile_ours(none);
    for (const events::Event& event : subject.events) {
        const schema::ByName& its =
            subject.plugin.schemas.contains(event.type) ? subject.plugin.schemas : ours;
        const auto found = its.find(event.type);
        if (found == its.end() || event.tombstone) continue;
        ++held;
        if (const auto fault = found->second->check_text(event.data))
            return fmt::format("{} {} of {}: {}", event.type, event.subject, event.time,
                               fault->text("data"));
    }
    return {};
}

}  // namespace

Finding rule_event_schemas(const Subject& subject) {
    const config::Plugin& p = subject.plugin;
    if (const std::string word = without_schema(p); !word.empty())
        return {Verdict::fail,
                fmt::format("there is no schema for {}, so the hub will refuse it", word),
                fmt::format("put schemas/{}{}.json into the folder: docs/vendors/manifest.md", word,
                            word.back() == '.' ? "…" : "")};
    const auto words = sent_types(p);
    for (const auto& [type, schema] : p.schemas) {
        if (const std::string fault = bad_example(*schema); !fault.empty())
            return {Verdict::fail, fmt::format("schemas/{}.json: {}", type, fault),
                    "mend the example, or the schema"};
        if (std::none_of(words.begin(), words.end(),
                         [&, &type = type](const std::string& word) { return names(word, type); }))
            return {
                Verdict::warning,
                fmt::format("schemas/{}.json is of a type that plugin.toml does not name", type),
                "name it in `publishes`, `owns` or `commands`, or leave the file out"};
    }
    size_t held = 0;
    if (const std::string fault = bad_event(subject, held); !fault.empty())
        return {Verdict::fail, fault, "mend what sends it, or begin a new version of the type"};
    return {Verdict::pass,
            fmt::format("{} schemas, {} recorded events match", p.schemas.size(), held),
            {}};
}

Finding rule_settings_schemas(const Subject& subject) {
    size_t count = 0;
    for (const auto& panel : subject.plugin.panels) {
        const std::string file = fmt::format("schemas/settings/{}.json", panel.id);
        if (panel.settings == nullptr)
            return {Verdict::warning, "there is no " + file,
                    "write one, if only to say that there are no settings: else a typing error in "
                    "a layout is seen when somebody looks at the panel"};
        ++count;
        if (const std::string fault = bad_example(*panel.settings); !fault.empty())
            return {Verdict::fail, file + ": " + fault, "mend the example, or the schema"};
        // What is required has no default: a layout says it.
        const auto fault = panel.settings->check(panel.settings->defaults());
        if (fault && !(fault->keyword == "required" && fault->pointer.empty()))
            return {Verdict::fail, fmt::format("{}: {}", file, fault->text("the defaults")),
                    "a `default` has to match its own schema"};
    }
    return {Verdict::pass, fmt::format("{} panels", count), {}};
}

}  // namespace bw::check
