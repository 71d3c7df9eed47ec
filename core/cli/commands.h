// SPDX-License-Identifier: Apache-2.0
// Every verb of `beaconwall`: its options, and the function that does it and gives the exit code.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/cli/wall_state.h"

namespace bw::cli {

/// docs: 0 done, 1 refused or faulty input, 2 wrong usage, 3 no running wall found, 4 timed out.
enum Exit : int { done = 0, refused = 1, usage = 2, no_wall = 3, timed_out = 4 };

struct RunOptions {
    std::filesystem::path site;
    std::optional<std::filesystem::path> run_dir, state_dir;
    bool headless = false;
};
/// Does not return when all is well: the process becomes the supervisor.
int run(const RunOptions& options);

struct CheckOptions {
    std::filesystem::path site;
    bool plan = false;
};
int check(const CheckOptions& options);

int plugin_list(bool json);
struct NewOptions {
    std::string name;
    std::filesystem::path folder;
    std::string panel = "cpp", service = "none";
};
int plugin_new(const NewOptions& options);
struct InstallOptions {
    std::filesystem::path folder;
    bool yes = false;
};
/// Shows what the plugin may do, asks, and puts it beside the others.
int plugin_install(const InstallOptions& options);
int plugin_remove(const std::string& name);
/// Does not return when all is well: the process becomes the checker, which reads `words`.
int plugin_check(const std::vector<std::string>& words);
int doctor();
/// The outputs of this machine as [[display]] entries.
int doctor_displays();
int version();

struct ProbeOptions {
    std::string uri;
    bool login = false;
};
/// Does not return when all is well: the process becomes media's program.
int source_probe(const ProbeOptions& options);

struct OperatorOptions : WallOptions {
    std::string name, role, until, token;
    bool json = false;
};
int operator_add(const OperatorOptions& options);
int operator_list(const OperatorOptions& options);
int operator_remove(const OperatorOptions& options);
int operator_password(const OperatorOptions& options);
int operator_token(const OperatorOptions& options);
int operator_revoke(const OperatorOptions& options);

struct KeyOptions : WallOptions {
    std::string name, role = "viewer";
    std::optional<std::filesystem::path> file;  // none: NAME.key
    bool json = false;
};
int key_new(const KeyOptions& options);
int key_list(const KeyOptions& options);
int key_revoke(const KeyOptions& options);

struct AuditOptions : WallOptions {
    std::string head;
};
int audit_verify(const AuditOptions& options);

struct RulesOptions {
    std::filesystem::path site;
    std::optional<std::filesystem::path> state_dir, run_dir, file;
    std::string since, until;
    bool json = false;
};
/// What the site's rules would have done in that span.
int rules_test(const RulesOptions& options);

struct JournalOptions {
    std::optional<std::filesystem::path> site, state_dir, run_dir, token_file;
    std::filesystem::path file;
    std::string since, until, type, subject;
};
/// The first two do not return when all is well: the process becomes the hub's program.
int journal_export(const JournalOptions& options);
int journal_check(const JournalOptions& options);
int journal_import(const JournalOptions& options);

struct CtlOptions {
    std::optional<std::filesystem::path> run_dir;
    std::optional<std::filesystem::path> token_file;
    std::string hub;                                // "tcp://ADDRESS:PORT"; empty: on this machine
    std::optional<std::filesystem::path> key_file;  // with `hub`
    bool json = false;
    std::string space = "live";
    // take, preview: where it is shown; empty: in the space that is on air
    std::string into;
    // space start
    bool exercise = false, replay = false;
    int speed = 1;
    // preview, take, undo, edit
    std::string layout;
    std::optional<int64_t> fade_ms, push_ms, if_take;
    bool cut = false;
    std::string other, on = "display", shows, settings;
    // hold, release, save
    std::string zone, duration, holder, title;
    // snapshot; `pane` also of edit
    std::filesystem::path file;
    std::string display, pane;
    bool preview = false;
    // events, publish, record
    std::string type, subject, data = "{}";
    std::optional<int64_t> revision;
    bool follow = false, durable = false;
    // events: a sequence or a time; a time. `since` also of audit; both of space start
    std::string since, until;
    // plugin restart, save, space
    std::string name;
};
int ctl_status(const CtlOptions& options);
int ctl_layouts(const CtlOptions& options);
int ctl_preview(const CtlOptions& options);
int ctl_take(const CtlOptions& options);
int ctl_undo(const CtlOptions& options);
int ctl_edit_swap(const CtlOptions& options);
int ctl_edit_full(const CtlOptions& options);
int ctl_edit_back(const CtlOptions& options);
int ctl_edit_show(const CtlOptions& options);
int ctl_save(const CtlOptions& options);
int ctl_hold(const CtlOptions& options);
int ctl_release(const CtlOptions& options);
int ctl_snapshot(const CtlOptions& options);
int ctl_events(const CtlOptions& options);
int ctl_publish(const CtlOptions& options);
int ctl_record_get(const CtlOptions& options);
int ctl_record_list(const CtlOptions& options);
int ctl_record_put(const CtlOptions& options);
int ctl_record_watch(const CtlOptions& options);
int ctl_source_retry(const CtlOptions& options);
int ctl_audit(const CtlOptions& options);
int ctl_rules_test(const CtlOptions& options);
int ctl_attention(const CtlOptions& options);
int ctl_acknowledge(const CtlOptions& options);
int ctl_space_list(const CtlOptions& options);
int ctl_space_start(const CtlOptions& options);
int ctl_space_end(const CtlOptions& options);
int ctl_plugin_restart(const CtlOptions& options);
int ctl_plugin_reload(const CtlOptions& options);

}  // namespace bw::cli
