// SPDX-License-Identifier: Apache-2.0
// The command line of `beaconwall ctl`.
#include <CLI/CLI.hpp>

#include "core/base/duration.h"
#include "core/cli/arguments.h"
#include "core/cli/commands.h"

namespace bw::cli {
namespace {

using Options = std::shared_ptr<CtlOptions>;
using Verb = int (*)(const CtlOptions&);

/// One verb below `parent`.
CLI::App* add(CLI::App& parent, const char* name, const char* help, Action& action,
              const Options& options, Verb verb) {
    auto* app = parent.add_subcommand(name, help);
    app->callback(
        [&action, options, verb] { action = [options, verb] { return verb(*options); }; });
    return app;
}

/// CLI11's own words for this name the largest double there is.
std::string whole_number(const std::string& text) {
    const bool fine = !text.empty() && text.size() < 19 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
    return fine ? "" : "found \"" + text + "\"; allowed: a whole number from 0";
}

std::string hub_fault(const std::string& text) {
    return text.rfind("tcp://", 0) == 0 && text.find(':', 6) != std::string::npos
               ? ""
               : "found \"" + text + "\"; allowed: tcp://ADDRESS:PORT";
}

std::string sequence_or_time(const std::string& text) {
    if (whole_number(text).empty()) return "";
    return base::time_fault_or("a whole number from 0, or ", text);
}

/// A script's variable that has nothing in it must not take the preview.
std::string not_empty(const std::string& text) {
    return text.empty() ? "a name is not empty; leave it out to take the preview" : "";
}

/// None: as the layout says.
void add_transition(CLI::App& verb, const Options& o) {
    auto* fade = verb.add_option("--fade", o->fade_ms, "cross-fade, milliseconds");
    auto* push = verb.add_option("--push", o->push_ms, "move in from the right, milliseconds");
    auto* cut = verb.add_flag("--cut", o->cut, "at once");
    for (auto* length : {fade, push}) length->check(CLI::Range(0, 10000))->excludes(cut);
    fade->excludes(push);
}

void add_if_take(CLI::App& verb, const Options& o) {
    verb.add_option("--if-take", o->if_take, "only if this take is on air")->check(whole_number);
}

void add_wall_verbs(CLI::App& ctl, Action& action, const Options& o) {
    add(ctl, "status", "what runs and how fresh it is", action, o, ctl_status)
        ->add_flag("--json", o->json, "one JSON document");
    add(ctl, "layouts", "the layouts of this wall", action, o, ctl_layouts)
        ->add_flag("--json", o->json, "one JSON document");
    auto* preview = add(ctl, "preview", "prepare a layout", action, o, ctl_preview);
    preview->add_option("layout", o->layout, "its name")->required();
    auto* take = add(ctl, "take", "show a layout, or what is prepared", action, o, ctl_take);
    take->add_option("layout", o->layout, "its name; none: the preview")->check(not_empty);
    for (auto* verb : {preview, take})
        verb->add_option("--space", o->into, "live, or a space; none: the one on air");
    add_transition(*take, o);
    add_if_take(*take, o);
    add_transition(*add(ctl, "undo", "back to the take before", action, o, ctl_undo), o);
}

std::string duration_fault(const std::string& text) {
    return base::parse_duration(text) ? "" : "a duration is 90s, 30m, 2h or 1h30m, at most 30 days";
}

void add_hold_verbs(CLI::App& ctl, Action& action, const Options& o) {
    auto* hold = add(ctl, "hold", "keep takes off a zone", action, o, ctl_hold);
    auto* release = add(ctl, "release", "end a hold", action, o, ctl_release);
    for (auto* verb : {hold, release})
        verb->add_option("zone", o->zone, "a zone, a display, or wall")->required();
    hold->add_option("--for", o->duration, "how long: 90s, 30m, 2h; none: until released")
        ->check(duration_fault);
    hold->add_option("--as", o->holder, "whose it is");
}

void add_edit_verbs(CLI::App& ctl, Action& action, const Options& o) {
    auto* edit = ctl.add_subcommand("edit", "change what is on air, pane by pane");
    edit->require_subcommand(1);
    auto* swap = add(*edit, "swap", "two panes change places", action, o, ctl_edit_swap);
    auto* full = add(*edit, "full", "one pane full screen", action, o, ctl_edit_full);
    auto* back = add(*edit, "back", "end the full screen", action, o, ctl_edit_back);
    auto* show = add(*edit, "show", "another content in a pane", action, o, ctl_edit_show);
    for (auto* verb : {swap, full, show}) verb->add_option("pane", o->pane, "its id")->required();
    swap->add_option("other", o->other, "the other's id")->required();
    full->add_option("--on", o->on, "display, zone or wall")
        ->check(CLI::IsMember({"display", "zone", "wall"}));
    show->add_option("shows", o->shows, "camera/ID or PLUGIN/PANEL")->required();
    show->add_option("--settings", o->settings, "of the panel, JSON");
    for (auto* verb : {swap, full, back, show}) {
        add_transition(*verb, o);
        add_if_take(*verb, o);
    }
    auto* save = add(ctl, "save", "what is on air as a layout", action, o, ctl_save);
    save->add_option("name", o->name, "it becomes layouts/saved-NAME.toml")->required();
    save->add_option("--title", o->title, "ZH/EN; none: as it was");
    save->add_option("--as", o->holder, "who saves it");
}

void add_snapshot(CLI::App& ctl, Action& action, const Options& o) {
    auto* verb = add(ctl, "snapshot", "a picture of the wall", action, o, ctl_snapshot);
    verb->add_option("file", o->file, "FILE.png")->required();
    auto* display = verb->add_option("--display", o->display, "of one display");
    verb->add_option("--pane", o->pane, "of one pane")->excludes(display);
    verb->add_flag("--preview", o->preview, "of what is prepared");
}

void add_event_verbs(CLI::App& ctl, Action& action, const Options& o) {
    auto* events = add(ctl, "events", "what was published", action, o, ctl_events);
    events->add_option("--type", o->type, "the beginning of their type");
    events->add_option("--subject", o->subject, "the beginning of their subject");
    events->add_option("--since", o->since, "only after this sequence, or from this day or time on")
        ->check(sequence_or_time);
    events->add_option("--until", o->until, "only before this day or time")
        ->check(base::time_fault);
    events->add_option("--space", o->space, "live, or another space");
    events->add_flag("--follow", o->follow, "go on with what comes");
    events->add_flag("--json", o->json, "JSON");
    auto* publish = add(ctl, "publish", "publish an event", action, o, ctl_publish);
    publish->add_option("type", o->type, "its type, such as x.test.v1")->required();
    publish->add_option("--subject", o->subject, "the thing it is about")->required();
    publish->add_option("--data", o->data, "JSON")->required();
    publish->add_option("--space", o->space, "live, or another space");
    publish->add_flag("--durable", o->durable, "in the durable lane");
}

void add_record_verbs(CLI::App& ctl, Action& action, const Options& o) {
    auto* record = ctl.add_subcommand("record", "records: what the running wall knows");
    record->require_subcommand(1);
    auto* get = add(*record, "get", "one record", action, o, ctl_record_get);
    auto* put = add(*record, "put", "write a record", action, o, ctl_record_put);
    auto* list = add(*record, "list", "all of a type", action, o, ctl_record_list);
    auto* watch =
        add(*record, "watch", "all of a type, and what changes", action, o, ctl_record_watch);
    for (auto* verb : {get, put, list, watch})
        verb->add_option("type", o->type, "its type")->required();
    for (auto* verb : {get, put})
        verb->add_option("subject", o->subject, "the thing it is about")->required();
    for (auto* verb : {get, put, list, watch})
        verb->add_option("--space", o->space, "live, or another space");
    for (auto* verb : {get, list, watch}) verb->add_flag("--json", o->json, "JSON");
    put->add_option("--data", o->data, "JSON")->required();
    put->add_option("--revision", o->revision, "only if this is its revision")->check(whole_number);
}

void add_space_verbs(CLI::App& ctl, Action& action, const Options& o) {
    auto* space = ctl.add_subcommand("space", "exercises and replays, apart from what is live");
    space->require_subcommand(1);
    add(*space, "list", "which there are", action, o, ctl_space_list)
        ->add_flag("--json", o->json, "one JSON document");
    auto* start = add(*space, "start", "begin one", action, o, ctl_space_start);
    auto* end = add(*space, "end", "end one", action, o, ctl_space_end);
    for (auto* verb : {start, end}) verb->add_option("name", o->name, "its name")->required();
    auto* exercise = start->add_flag("--exercise", o->exercise, "from what live knows now");
    auto* replay = start->add_flag("--replay", o->replay, "a span of the journal");
    exercise->excludes(replay);
    start->add_option("--title", o->title, "ZH/EN, for the band on every tile");
    const auto time = [](const std::string& text) {
        return base::parse_duration(text) ? "" : base::time_fault_or("8h (so long ago), ", text);
    };
    start->add_option("--since", o->since, "a replay's beginning: a day, a time, or 8h ago")
        ->check(time)
        ->needs(replay);
    start->add_option("--until", o->until, "a replay's end; none: now")->check(time)->needs(replay);
    start->add_option("--speed", o->speed, "of a replay, 1 to 60")
        ->check(CLI::Range(1, 60))
        ->needs(replay);
}

}  // namespace

void add_ctl(CLI::App& app, Action& action) {
    const auto options = std::make_shared<CtlOptions>();
    auto* ctl = app.add_subcommand("ctl", "speak with a running wall");
    auto* here = ctl->add_option("--run-dir", options->run_dir, "the wall's run folder");
    auto* hub = ctl->add_option("--hub", options->hub, "a wall elsewhere: tcp://ADDRESS:PORT");
    auto* key = ctl->add_option("--key", options->key_file, "with --hub: the file of key new");
    hub->needs(key)->excludes(here)->check(hub_fault);
    key->needs(hub)->check(CLI::ExistingFile);
    ctl->add_option("--token-file", options->token_file, "a file with an operator's token")
        ->check(CLI::ExistingFile);
    ctl->require_subcommand(1);
    add_wall_verbs(*ctl, action, options);
    add_hold_verbs(*ctl, action, options);
    add_edit_verbs(*ctl, action, options);
    add_snapshot(*ctl, action, options);
    add_event_verbs(*ctl, action, options);
    add_record_verbs(*ctl, action, options);
    add_space_verbs(*ctl, action, options);
    auto* audit =
        add(*ctl, "audit", "who did what, and what was refused", action, options, ctl_audit);
    audit->add_option("--since", options->since, "a day or a time");
    audit->add_flag("--json", options->json, "one JSON document");
    auto* rules = ctl->add_subcommand("rules", "what the site's rules do");
    rules->require_subcommand(1);
    auto* test = add(*rules, "test", "what they would have done", action, options, ctl_rules_test);
    test->add_option("--since", options->since, "8h, a day or a time; none: 24h");
    test->add_flag("--json", options->json, "one JSON document");
    add(*ctl, "attention", "what people should look at", action, options, ctl_attention)
        ->add_flag("--json", options->json, "one JSON document");
    add(*ctl, "acknowledge", "an item of attention is seen to", action, options, ctl_acknowledge)
        ->add_option("subject", options->subject, "as attention shows it")
        ->required();
    auto* source = ctl->add_subcommand("source", "what the wall plays");
    source->require_subcommand(1);
    add(*source, "retry", "try a source again at once", action, options, ctl_source_retry)
        ->add_option("id", options->subject, "such as camera/FF-001")
        ->required();
    auto* plugin = ctl->add_subcommand("plugin", "plugins of the running wall");
    plugin->require_subcommand(1);
    add(*plugin, "reload", "start its new version beside the old one, and swap when it shows",
        action, options, ctl_plugin_reload)
        ->add_option("name", options->name, "its name")
        ->required();
    add(*plugin, "restart", "restart a plugin's processes", action, options, ctl_plugin_restart)
        ->add_option("name", options->name, "its name")
        ->required();
}

}  // namespace bw::cli
