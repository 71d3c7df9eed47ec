// SPDX-License-Identifier: Apache-2.0
// The command line of `beaconwall operator`, `key`, `audit` and `rules`.
#include <CLI/CLI.hpp>

#include "core/base/duration.h"
#include "core/cli/arguments.h"
#include "core/cli/commands.h"

namespace bw::cli {
namespace {

template <class Options>
void add_wall(CLI::App& verb, Options& options) {
    verb.add_option("--site", options.site, "whose wall it is");
    verb.add_option("--state-dir", options.state_dir, "the wall's state folder");
    verb.add_option("--run-dir", options.run_dir, "its run folder, with the state in it");
}

/// A script's variable that has nothing in it must not pass for a head that was found.
std::string hash_fault(const std::string& text) {
    const bool fine =
        text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    return fine ? "" : "found \"" + text + "\"; allowed: a hash, 64 hex digits";
}

}  // namespace

void add_operator(CLI::App& app, Action& action) {
    auto* people = app.add_subcommand("operator", "who may do what on a wall");
    people->require_subcommand(1);
    const auto options = std::make_shared<OperatorOptions>();
    const auto add = [&](const char* name, const char* help, int (*verb)(const OperatorOptions&)) {
        auto* made = people->add_subcommand(name, help);
        made->callback(
            [&action, options, verb] { action = [options, verb] { return verb(*options); }; });
        add_wall(*made, *options);
        return made;
    };
    auto* make = add("add", "a new one; the password is typed, or a line of stdin", operator_add);
    auto* remove = add("remove", "takes one away, with all tokens", operator_remove);
    auto* password = add("password", "another password", operator_password);
    auto* token = add("token", "a new token, for scripts; it is printed once", operator_token);
    auto* revoke = add("revoke", "takes a token away", operator_revoke);
    for (auto* verb : {make, remove, password, token, revoke})
        verb->add_option("name", options->name, "whose")->required();
    make->add_option("--role", options->role,
                     "viewer, duty_officer, leader, administrator, or one "
                     "of the site's roles.toml")
        ->required();
    for (auto* verb : {make, token})
        verb->add_option("--until", options->until, "a day or a time; none: until removed");
    revoke->add_option("token", options->token, "its eight digits, as list shows them")->required();
    add("list", "all of them", operator_list)
        ->add_flag("--json", options->json, "one JSON document");
}

void add_key(CLI::App& app, Action& action) {
    auto* keys = app.add_subcommand("key", "which other machines may connect to a wall");
    keys->require_subcommand(1);
    const auto options = std::make_shared<KeyOptions>();
    const auto add = [&](const char* name, const char* help, int (*verb)(const KeyOptions&)) {
        auto* made = keys->add_subcommand(name, help);
        made->callback(
            [&action, options, verb] { action = [options, verb] { return verb(*options); }; });
        add_wall(*made, *options);
        return made;
    };
    auto* make = add("new", "a new pair: one half for the machine, one for the wall", key_new);
    auto* revoke = add("revoke", "takes one away, with its connections", key_revoke);
    for (auto* verb : {make, revoke}) verb->add_option("name", options->name, "whose")->required();
    make->add_option("--role", options->role,
                     "what it may: viewer (else), duty_officer, leader, administrator, or one of "
                     "the site's roles.toml");
    make->add_option("--file", options->file, "where its half goes; else NAME.key");
    add("list", "all of them", key_list)->add_flag("--json", options->json, "one JSON document");
}

void add_audit(CLI::App& app, Action& action) {
    auto* audit = app.add_subcommand("audit", "what was done, and by whom");
    audit->require_subcommand(1);
    const auto options = std::make_shared<AuditOptions>();
    auto* verify = audit->add_subcommand("verify", "finds changed, removed and reordered lines");
    add_wall(*verify, *options);
    verify->add_option("--head", options->head, "a hash kept elsewhere, that one line has to have")
        ->check(hash_fault);
    verify->callback([&action, options] { action = [options] { return audit_verify(*options); }; });
}

void add_rules(CLI::App& app, Action& action) {
    auto* rules = app.add_subcommand("rules", "what a site's rules do");
    rules->require_subcommand(1);
    const auto options = std::make_shared<RulesOptions>();
    auto* test = rules->add_subcommand("test", "what they would have done");
    test->add_option("site", options->site, "a site folder such as layouts/demo")->required();
    test->add_option("--since", options->since,
                     "8h, a day or a time; none: 24h, of a file all of it");
    test->add_option("--until", options->until, "the same; none: now");
    test->add_option("--file", options->file, "recorded events, JSON Lines; none: the journal");
    test->add_option("--state-dir", options->state_dir, "the wall's state folder");
    test->add_option("--run-dir", options->run_dir, "its run folder, with the state in it");
    test->add_flag("--json", options->json, "one JSON document");
    test->callback([&action, options] { action = [options] { return rules_test(*options); }; });
}

void add_journal(CLI::App& app, Action& action) {
    auto* journal = app.add_subcommand("journal", "what was, as a file");
    journal->require_subcommand(1);
    const auto options = std::make_shared<JournalOptions>();
    const auto add = [&](const char* name, const char* help, int (*verb)(const JournalOptions&)) {
        auto* made = journal->add_subcommand(name, help);
        made->callback(
            [&action, options, verb] { action = [options, verb] { return verb(*options); }; });
        return made;
    };
    auto* out = add("export", "a span of it, whether or not the wall runs", journal_export);
    out->add_option("file", options->file, "FILE.jsonl.gz")->required();
    out->add_option("--since", options->since, "from this day or time on")->check(base::time_fault);
    out->add_option("--until", options->until, "before this day or time")->check(base::time_fault);
    out->add_option("--type", options->type, "the beginning of their type");
    out->add_option("--subject", options->subject, "the beginning of their subject");
    auto* check = add("check", "whether all of it is as it was written", journal_check);
    check->add_option("file", options->file, "an exported or set aside one; none: the wall's");
    for (auto* verb : {out, check}) add_wall(*verb, *options);
    auto* in = add("import", "into the journal of a running wall", journal_import);
    in->add_option("file", options->file, "an exported one")->required();
    in->add_option("--run-dir", options->run_dir, "the wall's run folder");
    in->add_option("--token-file", options->token_file, "a file with an operator's token")
        ->check(CLI::ExistingFile);
}

}  // namespace bw::cli
