// SPDX-License-Identifier: Apache-2.0
// The command line of `beaconwall`. What each verb does stands in its own file.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <functional>

#include "core/base/log.h"
#include "core/cli/arguments.h"
#include "core/cli/commands.h"

namespace bw::cli {
namespace {

void add_run(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("run", "check a site and run its wall");
    auto options = std::make_shared<RunOptions>();
    verb->add_option("site", options->site, "a site folder such as layouts/demo")->required();
    verb->add_flag("--headless", options->headless, "no windows; the wall is seen in the console");
    verb->add_option("--run-dir", options->run_dir, "sockets and pid files");
    verb->add_option("--state-dir", options->state_dir, "journal, records, pictures");
    verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

void add_check(CLI::App& app, Action& action) {
    auto* verb = app.add_subcommand("check", "validate every file of a site");
    auto options = std::make_shared<CheckOptions>();
    verb->add_option("site", options->site, "a site folder such as layouts/demo")->required();
    verb->add_flag("--plan", options->plan, "print what the supervisor would start");
    verb->callback([&action, options] { action = [options] { return check(*options); }; });
}

void add_plugin(CLI::App& app, Action& action) {
    auto* plugin = app.add_subcommand("plugin", "what is installed, and what vendors make");
    plugin->require_subcommand(1);
    auto* list = plugin->add_subcommand("list", "plugins and their panels");
    auto json = std::make_shared<bool>(false);
    list->add_flag("--json", *json, "one JSON document");
    list->callback([&action, json] { action = [json] { return plugin_list(*json); }; });

    auto* make = plugin->add_subcommand("new", "a plugin that builds, to begin with");
    auto fresh = std::make_shared<NewOptions>();
    make->add_option("name", fresh->name, "its name, such as river_gauge")->required();
    make->add_option("dir", fresh->folder, "a folder that is new or empty")->required();
    make->add_option("--panel", fresh->panel, "cpp: with the SDK; c: with panel.h alone")
        ->check(CLI::IsMember({"cpp", "c", "none"}));
    make->add_option("--service", fresh->service, "what feeds it")
        ->check(CLI::IsMember({"cpp", "python", "none"}));
    make->callback([&action, fresh] { action = [fresh] { return plugin_new(*fresh); }; });

    auto* check = plugin->add_subcommand("check", "tries a plugin by every rule");
    check->prefix_command();  // all that follows is the checker's
    check->callback(
        [&action, check] { action = [check] { return plugin_check(check->remaining()); }; });

    auto* picture = plugin->add_subcommand("picture", "draws a panel from recorded events");
    auto shot = std::make_shared<std::vector<std::string>>(3);
    picture->add_option("path", (*shot)[0], "the folder with its plugin.toml")->required();
    picture->add_option("panel", (*shot)[1], "one of its panels")->required();
    picture->add_option("png", (*shot)[2], "the picture to write; - for none")->required();
    picture->allow_extras();  // the checker's: --events --size --scale --language --compare
    picture->callback([&action, picture, shot] {
        action = [picture, shot] {
            std::vector<std::string> words{(*shot)[0], "--panel", (*shot)[1]};
            if ((*shot)[2] != "-") words.insert(words.end(), {"--picture", (*shot)[2]});
            for (const std::string& word : picture->remaining()) words.push_back(word);
            return plugin_check(words);
        };
    });

    auto* install = plugin->add_subcommand("install", "shows what it may do and puts it in place");
    auto where = std::make_shared<InstallOptions>();
    install->add_option("path", where->folder, "the folder with its plugin.toml")->required();
    install->add_flag("--yes", where->yes, "without asking");
    install->callback([&action, where] { action = [where] { return plugin_install(*where); }; });

    auto* remove = plugin->add_subcommand("remove", "takes an installed plugin away");
    auto name = std::make_shared<std::string>();
    remove->add_option("name", *name, "its name")->required();
    remove->callback([&action, name] { action = [name] { return plugin_remove(*name); }; });
}

void add_others(CLI::App& app, Action& action) {
    auto displays = std::make_shared<bool>(false);
    auto* check =
        app.add_subcommand("doctor", "what this machine can do, and what to do about each lack");
    check->add_flag("--displays", *displays, "what is plugged in, ready to paste into wall.toml");
    check->callback([&action, displays] { action = *displays ? doctor_displays : doctor; });
    auto* source = app.add_subcommand("source", "cameras and other sources");
    source->require_subcommand(1);
    auto* probe = source->add_subcommand("probe", "what is at an address, ready for cameras.toml");
    auto options = std::make_shared<ProbeOptions>();
    probe->add_option("uri", options->uri, "an address such as rtsp://192.0.2.1/main")->required();
    probe->add_flag("--login", options->login, "ask for a name and a password");
    probe->callback([&action, options] { action = [options] { return source_probe(*options); }; });
    app.add_subcommand("version", "print the version")->callback([&action] { action = version; });
}

/// "unknown verb … ; allowed: …" when a word stands where a verb is wanted; else empty.
std::string unknown_verb(const CLI::App& app) {
    const CLI::App* at = &app;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    const std::vector<std::string> left = app.remaining(true);
    if (left.empty() || left.front().starts_with('-') || at->get_require_subcommand_min() == 0)
        return {};
    std::string allowed;
    for (const CLI::App* verb : at->get_subcommands([](const CLI::App*) { return true; }))
        allowed += (allowed.empty() ? "" : ", ") + verb->get_name();
    return fmt::format("{}: unknown verb \"{}\"; allowed: {}\n", at->get_name(), left.front(),
                       allowed);
}

int parse_and_act(int argc, char** argv) {
    Action action;
    CLI::App app("Beaconwall: the wall of an emergency command hall", "beaconwall");
    app.require_subcommand(1);
    add_run(app, action);
    add_check(app, action);
    add_ctl(app, action);
    add_plugin(app, action);
    add_operator(app, action);
    add_key(app, action);
    add_audit(app, action);
    add_rules(app, action);
    add_journal(app, action);
    add_others(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (const std::string text = unknown_verb(app);
            error.get_exit_code() != 0 && !text.empty()) {
            fmt::print(stderr, "{}", text);
            return Exit::usage;
        }
        return app.exit(error) == 0 ? Exit::done : Exit::usage;
    }
    return action();
}

}  // namespace
}  // namespace bw::cli

int main(int argc, char** argv) {
    bw::base::log_init("beaconwall");
    try {
        return bw::cli::parse_and_act(argc, argv);
    } catch (const std::exception& error) {
        // Only of our own mistakes or of memory: what people and peers send never throws.
        bw::base::log_error("{}", error.what());
        return bw::cli::Exit::refused;
    }
}
