// SPDX-License-Identifier: Apache-2.0
// beaconwall-panel: hosts one plugin's panel library. Started by the supervisor, which names the
// plugin in `start`; opens nothing by path but that library.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <string>

#include "core/base/log.h"
#include "core/panel/host.h"

namespace {

void give_up_privileges() {
    rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

}  // namespace

int main() {
    using namespace bw;
    give_up_privileges();
    auto joined = control::join_supervisor(false);
    if (!joined) {
        std::fprintf(stderr, "panel: %s\n", joined.error().text.c_str());
        return 2;
    }
    auto& [channel, start] = *joined;
    base::log_init("panel " + std::string(start.message.name_view()));
    auto host = panel::Host::start(channel, start);
    control::Message message;
    if (!host) {
        base::log_error("{}", host.error().text);
        message.kind = control::Kind::failed;
        message.set_text(host.error().text);
        (void)channel.send(message);
        return 1;
    }
    message.kind = control::Kind::ready;
    (void)channel.send(message);
    return (*host)->run();
}
