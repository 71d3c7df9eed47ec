// SPDX-License-Identifier: Apache-2.0
// One source: its state machine, its outlet, and its pipeline while it is open. However many
// surfaces show it, it is opened once. Main thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/media/demand.h"
#include "core/media/outlet.h"
#include "core/media/pipeline.h"
#include "core/media/reaper.h"
#include "core/media/records.h"
#include "core/media/report.h"
#include "core/media/source.h"

namespace bw::media {

class Feed {
  public:
    Feed(std::string id, Timing timing, std::shared_ptr<Wake> wake);

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] Outlet& outlet() { return *outlet_; }
    [[nodiscard]] bool known() const { return address_.has_value(); }

    /// Nothing is known of it, nobody wants it, nothing runs.
    [[nodiscard]] bool disposable() const {
        return !address_ && !demanded_ && !pipeline_ && outlet_->at_rest();
    }

    void set_address(std::optional<Address> address, int64_t now);
    void set_demand(Demand demand, uint32_t widest, int64_t now);
    void retry(int64_t now) { machine_.retry(now); }
    /// Closes what is due and, if it may, opens it, once. True when state, reason or next try
    /// changed.
    bool advance(int64_t now, bool may_open, Secrets& secrets, Reaper& reaper);
    /// The last advance() opened.
    [[nodiscard]] bool opened() const { return opened_; }
    void close(int64_t now, Reaper& reaper);

    /// 0: nothing is due, or not before an old stream has closed.
    [[nodiscard]] int64_t next_wake_ns(int64_t now) const {
        return crowded_ ? 0 : machine_.next_wake_ns(now);
    }
    [[nodiscard]] const SourceMachine::View& view() const { return view_; }
    [[nodiscard]] SourceReport report() const;

  private:
    void watch(int64_t now);
    void open(Secrets& secrets);
    void choose(int64_t now);
    [[nodiscard]] const std::string& uri() const;
    void log_change() const;

    const std::string id_;
    const std::shared_ptr<Wake> wake_;
    const std::shared_ptr<Outlet> outlet_;
    SourceMachine machine_;
    SourceMachine::View view_;
    std::optional<Address> address_;
    std::unique_ptr<Pipeline> pipeline_;
    std::string trouble_text_, decoder_;
    Stream stream_ = Stream::none;
    uint32_t widest_ = 0;
    uint64_t epoch_ = 0;
    bool demanded_ = false, opened_ = false, crowded_ = false;
};

}  // namespace bw::media
