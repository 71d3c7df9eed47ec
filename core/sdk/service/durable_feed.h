// SPDX-License-Identifier: Apache-2.0
// Durable events for somebody outside who may be away, slow or dead: each is handed over at least
// once and in order, over the deaths of this service, the hub and whoever the events are for. What
// was handed over and is not done is bounded; the rest waits in the hub's journal. The service's
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/events/event.h"
#include "core/sdk/service/service.h"

namespace bw::sdk {

class DurableFeed {
  public:
    struct Options {
        /// Of the file in Service::state() that remembers how far it is: letters, digits, - _ .
        std::string name;
        /// Beginnings of the types and subjects that it follows. The manifest names the types in
        /// `subscribes`.
        std::string type, subject;
        /// Events handed over and not done, at most (a list of records is never cut).
        size_t window = 32;
    };
    /// To be called once, at any later time, on the service's thread: whoever it is for has the
    /// event, or nobody will ever take it.
    using Done = std::function<void()>;
    using Take = std::function<void(const events::Event&, Done)>;

    /// The first one of that name begins with what happens from the hub's first greeting on; later
    /// ones behind the last event that was done. Commands are left out.
    DurableFeed(Service& service, Options options, Take take);
    /// Remembers how far it is; what is not done by then comes again.
    ~DurableFeed();
    DurableFeed(const DurableFeed&) = delete;
    DurableFeed& operator=(const DurableFeed&) = delete;

    /// Everything up to this sequence is done.
    [[nodiscard]] uint64_t position() const;
    /// Handed over and not done.
    [[nodiscard]] size_t waiting() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace bw::sdk
