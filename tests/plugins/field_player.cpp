// SPDX-License-Identifier: Apache-2.0
// The exercise's field alone, without its cameras: what the tests of the services are played to by.
#include "plugins/demo_field/field.h"

int main() {
    auto service = bw::sdk::Service::from_environment();
    bw::demo_field::play_field(*service);
    return service->run();
}
