// SPDX-License-Identifier: Apache-2.0
// What a service that owns records does at its start: read its site's files, hear what the hub
// still knows, then write what differs. The service's thread.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/sdk/service/service.h"

namespace bw::sdk {

/// The text of SITE/data/`name`. Errors: "not_found".
base::Result<std::string> read_data(const Service& service, const std::string& name);

/// Calls `ready` once: when the hub has greeted us and its snapshot has come to rest. Subscribe
/// before.
void once_settled(Service& service, std::function<void()> ready);

/// The records that this service owns: remembers what the hub holds and writes only what differs.
/// Give it every event (heard) from before the subscription on.
class OwnRecords {
  public:
    OwnRecords(Service& service, std::vector<std::string> types);
    /// Queues a write if the hub holds something else.
    void put(const std::string& type, const std::string& subject, const std::string& data);
    void remove(const std::string& type, const std::string& subject);
    /// Removes every record of `type` that put() did not name since the start.
    void remove_others(const std::string& type);
    /// Sends what is queued, in transactions of a bearable size.
    void commit();

  private:
    struct Held {
        std::string data;
        bool named = false;  // by us, in this life
    };
    Service& service_;
    std::vector<std::string> types_;
    std::map<std::pair<std::string, std::string>, Held> held_;
    std::vector<events::RecordWrite> queue_;
};

}  // namespace bw::sdk
