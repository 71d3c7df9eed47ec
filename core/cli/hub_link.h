// SPDX-License-Identifier: Apache-2.0
// ctl's way to the hub, and what its verbs share.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/cli/commands.h"
#include "core/events/client.h"

namespace bw::cli {

/// Null when no wall runs there; it is said on stderr then, and `exit_code` set.
std::unique_ptr<events::Client> open_hub(const CtlOptions& options, int& exit_code);

/// Opens the hub, asks, and puts the answer into `answer`. Gives the exit code; a refusal is said
/// on stderr.
int ask(const CtlOptions& options, std::string_view verb, const nlohmann::json& body,
        nlohmann::json& answer);
/// As ask(), with a command to `subject` that the wall executes within `expires_ms` or not at all.
int ask_command(const CtlOptions& options, const char* type, const std::string& subject,
                const nlohmann::json& data, int64_t expires_ms, nlohmann::json& answer);
int ask_command(events::Client& client, const char* type, const std::string& subject,
                const nlohmann::json& data, int64_t expires_ms, nlohmann::json& answer);

/// The exit code of a reply; says on stderr why it was refused.
int judge(const events::Reply& reply, nlohmann::json& answer);
/// False after saying on stderr that what `option` was given is no JSON.
bool parse_data(const char* option, const std::string& text, nlohmann::json& out);
/// One line; what is no UTF-8 is replaced.
std::string one_line(const nlohmann::json& value);
/// Several lines, for --json.
std::string document(const nlohmann::json& value);
/// Prints events (CloudEvents) for people or as JSON lines.
void print_event(const nlohmann::json& event, bool as_json);

}  // namespace bw::cli
