// SPDX-License-Identifier: Apache-2.0
// Which event types exist, what they are, and who may send them: our own table, the plugins'
// manifests, and x., which is free. On the loop.
#pragma once

#include <string>
#include <vector>

#include "core/config/site.h"
#include "core/schema/folder.h"

namespace bw::hub {

enum class Class {
    telemetry,  // last value kept per subject
    momentary,  // telemetry without a last value: answers and presses
    record,
    command,
    free,  // x.: whatever its sender makes of it
};

/// What the data of a type are held against.
struct Contract {
    bool free = false;                       // x.: nothing
    const schema::Schema* schema = nullptr;  // until the next renew(); null: see `why_none`
    std::string why_none;                    // a sentence why nothing of the type may be sent
};

class Registry {
  public:
    explicit Registry(std::vector<config::Plugin> plugins);

    /// A sentence why `sender` may not publish `type` (durable or telemetry); empty: it may.
    [[nodiscard]] std::string publish_fault(const std::string& type,
                                            const std::string& sender) const;
    /// As above, for writing a record.
    [[nodiscard]] std::string record_fault(const std::string& type,
                                           const std::string& sender) const;
    /// As above, for sending a command that somebody handles.
    [[nodiscard]] std::string command_fault(const std::string& type,
                                            const std::string& sender) const;
    /// As above, for subscribing to `prefix` of "type/subject". Who is no plugin may hear
    /// everything.
    [[nodiscard]] std::string subscribe_fault(const std::string& prefix,
                                              const std::string& sender) const;
    /// Every command that is known by name: ours, each of which has a rule in
    /// core/access/rules.cpp, and those that panels' manifests name.
    [[nodiscard]] std::vector<std::string> commands() const;
    /// Whose command it is: of the plugin whose panels may send it, or whose types begin so; empty:
    /// no manifest names it.
    [[nodiscard]] std::string plugin_of_command(const std::string& type) const;
    /// A plugin's own schema goes before that of another plugin which names the type, too.
    [[nodiscard]] Contract contract(const std::string& type, const std::string& sender) const;
    /// Bytes of an event of that type: 64 KiB; 1 MiB for those that carry a scene or a report.
    [[nodiscard]] size_t most_bytes(const std::string& type) const;
    /// Every type of ours.
    [[nodiscard]] static std::vector<std::string> our_types();
    [[nodiscard]] bool keeps_last(const std::string& type) const;
    /// In place of the manifest of that name.
    void renew(const config::Plugin& plugin);
    [[nodiscard]] const std::vector<config::Plugin>& plugins() const { return plugins_; }

  private:
    [[nodiscard]] const config::Plugin* plugin(const std::string& name) const;
    [[nodiscard]] const config::Plugin* sender_plugin(const std::string& sender) const;
    [[nodiscard]] const config::Plugin* owner_of(const std::string& type) const;
    std::vector<config::Plugin> plugins_;
    schema::ByName ours_;  // the schemas of our own types
};

}  // namespace bw::hub
