// SPDX-License-Identifier: Apache-2.0
#include "core/media/reaper.h"

#include <algorithm>

#include "core/base/log.h"
#include "core/base/memory.h"

namespace bw::media {

void Reaper::bury(std::unique_ptr<Intake> intake, std::string name, int64_t now) {
    if (!intake) return;
    auto done = std::make_shared<std::atomic<bool>>(false);
    std::thread thread([taken = std::move(intake), done]() mutable {
        taken.reset();
        base::give_free_pages_back();  // a night of cameras that come and go would add up
        done->store(true, std::memory_order_release);
    });
    burials_.push_back({std::move(thread), std::move(done), std::move(name), now, false});
}

bool Reaper::tick(int64_t now) {
    int stuck = 0;
    for (auto it = burials_.begin(); it != burials_.end();) {
        if (it->done->load(std::memory_order_acquire)) {
            it->thread.join();
            if (it->stuck) base::log_info("{}: its old stream is closed after all", it->name);
            it = burials_.erase(it);
            continue;
        }
        if (!it->stuck && now - it->since_ns > kBudgetNs) {
            it->stuck = true;
            base::log_warning("{}: its old stream does not close; left behind", it->name);
        }
        stuck += it->stuck ? 1 : 0;
        ++it;
    }
    return stuck <= kMostStuck;
}

int Reaper::waiting(std::string_view name) const {
    return static_cast<int>(std::count_if(burials_.begin(), burials_.end(),
                                          [&](const Burial& one) { return one.name == name; }));
}

void Reaper::abandon() {
    for (auto& burial : burials_) burial.thread.detach();
    burials_.clear();
}

Reaper::~Reaper() {
    for (auto& burial : burials_) burial.thread.join();
}

}  // namespace bw::media
