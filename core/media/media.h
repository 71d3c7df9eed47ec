// SPDX-License-Identifier: Apache-2.0
// The media process: takes the compositor's demand from the surface link and addresses from the
// hub, keeps one Feed per source, and tells both what became of it. One thread; GStreamer's threads
// and those that decode only ring the wake.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/control/arguments.h"
#include "core/control/message.h"
#include "core/events/client.h"
#include "core/media/demand.h"
#include "core/media/feed.h"
#include "core/media/reaper.h"
#include "core/media/records.h"
#include "core/media/workshop.h"
#include "core/surface/link.h"

namespace bw::media {

class Media {
  public:
    /// `start`: as the supervisor sends it.
    Media(control::Arguments arguments, control::Channel control, const control::Message& start);
    /// Until the supervisor says stop or is gone; gives the process's exit code.
    int run();

  private:
    // control
    bool read_control();
    void set_link(control::Received link);
    void retire();
    /// This process plays it, and no other.
    [[nodiscard]] bool mine(std::string_view source) const;
    void drop_link();
    // surface link
    void confirm_left();
    void read_link();
    void on_configure(uint32_t surface, const std::vector<std::byte>& body);
    void on_release(uint32_t surface);
    void on_demand(uint32_t surface, bool on_air);
    void refuse(uint32_t surface, surface::Reason reason, std::string_view text);
    void apply_demand(const std::string& source);
    void send_commits();
    // events
    base::Status open_client();
    void on_event(const events::Event& event);
    void on_try(const std::string& source);
    void publish_state(Feed& one);
    void answer_status(const events::Event& ask);
    // all
    Feed& feed(const std::string& source);
    void turn(int64_t now);
    void fill(int64_t until);
    void wait(int64_t now);
    void end_feeds();

    const control::Arguments arguments_;
    control::Channel control_;
    const std::string name_;
    const uint32_t index_, count_;  // of media processes
    std::string language_ = "zh";
    control::Beat beat_;
    int64_t block_beat_ns_ = 0, rests_until_ns_ = 0;
    int64_t linked_as_of_ns_ = INT64_MAX;  // how old our knowledge was when the hub greeted us
    bool all_told_ = false;                // the addresses that a hub knows, since we began
    const std::shared_ptr<Wake> wake_ = std::make_shared<Wake>();
    const std::shared_ptr<Workshop> workshop_;
    Receiver receiver_;
    Secrets secrets_;
    std::unique_ptr<events::Client> client_;   // nothing: retired, a successor speaks
    std::shared_ptr<surface::Producer> link_;  // shared with every writer in an outlet
    std::set<uint32_t> deferred_;              // released surfaces that are still being written
    DemandTable demand_;
    Reaper reaper_;
    std::map<std::string, std::unique_ptr<Feed>> feeds_;
    std::vector<uint32_t> commits_, left_;  // scratch
    bool work_left_ = false;                // the next turn follows at once
    int exit_code_ = 0;
};

}  // namespace bw::media
