// SPDX-License-Identifier: Apache-2.0
// demo_field-service plays the field for a demo site: cameras over RTSP, everything else as events.
#include <beaconwall/service/log.h>
#include <beaconwall/service/service.h>
#include <unistd.h>

#include "cameras.h"
#include "field.h"

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
