// SPDX-License-Identifier: Apache-2.0
// HTTP on a thread of its own (libsoup): a server that takes events in, a client that sends them
// out. What becomes of an event is decided elsewhere; nothing here waits.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "calls.h"
#include "cloud_http.h"
#include "web_settings.h"

struct _GMainContext;
struct _GMainLoop;

namespace bw::http_bridge {

class Web {
  public:
    Web(WebSettings settings, Calls calls);
    ~Web();
    Web(const Web&) = delete;
    Web& operator=(const Web&) = delete;

    /// False when its thread has not ended within `within_ms`: end the process without it.
    bool stop(int within_ms);
    /// `done` on the web's thread. Any thread.
    void send(const Hook& hook, Request request, std::function<void(Answer)> done);

  private:
    struct Loop;  // what lives on the thread
    void run();

    const WebSettings settings_;
    const Calls calls_;
    _GMainContext* context_;
    _GMainLoop* loop_;
    std::mutex mutex_;
    std::condition_variable ended_changed_;
    bool ended_ = false;
    std::unique_ptr<Loop> inner_;  // made and dropped by the thread
    std::thread thread_;
};

}  // namespace bw::http_bridge
