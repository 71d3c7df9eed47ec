// SPDX-License-Identifier: Apache-2.0
// Stores: movements of goods become records per store, per item and per shortage.
#include <beaconwall/service/log.h>
#include <beaconwall/service/records.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "stock.h"

namespace {

using bw::supplies::kShortageType;
using bw::supplies::kStockType;

constexpr const char* kMovementType = "beaconwall.field.stock.v1";

class SuppliesService {
  public:
    explicit SuppliesService(bw::sdk::Service& service)
        : service_(service), records_(service, {kStockType, kShortageType}) {
        load();
        service_.wire().on_event([this](const bw::events::Event& event, bw::events::Lane,
                                        bool replayed) { take(event, replayed); });
        service_.wire().subscribe({std::string(kMovementType) + "/"});
        bw::sdk::once_settled(service_, [this] { catch_up(written_); });
    }

  private:
    void load() {
        auto items = bw::sdk::read_data(service_, "items.json");
        auto stores = bw::sdk::read_data(service_, "stores.json");
        if (!items || !stores) {
            bw::base::log_info("{}: no stores on this site",
                               (!items ? items : stores).error().text);
            return;
        }
        auto loaded = stock_.load(*items, *stores);
        if (!loaded) bw::base::log_warning("items.json, stores.json: {}", loaded.error().text);
    }

    void take(const bw::events::Event& event, bool replayed) {
        if (replayed && event.type == kStockType && event.subject.rfind("store/", 0) == 0) {
            written_ = std::max(written_, event.sequence);
            if (!settled_ && !event.tombstone) stock_.adopt(event.subject.substr(6), event.data);
        } else if (event.type == kMovementType) {
            move(event);
        }
    }

    /// One movement: the store, the item, and the shortage that came or went.
    void move(const bw::events::Event& event) {
        size_t first = event.subject.find('/'), second = event.subject.rfind('/');
        if (first == std::string::npos || first == second) return;
        std::string store = event.subject.substr(first + 1, second - first - 1);
        std::string item = event.subject.substr(second + 1);
        auto data = nlohmann::json::parse(event.data, nullptr, false);
        if (!data.is_object() || !data.contains("pieces") || !data["pieces"].is_number_integer() ||
            !stock_.set(store, item, data["pieces"].get<int64_t>())) {
            bw::base::log_warning("no such store, item or quantity: {} {}", event.subject,
                                  event.data);
            return;
        }
        if (!settled_) return;
        write_store(store);
        write_item(item);
        write_shortage(store, item);
        records_.commit();
    }

    /// Movements that happened while no service ran: durable, but in no snapshot. A service that
    /// never wrote begins with the site's files.
    void catch_up(uint64_t since) {
        if (since == 0) return settled();
        nlohmann::json question = {{"since", since}, {"type", kMovementType}, {"limit", 1000}};
        service_.wire().request(
            "events", question.dump(), 2000, [this](const bw::events::Reply& reply) {
                auto body = nlohmann::json::parse(reply.body, nullptr, false);
                if (!reply.ok || !body.is_object() || !body.contains("events")) {
                    bw::base::log_warning("movements of the past are not told: {}", reply.text);
                    return settled();
                }
                for (const auto& missed : body["events"]) {
                    auto event = bw::events::parse_event(missed.dump());
                    if (event) move(*event);
                }
                bool more = body.value("more", false) && body.contains("next");
                if (!more) return settled();
                catch_up(body["next"].is_string() ? std::stoull(body["next"].get<std::string>())
                                                  : body["next"].get<uint64_t>());
            });
    }

    void settled() {
        settled_ = true;
        for (const std::string& item : stock_.items()) write_item(item);
        for (const std::string& store : stock_.stores()) {
            write_store(store);
            for (const auto& line : stock_.lines(store)) write_shortage(store, line.item);
        }
        records_.remove_others(kStockType);
        records_.remove_others(kShortageType);
        records_.commit();
    }

    void write_store(const std::string& store) {
        records_.put(kStockType, "store/" + store, stock_.store_record(store));
    }
    void write_item(const std::string& item) {
        records_.put(kStockType, "item/" + item, stock_.item_record(item));
    }
    void write_shortage(const std::string& store, const std::string& item) {
        std::string subject = "shortage/" + store + "/" + item;
        std::string record = stock_.shortage_record(store, item);
        if (record.empty()) {
            records_.remove(kShortageType, subject);
        } else {
            records_.put(kShortageType, subject, record);
        }
    }

    bw::sdk::Service& service_;
    bw::sdk::OwnRecords records_;
    bw::supplies::Stock stock_;
    uint64_t written_ = 0;  // the newest sequence of our own records in an earlier life
    bool settled_ = false;
};

}  // namespace

int main() {
    auto service = bw::sdk::Service::from_environment();
    SuppliesService supplies(*service);
    return service->run();
}
