// SPDX-License-Identifier: Apache-2.0
// The console's event client on the default GLib main context. Main thread only.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/console/glib_source.h"
#include "core/events/client.h"

namespace bw::console {

/// How long a browser may wait for the hub.
inline constexpr int64_t kHubWaitMs = 3000;

class HubLink {
  public:
    static base::Result<std::unique_ptr<HubLink>> open(const std::string& endpoint);
    [[nodiscard]] bool up() const { return client_->up(); }
    /// A verb of docs/wire.md; `done` is called once, within `wait_ms`.
    void request(std::string_view verb, std::string_view json, events::ReplyHandler done,
                 int64_t wait_ms = kHubWaitMs);
    struct Command {
        std::string type, data;
        std::string subject = "wall";
        std::string session = {};  // of whoever presses; empty: nobody has to be signed in
    };
    /// `done` as above.
    void command(const Command& command, events::ReplyHandler done);

  private:
    explicit HubLink(std::unique_ptr<events::Client> client);
    void pump();

    std::unique_ptr<events::Client> client_;
    GlibAlarm alarm_;
    GlibSource readable_;
};

}  // namespace bw::console
