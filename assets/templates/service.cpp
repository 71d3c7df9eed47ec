// Feeds @TITLE@: reads the field and publishes a reading each second. Single-threaded.
#include <beaconwall/service/service.h>

#include <cmath>
#include <string>

int main() {
    auto service = bw::sdk::Service::from_environment();
    double seconds = 0;
    service->every(1000, [&] {
        seconds += 1;
        bw::events::Event event;
        event.type = "@TYPE@";
        event.subject = "@NAME@/1";
        // Here is where the field's own protocol goes: watch() another descriptor, or ask.
        event.data = R"({"name": {"zh": "一号", "en": "Number one"}, "unit": "m", "value": )" +
                     std::to_string(10 + std::sin(seconds / 60)) + "}";
        service->wire().publish(std::move(event));
    });
    return service->run();
}
