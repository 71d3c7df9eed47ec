// SPDX-License-Identifier: Apache-2.0
// The site folder while the wall runs: read once at start, again when a file changes. A faulty
// change keeps the old content. Cameras of files become records. On the loop; reading happens on a
// thread of its own.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/base/unique_fd.h"
#include "core/hub/facts.h"

namespace bw::hub {

class Sites {
  public:
    Sites(std::filesystem::path folder, const Registry& registry, Facts& facts, Mailbox& mailbox);

    /// Reads the site; "invalid" when it has faults.
    base::Status load();
    /// Stands for the content of the files that were taken over last; empty: since the start none.
    [[nodiscard]] const std::string& digest() const { return digest_; }
    /// Told when a changed site was taken over, or services changed its cameras.
    void on_change(std::function<void()> handler) { on_change_ = std::move(handler); }
    /// The files' cameras, and behind them those that only services have recorded.
    [[nodiscard]] const config::Site& site() const { return *wide_; }
    /// As the files say, with no other cameras.
    [[nodiscard]] const config::Site& files() const { return *site_; }
    [[nodiscard]] const std::vector<config::Fault>& faults() const { return faults_; }

    /// Writes the records of the site's cameras that are not as the files say.
    void publish_cameras();
    /// What a service may write about a camera: merged with the file's name and place, or refused
    /// (error "refused" with a sentence) because the file has its address or names another owner.
    [[nodiscard]] base::Result<std::string> merge_camera(const std::string& subject,
                                                         const std::string& service,
                                                         const std::string& data) const;

    /// Records of sources were written.
    void sources_changed();

    /// Writes layouts/NAME.toml on a thread of its own and answers {layout, file, loaded} when the
    /// site has been read again; `loaded`: it has the layout.
    void save_layout(const std::string& name, const std::string& text, const ReplyFn& reply);

    [[nodiscard]] int fd() const { return inotify_.get(); }
    void files_changed();
    void tick(int64_t now);
    [[nodiscard]] int64_t next_wake_ns() const { return reloading_ ? INT64_MAX : reload_at_ns_; }

  private:
    void watch();
    void reload();
    [[nodiscard]] std::shared_ptr<const config::Site> widened() const;
    void loaded(std::shared_ptr<config::Loaded<config::Site>> result, std::string digest);
    void saved(const std::string& name, const base::Status& written, const ReplyFn& reply);
    [[nodiscard]] const config::Camera* camera(const std::string& id) const;

    const std::filesystem::path folder_;
    const Registry& registry_;
    Facts& facts_;
    Mailbox& mailbox_;
    std::shared_ptr<config::Site> site_;        // of the files
    std::shared_ptr<const config::Site> wide_;  // what site() gives
    std::vector<config::Fault> faults_;
    std::string digest_;
    std::function<void()> on_change_;
    base::UniqueFd inotify_;
    std::vector<std::function<void()>> after_next_, after_this_;  // readings of the site
    int64_t reload_at_ns_ = INT64_MAX;
    bool reloading_ = false;
    Worker worker_;
};

}  // namespace bw::hub
