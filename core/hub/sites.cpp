// SPDX-License-Identifier: Apache-2.0
#include "core/hub/sites.h"

#include <fmt/format.h>
#include <sys/inotify.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/events/json.h"
#include "core/hub/recorded_cameras.h"
#include "core/hub/saved_file.h"

namespace bw::hub {

using nlohmann::json;

namespace {

// One list has one sequence, and what has one sequence travels in one message.
constexpr size_t kWritesOfList = 250;
constexpr const char* kSourceType = "beaconwall.source.v1";
// An editor writes a file in several steps, and people save several files.
constexpr int64_t kSettleNs = 200 * base::kMillisecond;

// FNV-1a over the names and contents of all that a site is read from.
std::string digest_of(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code none;
    for (const auto& in : {folder, folder / "layouts"})
        for (std::filesystem::directory_iterator at(in, none), end; !none && at != end;
             at.increment(none))
            if (at->path().extension() == ".toml") files.push_back(at->path());
    std::sort(files.begin(), files.end());
    uint64_t hash = 0xCBF29CE484222325u;
    const auto take = [&hash](const std::string& text) {
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    };
    for (const auto& path : files) {
        std::ifstream file(path, std::ios::binary);
        take(path.filename().string());
        take({std::istreambuf_iterator<char>(file), {}});
    }
    return fmt::format("{:016x}", hash);
}

void name_and_place(const config::Camera& camera, json& out) {
    out["name"] = {{"zh", camera.name.zh}, {"en", camera.name.en}};
    if (!camera.kind.empty()) out["kind"] = camera.kind;
    if (!camera.place.empty()) out["place"] = camera.place;
    if (!camera.town.empty()) out["town"] = camera.town;
    if (camera.longitude) out["longitude"] = *camera.longitude;
    if (camera.latitude) out["latitude"] = *camera.latitude;
}

json file_record(const config::Camera& camera) {
    json out = {{"kind", camera.kind},
                {"place", camera.place},
                {"main", {{"uri", camera.main_uri}}},
                {"sub", {{"uri", camera.sub_uri}}},
                {"standby", camera.standby},
                {"origin", "file"}};
    out["frozen_after_s"] = camera.frozen_after_s;
    if (camera.masks) out["masks"] = *camera.masks;
    name_and_place(camera, out);
    return out;
}

bool is_owner(const std::string& owner, const std::string& service) {
    return owner == service || "service:" + owner == service;
}

}  // namespace

Sites::Sites(std::filesystem::path folder, const Registry& registry, Facts& facts, Mailbox& mailbox)
    : folder_(std::move(folder)),
      registry_(registry),
      facts_(facts),
      mailbox_(mailbox),
      inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

base::Status Sites::load() {
    watch();  // before reading: a change in between is seen
    auto loaded = config::load_site(folder_, registry_.plugins());
    for (const config::Fault& fault : loaded.faults)
        base::log_error("{}", config::to_string(fault));
    if (!loaded.ok()) return base::Error{"invalid", "the site " + folder_.string() + " has faults"};
    site_ = std::make_shared<config::Site>(std::move(loaded.value));
    wide_ = widened();
    return {};
}

std::shared_ptr<const config::Site> Sites::widened() const {
    auto wide = std::make_shared<config::Site>(*site_);
    for (config::Camera& camera : recorded_cameras(facts_, site_->cameras))
        wide->cameras.push_back(std::move(camera));
    return wide;
}

void Sites::sources_changed() {
    auto wide = widened();
    if (wide->cameras == wide_->cameras) return;
    // Whoever holds the old one through site() is told before it goes.
    const auto old = std::exchange(wide_, std::move(wide));
    if (on_change_) on_change_();
}

void Sites::watch() {
    constexpr uint32_t kMask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE;
    for (const auto& folder : {folder_, folder_ / "layouts"})
        if (::inotify_add_watch(inotify_.get(), folder.c_str(), kMask) < 0)
            base::log_warning("changes in {} will not be seen", folder.string());
}

void Sites::files_changed() {
    alignas(inotify_event) char buffer[4096];
    bool toml = false;
    ssize_t n = 0;
    while ((n = ::read(inotify_.get(), buffer, sizeof buffer)) > 0) {
        for (ssize_t at = 0; at < n;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
            const std::string_view name = event->len > 0 ? event->name : "";
            // A folder that is replaced, or more changes than fit: nobody says which files.
            toml = toml || (name.size() > 5 && name.substr(name.size() - 5) == ".toml") ||
                   name == "layouts" || (event->mask & IN_Q_OVERFLOW) != 0;
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        }
    }
    if (toml) reload_at_ns_ = base::mono_ns() + kSettleNs;
}

void Sites::tick(int64_t now) {
    if (now < reload_at_ns_ || reloading_) return;
    reload_at_ns_ = INT64_MAX;
    reload();
}

void Sites::reload() {
    reloading_ = true;
    watch();  // a folder of that name may be another one now
    after_this_ = std::move(after_next_);
    after_next_.clear();
    // A copy: the loop may take over a plugin's new manifest meanwhile.
    worker_.post([this, plugins = registry_.plugins()] {
        auto result =
            std::make_shared<config::Loaded<config::Site>>(config::load_site(folder_, plugins));
        mailbox_.post([this, result, digest = digest_of(folder_)] {
            loaded(result, digest);
            for (const auto& task : std::exchange(after_this_, {})) task();
        });
    });
}

void Sites::loaded(std::shared_ptr<config::Loaded<config::Site>> result, std::string digest) {
    reloading_ = false;
    faults_ = result->faults;
    for (const config::Fault& fault : faults_) base::log_error("{}", config::to_string(fault));
    if (!result->ok()) {
        base::log_error("the site keeps its old content: {} faults", faults_.size());
        return;
    }
    // Whoever holds the old one through site() is told before anything else runs.
    const auto old = wide_;
    site_ = std::make_shared<config::Site>(std::move(result->value));
    wide_ = widened();
    digest_ = std::move(digest);
    base::log_info("the site's files changed: read again");
    publish_cameras();
    if (on_change_) on_change_();
}

void Sites::save_layout(const std::string& name, const std::string& text, const ReplyFn& reply) {
    worker_.post([this, name, text, reply] {
        const base::Status written = write_saved(folder_, name, text);
        mailbox_.post([this, name, written, reply] { saved(name, written, reply); });
    });
}

// Whoever has the answer can take the layout: it waits for the reading.
void Sites::saved(const std::string& name, const base::Status& written, const ReplyFn& reply) {
    if (!written) return reply(refusal(written.error().code.c_str(), written.error().text));
    after_next_.push_back([this, name, reply] {
        reply({{"ok", true},
               {"layout", name},
               {"file", "layouts/" + name + ".toml"},
               {"loaded", faults_.empty() && site_->layout(name) != nullptr}});
    });
    reload_at_ns_ = base::mono_ns();
}

const config::Camera* Sites::camera(const std::string& id) const {
    for (const config::Camera& c : site_->cameras)
        if (c.id == id) return &c;
    return nullptr;
}

void Sites::publish_cameras() {
    std::vector<RecordPut> writes;
    for (const config::Camera& c : site_->cameras) {
        const StoredPtr now = facts_.record("live", kSourceType, c.id);
        json event;
        if (now != nullptr && !now->tombstone) events::read_json(now->json, event);
        const json data = event.is_object() ? event.value("data", json()) : json();
        const bool from_file = events::text_of(data, "origin") == "file";
        json wanted = file_record(c);
        // Its owner gave it an address: that stays, under the file's name and place.
        if (c.main_uri.empty() && data.is_object() && !from_file &&
            is_owner(c.owner, events::text_of(data, "origin"))) {
            wanted = data;
            name_and_place(c, wanted);
        }
        if (data != wanted) writes.push_back({kSourceType, c.id, wanted.dump(), 0, false});
    }
    for (const StoredPtr& row : facts_.records("live", kSourceType)) {
        json event;
        if (camera(row->subject) != nullptr || !events::read_json(row->json, event)) continue;
        if (events::text_of(event.value("data", json()), "origin") == "file")
            writes.push_back({kSourceType, row->subject, "{}", 0, true});
    }
    for (size_t begin = 0; begin < writes.size(); begin += kWritesOfList) {
        const size_t end = std::min(writes.size(), begin + kWritesOfList);
        facts_.put({writes.begin() + begin, writes.begin() + end}, base::random_uuid(), "hub",
                   "live", [](const json& result) {
                       if (!result.value("ok", false))
                           base::log_error("cameras are not recorded: {}",
                                           events::text_of(result, "text"));
                   });
    }
}

base::Result<std::string> Sites::merge_camera(const std::string& subject,
                                              const std::string& service,
                                              const std::string& text) const {
    json data;
    if (!events::read_json(text, data) || !data.is_object())
        return base::Error{"invalid", "the data of a source is an object"};
    const config::Camera* c = camera(subject);
    if (c != nullptr && !c->main_uri.empty())
        return base::Error{"refused",
                           "cameras.toml gives the address of " + subject + ": the file wins"};
    if (c != nullptr && !is_owner(c->owner, service))
        return base::Error{"refused", "cameras.toml names " +
                                          (c->owner.empty() ? std::string("no owner") : c->owner) +
                                          " for " + subject};
    if (c != nullptr) name_and_place(*c, data);
    data["origin"] = service;
    return data.dump();
}

}  // namespace bw::hub
