// SPDX-License-Identifier: Apache-2.0
// The requests to outside. On the web's thread; nothing here waits.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "calls.h"
#include "cloud_http.h"
#include "web_settings.h"

struct _SoupSession;

namespace bw::http_bridge {

class Client {
  public:
    /// `ca`: a file of certificates that are trusted in place of the system's; empty: those.
    Client(std::string ca, const Calls& calls) : ca_(std::move(ca)), calls_(calls) {}
    /// What is under way is given up: its `done` comes when the context runs next.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// `done` once, later or at once.
    void post(const Hook& hook, const Request& request, std::function<void(Answer)> done);

  private:
    _SoupSession* session(int timeout_s);

    const std::string ca_;
    const Calls& calls_;
    std::vector<std::pair<int, _SoupSession*>> sessions_;  // by timeout
};

}  // namespace bw::http_bridge
