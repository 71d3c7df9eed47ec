// SPDX-License-Identifier: Apache-2.0
#include "core/sdk/service/records.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::sdk {
namespace {

constexpr int64_t kQuietMs = 300;
constexpr size_t kBatchBytes = 48 * 1024;

struct Settling {
    std::function<void()> ready;
    int64_t heard_ns = 0;
};

void look_again(Service& service, const std::shared_ptr<Settling>& settling) {
    service.after(kQuietMs, [&service, settling] {
        if (!settling->ready) return;
        bool quiet = base::mono_ns() - settling->heard_ns >= kQuietMs * base::kMillisecond;
        if (!service.wire().up()) return;  // the next greeting looks again
        if (!quiet) return look_again(service, settling);
        auto ready = std::exchange(settling->ready, nullptr);
        ready();
    });
}

}  // namespace

base::Result<std::string> read_data(const Service& service, const std::string& name) {
    std::filesystem::path file = service.site_data() / name;
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) {
        return base::Error{"not_found", file.string() + " cannot be read"};
    }
    return text.str();
}

void once_settled(Service& service, std::function<void()> ready) {
    auto settling = std::make_shared<Settling>();
    settling->ready = std::move(ready);
    service.wire().on_event([settling](const events::Event&, events::Lane, bool replayed) {
        if (replayed) settling->heard_ns = base::mono_ns();
    });
    service.wire().on_link([&service, settling](bool up) {
        settling->heard_ns = base::mono_ns();
        if (up && settling->ready) look_again(service, settling);
    });
    if (service.wire().up()) look_again(service, settling);
}

OwnRecords::OwnRecords(Service& service, std::vector<std::string> types)
    : service_(service), types_(std::move(types)) {
    service_.wire().on_event([this](const events::Event& event, events::Lane, bool replayed) {
        if (!replayed || std::find(types_.begin(), types_.end(), event.type) == types_.end())
            return;
        auto key = std::make_pair(event.type, event.subject);
        if (event.tombstone) {
            held_.erase(key);
        } else {
            held_[key].data = event.data;
        }
    });
    std::vector<std::string> prefixes;
    for (const std::string& type : types_) prefixes.push_back(type + "/");
    service_.wire().subscribe(std::move(prefixes));
}

void OwnRecords::put(const std::string& type, const std::string& subject, const std::string& data) {
    Held& held = held_[{type, subject}];
    held.named = true;
    if (held.data == data) return;
    held.data = data;
    queue_.push_back({type, subject, data, 0, false});
}

void OwnRecords::remove(const std::string& type, const std::string& subject) {
    if (held_.erase({type, subject}) > 0) queue_.push_back({type, subject, "{}", 0, true});
}

void OwnRecords::remove_others(const std::string& type) {
    std::vector<std::string> subjects;
    for (const auto& [key, held] : held_) {
        if (key.first == type && !held.named) subjects.push_back(key.second);
    }
    for (const std::string& subject : subjects) remove(type, subject);
}

void OwnRecords::commit() {
    std::vector<events::RecordWrite> batch;
    size_t bytes = 0;
    auto send = [&] {
        if (batch.empty()) return;
        service_.wire().put_records(std::move(batch), [](const events::Reply& reply) {
            if (!reply.ok) base::log_warning("records were refused: {}", reply.text);
        });
        batch.clear();
        bytes = 0;
    };
    for (events::RecordWrite& write : queue_) {
        size_t size = write.data.size() + write.subject.size() + 200;
        if (bytes + size > kBatchBytes) send();
        bytes += size;
        batch.push_back(std::move(write));
    }
    send();
    queue_.clear();
}

}  // namespace bw::sdk
