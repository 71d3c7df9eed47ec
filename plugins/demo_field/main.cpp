// SPDX-License-Identifier: Apache-2.0
// demo_field-service plays the field for a demo site: cameras over RTSP, everything else as events.
#include <unistd.h>

#include "core/base/log.h"
#include "core/sdk/service/service.h"
#include "plugins/demo_field/cameras.h"
#include "plugins/demo_field/field.h"

int main() {
    bw::base::log_init("demo_field");
    const auto service = bw::sdk::Service::from_environment();
    bw::demo_field::play_field(*service);
    const auto cameras = bw::demo_field::play_cameras(*service);
    (void)cameras;  // they play while the service runs
    const int code = service->run();
    // The server's players are not waited for: the process owns nothing that outlives it.
    _exit(code);
}
