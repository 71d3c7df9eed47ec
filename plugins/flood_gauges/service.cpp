// SPDX-License-Identifier: Apache-2.0
// Water: what stations report becomes levels, trends, distances to thresholds and a day's series.
#include <beaconwall/service/clock.h>
#include <beaconwall/service/log.h>

#include "stations.h"

namespace {

using bw::flood::Stations;

class FloodService {
  public:
    explicit FloodService(bw::sdk::Service& service)
        : service_(service), records_(service, {bw::flood::kStationType}) {
        load("stations.json", "stations");
        load("reservoirs.json", "reservoirs");
        service_.wire().on_event([this](const bw::events::Event& event, bw::events::Lane, bool) {
            stations_.take(event, [this](bw::events::Event state) {
                service_.wire().publish(std::move(state));
            });
        });
        service_.wire().subscribe({"beaconwall.field.gauge.v1/", "beaconwall.field.reservoir.v1/",
                                   "beaconwall.field.history.v1/gauge/",
                                   std::string(bw::flood::kSeriesType) + "/"});
        bw::sdk::once_settled(service_, [this] {
            for (const auto& [subject, data] : stations_.records()) {
                records_.put(bw::flood::kStationType, subject, data);
            }
            records_.remove_others(bw::flood::kStationType);
            records_.commit();
        });
        service_.every(5000, [this] {
            stations_.publish_series(
                [this](bw::events::Event series) { service_.wire().publish(std::move(series)); });
        });
    }

  private:
    void load(const char* file, const char* member) {
        auto text = bw::sdk::read_data(service_, file);
        if (!text) {
            bw::base::log_info("{}: no such stations on this site", text.error().text);
            return;
        }
        auto loaded = stations_.load(*text, member);
        if (!loaded) bw::base::log_warning("{}: {}", file, loaded.error().text);
    }

    bw::sdk::Service& service_;
    bw::sdk::OwnRecords records_;
    Stations stations_;
};

}  // namespace

int main() {
    auto service = bw::sdk::Service::from_environment();
    FloodService flood(*service);
    return service->run();
}
