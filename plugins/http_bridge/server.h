// SPDX-License-Identifier: Apache-2.0
// The server that takes events in. On the web's thread; nothing here waits.
#pragma once

#include <memory>
#include <string>

#include "calls.h"
#include "gate.h"

struct _GMainContext;
struct _GSource;
struct _SoupServer;
struct _SoupServerMessage;

namespace bw::http_bridge {

class Server {
  public:
    /// All three stay the caller's, and outlive it.
    Server(const Listen& listen, const Calls& calls, _GMainContext* context)
        : listen_(listen), calls_(calls), context_(context), gate_(listen) {}
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens where the settings say so, again and again until it can; calls.link is told.
    void open();

  private:
    bool listen();
    bool certify(std::string& why);
    void admit(_SoupServerMessage* message, const char* path);
    void serve(_SoupServerMessage* message);
    void shake_hands(_SoupServerMessage* message);
    void refuse(_SoupServerMessage* message, const Answer& answer);

    const Listen& listen_;
    const Calls& calls_;
    _GMainContext* context_;
    Gate gate_;
    _SoupServer* server_ = nullptr;
    _GSource* again_ = nullptr;                                // tries to listen once more
    std::shared_ptr<int> waiting_ = std::make_shared<int>(0);  // outlives us in replies
};

}  // namespace bw::http_bridge
