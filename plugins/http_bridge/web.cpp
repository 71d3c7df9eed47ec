// SPDX-License-Identifier: Apache-2.0
#include "web.h"

#include <glib.h>

#include <chrono>

#include "client.h"
#include "server.h"
#include "soup.h"

namespace bw::http_bridge {

struct Web::Loop {
    explicit Loop(const Web& web)
        : client(web.settings_.ca, web.calls_),
          server(web.settings_.listen, web.calls_, web.context_) {}
    Client client;
    Server server;
};

Web::Web(WebSettings settings, Calls calls)
    : settings_(std::move(settings)),
      calls_(std::move(calls)),
      context_(g_main_context_new()),
      loop_(g_main_loop_new(context_, FALSE)),
      thread_([this] { run(); }) {}

void Web::run() {
    g_main_context_push_thread_default(context_);
    inner_ = std::make_unique<Loop>(*this);
    inner_->server.open();
    g_main_loop_run(loop_);
    inner_.reset();
    // What was cancelled says so now.
    while (g_main_context_iteration(context_, FALSE) != FALSE) {
    }
    g_main_context_pop_thread_default(context_);
    const std::lock_guard lock(mutex_);
    ended_ = true;
    ended_changed_.notify_all();
}

bool Web::stop(int within_ms) {
    if (!thread_.joinable()) return true;
    invoke(context_, [this] { g_main_loop_quit(loop_); });
    std::unique_lock lock(mutex_);
    const bool over = ended_changed_.wait_for(lock, std::chrono::milliseconds(within_ms),
                                              [this] { return ended_; });
    lock.unlock();
    if (over)
        thread_.join();
    else
        thread_.detach();
    return over;
}

Web::~Web() {
    stop(60'000);
    if (!ended_) return;
    g_main_loop_unref(loop_);
    g_main_context_unref(context_);
}

void Web::send(const Hook& hook, Request request, std::function<void(Answer)> done) {
    invoke(context_, [this, hook, request = std::move(request), done = std::move(done)] {
        if (inner_ == nullptr) return done({0, "the bridge ends", 0});
        inner_->client.post(hook, request, done);
    });
}

}  // namespace bw::http_bridge
