// SPDX-License-Identifier: Apache-2.0
#include "core/console/glib_source.h"

#include <glib-unix.h>
#include <glib.h>

#include <utility>

namespace bw::console {
namespace {

// The callback is copied before the call: it may remove its own source, and its holder with it.
gboolean run(gpointer data) {
    const auto call = *static_cast<std::shared_ptr<GlibSource::Callback>*>(data);
    (*call)();
    return G_SOURCE_CONTINUE;
}
gboolean run_fd(gint, GIOCondition, gpointer data) {
    return run(data);
}

void drop(gpointer data) {
    delete static_cast<std::shared_ptr<GlibSource::Callback>*>(data);
}

gpointer holder(GlibSource::Callback callback) {
    return new std::shared_ptr<GlibSource::Callback>(
        std::make_shared<GlibSource::Callback>(std::move(callback)));
}

}  // namespace

GlibSource GlibSource::readable(int fd, Callback callback) {
    constexpr auto kWhen = static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR);
    return GlibSource(g_unix_fd_add_full(G_PRIORITY_DEFAULT, fd, kWhen, run_fd,
                                         holder(std::move(callback)), drop));
}

GlibSource GlibSource::every(unsigned milliseconds, Callback callback) {
    return GlibSource(g_timeout_add_full(G_PRIORITY_DEFAULT, milliseconds, run,
                                         holder(std::move(callback)), drop));
}

GlibSource GlibSource::on_signal(int signal, Callback callback) {
    return GlibSource(
        g_unix_signal_add_full(G_PRIORITY_HIGH, signal, run, holder(std::move(callback)), drop));
}

GlibSource::GlibSource(GlibSource&& other) noexcept : id_(std::exchange(other.id_, 0)) {}

GlibSource& GlibSource::operator=(GlibSource&& other) noexcept {
    if (this != &other) {
        reset();
        id_ = std::exchange(other.id_, 0);
    }
    return *this;
}

GlibSource::~GlibSource() {
    reset();
}

void GlibSource::reset() {
    if (id_ != 0) g_source_remove(std::exchange(id_, 0));
}

struct GlibAlarm::Source {
    GSource base;
    GlibAlarm* owner;
};

GlibAlarm::GlibAlarm(std::function<void()> callback) : callback_(std::move(callback)) {
    static GSourceFuncs functions = {nullptr,
                                     nullptr,
                                     [](GSource* source, GSourceFunc, gpointer) -> gboolean {
                                         g_source_set_ready_time(source, -1);
                                         reinterpret_cast<Source*>(source)->owner->callback_();
                                         return G_SOURCE_CONTINUE;
                                     },
                                     nullptr,
                                     nullptr,
                                     nullptr};
    source_ = reinterpret_cast<Source*>(g_source_new(&functions, sizeof(Source)));
    source_->owner = this;
    g_source_set_ready_time(&source_->base, -1);
    g_source_attach(&source_->base, nullptr);
}

GlibAlarm::~GlibAlarm() {
    g_source_destroy(&source_->base);
    g_source_unref(&source_->base);
}

void GlibAlarm::set(int64_t mono_ns) {
    // Rounded up: an alarm that is early would find nothing to do and spin until it is due.
    g_source_set_ready_time(&source_->base, mono_ns <= 0 ? 0 : mono_ns / 1000 + 1);
}

}  // namespace bw::console
