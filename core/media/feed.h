// SPDX-License-Identifier: Apache-2.0
// One source: its state machine, its outlet, and what is open of it. However many surfaces show it,
// it is opened once; only while it changes between its main and its sub stream are both open, until
// the other has a picture. Main thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/media/demand.h"
#include "core/media/flow.h"
#include "core/media/outlet.h"
#include "core/media/reaper.h"
#include "core/media/receiver.h"
#include "core/media/records.h"
#include "core/media/report.h"
#include "core/media/source.h"

namespace bw::media {

class Feed {
  public:
    /// `receiver` outlives it.
    Feed(std::string id, Timing timing, std::shared_ptr<Wake> wake,
         std::shared_ptr<Workshop> workshop, Receiver& receiver);

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] Outlet& outlet() { return *outlet_; }
    [[nodiscard]] bool known() const { return address_.has_value(); }

    /// Nothing is known of it, nobody wants it, nothing runs.
    [[nodiscard]] bool disposable() const {
        return !address_ && demand_ == Demand::none && !open_ && outlet_->at_rest();
    }

    void set_address(std::optional<Address> address, int64_t now);
    /// The hub has told all addresses that it knows: one that is missing is missing there.
    void set_all_told() { all_told_ = true; }
    void set_demand(Demand demand, uint32_t widest, int64_t now);
    void retry(int64_t now) { machine_.retry(now); }
    /// Closes what is due and, if it may, opens it, once. True when state, reason or next try
    /// changed.
    bool advance(int64_t now, bool may_open, Secrets& secrets, Reaper& reaper);
    /// The last advance() opened.
    [[nodiscard]] bool opened() const { return opened_; }
    void close(int64_t now, Reaper& reaper);

    /// 0: nothing is due, or not before an old stream has closed.
    [[nodiscard]] int64_t next_wake_ns(int64_t now) const;
    [[nodiscard]] const SourceMachine::View& view() const { return view_; }
    [[nodiscard]] SourceReport report() const;

  private:
    /// A stream of it that is open.
    struct Open {
        Stream stream = Stream::none;
        uint64_t epoch = 0;
        int64_t since_ns = 0;
        std::shared_ptr<Flow> flow;
        std::unique_ptr<Intake> intake;
    };
    [[nodiscard]] const std::string& uri_of(Stream stream) const;
    [[nodiscard]] Open open(Stream stream, int64_t now, Secrets& secrets);
    void bury(std::optional<Open>& open, int64_t now, Reaper& reaper);
    void watch(int64_t now);
    void on_trouble(Trouble trouble, int64_t now);
    void look(int64_t now);
    void change_stream(int64_t now, bool may_open, Secrets& secrets, Reaper& reaper);
    void demand_of_machine(int64_t now);
    void log_change() const;

    const std::string id_;
    const Timing timing_;
    const std::shared_ptr<Wake> wake_;
    const std::shared_ptr<Workshop> workshop_;
    Receiver& receiver_;
    const std::shared_ptr<Outlet> outlet_;
    SourceMachine machine_;
    SourceMachine::View view_;
    std::optional<Address> address_;
    bool all_told_ = false;
    std::optional<Open> open_, next_;  // next_: the stream that is to take over
    std::string trouble_text_, decoder_;
    Stream wished_ = Stream::none;
    Demand demand_ = Demand::none;
    uint32_t widest_ = 0;
    uint64_t epoch_ = 0;
    bool pictures_ = false;       // decode
    int64_t blind_from_ns_ = 0;   // nobody looks: decode until then
    int64_t change_from_ns_ = 0;  // the other stream failed: try no sooner
    bool opened_ = false, crowded_ = false;
    bool by_gstreamer_ = false;  // our own receiver cannot
};

}  // namespace bw::media
