// SPDX-License-Identifier: Apache-2.0
// The frame: what is new is taken in, judged and drawn, and the hub is told what it waits for.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/compositor/app.h"
#include "core/compositor/words.h"

namespace bw::compositor {

namespace {

constexpr int64_t kStartingCountsNs = 8 * base::kSecond;
// What is drawn ahead gives way to frames, but not for ever: a wall without a moment to spare gives
// it a quarter of its time, and then a frame may come late.
constexpr int64_t kAheadPatience = 3;  // times as long as it took last
constexpr int64_t kAheadMostPatienceNs = 50 * base::kMillisecond;
// Steps are small, and a wall of 24 displays has hundreds: so many are done together.
constexpr int64_t kAheadSliceNs = 5 * base::kMillisecond;
// What panels on air change together is taken in with several frames: so much of it with each.
constexpr int64_t kPanelPixelsPerFrame = 600'000;

int64_t next_minute_ns(int64_t mono_now_ns) {
    int64_t wall = base::wall_ns();
    return mono_now_ns + 60 * base::kSecond - wall % (60 * base::kSecond) + base::kMillisecond;
}

}  // namespace

bool App::frame_wanted(int64_t now_ns) {
    // What a timer asked for counts from that moment on, not from when this process got to it.
    for (int64_t at : {director_.due_ns(), judge_at_ns_, coming_wall_ ? coming_by_ns_ : 0}) {
        if (at != 0 && now_ns >= at) pacer_.want(at > started_ns_ ? at : now_ns);
    }
    bool pending = judge_now_ || screens_->damaged();
    if (!pending && pacer_.wake_ns() == 0 && orphaned_ns_ == 0)
        context_.feeds.each([&pending, now_ns](const Feed& feed) {
            pending = pending || (feed.rests_until_ns() <= now_ns && feed.fresh());
        });
    if (pending) pacer_.want(now_ns);
    return pacer_.due(now_ns);
}

bool App::ahead_fits(int64_t now_ns) const {
    const int64_t patience_ns = std::min(kAheadPatience * ahead_step_ns_, kAheadMostPatienceNs);
    if (ahead_waits_ns_ != 0 && now_ns - ahead_waits_ns_ > patience_ns) return true;
    const int64_t due_ns = std::max(pacer_.wake_ns(), pacer_.rests_until_ns());
    if (pacer_.wake_ns() == 0 && now_ns >= due_ns) return true;  // nobody waits for a frame
    return now_ns + ahead_step_ns_ <= due_ns;
}

void App::draw_ahead() {
    screens_->ahead().aim(director_.coming());
    const int64_t begun_ns = base::mono_ns();
    if (!screens_->ahead().wants()) {
        ahead_waits_ns_ = 0;
        return say_ready();
    }
    if (ahead_waits_ns_ == 0) ahead_waits_ns_ = begun_ns;
    if (!ahead_fits(begun_ns)) return;
    int64_t done_ns = begun_ns;
    while (screens_->ahead().wants() && done_ns - begun_ns < kAheadSliceNs) {
        screens_->step_ahead();
        done_ns = base::mono_ns();
    }
    ahead_step_ns_ = std::max(done_ns - begun_ns, ahead_step_ns_ * 7 / 8);
    ahead_waits_ns_ = done_ns;
    say_ready();
}

void App::say_ready() {
    if (auto hash = director_.newly_ready(screens_->ahead().done())) hub_->say_ready(*hash);
}

StripWords App::strip_words(const Stage* stage) const {
    StripWords out;
    const Words& w = words(context_.wall.language);
    if (stage != nullptr) {
        out.layout = stage->scene().title.in(context_.wall.language);
        if (out.layout.empty()) out.layout = stage->scene().layout;
        out.trouble = stage->trouble();
        out.worst = stage->worst();
        out.space =
            space_words(stage->scene().space, context_.wall_clock(), context_.wall.language);
    }
    out.holds = holds_;
    out.attention =
        attention_text(attention_, context_.wall.language, out.space.band != Band::none);
    out.level = attention_.top() != nullptr ? attention_.top()->level : 0;
    if (orphaned_ns_ != 0)
        out.notice = w.supervisor_gone;
    else if (hub_was_up_ && !hub_up_)
        out.notice = w.hub_gone;
    else
        out.journal = disk_text(journal_disk_, w);
    return out;
}

// The clock of an exercise or a replay turns its minutes at moments of its own.
int64_t App::strip_holds_ns() const {
    const Stage* stage = director_.on_air();
    if (stage == nullptr) return 0;
    return space_words_hold_ns(stage->scene().space, context_.wall_clock());
}

// Pages are turned, new pictures taken in, ages judged.
void App::judge(Stage* stage, int64_t now_ns, std::vector<Dirty>& dirty) {
    if (stage == nullptr) return;
    auto come_again = [this](int64_t at_ns) { judge_at_ns_ = std::min(judge_at_ns_, at_ns); };
    const int64_t wall_ns = context_.wall_clock();
    if (int64_t turn = stage->turn_pages(wall_ns, dirty))
        come_again(now_ns + turn - wall_ns + base::kMillisecond);
    stage->collect(dirty);
    if (int64_t at = stage->judge_all(now_ns, guard_.forgiven_ns(now_ns), orphaned_ns_ != 0, dirty))
        come_again(at);
}

// A take that comes while another is still on its way ends that one at once.
void App::begin_transition(const Director::Swap& swap, int64_t now_ns) {
    const Stage *before = director_.retired(), *after = director_.on_air();
    if (before == nullptr) return;
    const auto transition = transition_between(swap.transition, before->scene(), after->scene());
    if (transition.kind == config::Transition::Kind::cut) return;
    screens_->begin_transition(plan_transition(transition, *before, *after, context_.wall, now_ns));
}

void App::frame(int64_t now_ns) {
    busy_ = now_ns - pacer_.rests_until_ns() < period_ns_ / 8;
    judge_now_ = false;
    if (orphaned_ns_ == 0) context_.feeds.pull(kPanelPixelsPerFrame);
    std::optional<Director::Swap> swap = director_.swap(now_ns);
    if (swap) {
        screens_->end_transition();
        screens_->change_scene(*director_.on_air());
    }
    std::vector<Dirty> dirty, unseen;
    judge_at_ns_ = next_minute_ns(now_ns);
    if (const int64_t hold_ns = strip_holds_ns())
        judge_at_ns_ = std::min(judge_at_ns_, now_ns + hold_ns + base::kMillisecond);
    if (now_ns < guard_.until_ns()) judge_at_ns_ = std::min(judge_at_ns_, guard_.until_ns());
    if (const int64_t at = attention_.settle(now_ns)) judge_at_ns_ = std::min(judge_at_ns_, at);
    judge(director_.on_air(), now_ns, dirty);
    screens_->ahead().aim(director_.coming());
    judge(director_.coming(), now_ns, unseen);
    screens_->ahead().damage(unseen);
    std::vector<Dirty> coming;
    judge(director_.relaid(), now_ns, coming);
    screens_->say(strip_words(director_.on_air()), base::wall_ns());
    screens_->damage(dirty);
    if (swap) begin_transition(*swap, now_ns);
    if (screens_->damaged()) {
        screens_->draw(director_.on_air(), now_ns + period_ns_);
        pacer_.drawn(now_ns, base::mono_ns());
        mirror_->touch();
    } else {
        pacer_.drop();
    }
    if (swap) announce(*swap);
    director_.drop_retired();
    change_wall(now_ns);
    note_frame_done(now_ns);
}

void App::announce(const Director::Swap& swap) {
    Taken taken;
    taken.take = swap.take;
    taken.hash = swap.hash;
    taken.frame_id = screens_->frame_id();
    taken.commit_to_frame_ms = static_cast<double>(base::mono_ns() - swap.committed_ns) / 1e6;
    taken.late_panes = director_.on_air()->late_panes();
    for (const config::Display& d : context_.wall.displays) taken.displays.push_back(d.name);
    memory_->write(director_.on_air()->scene());
    screens_->remember_take(taken);
    hub_->say_taken(taken);
}

// Tells the supervisor (once) that the first scene stands, and other compositors that we drew.
void App::note_frame_done(int64_t now_ns) {
    if (orphaned_ns_ != 0 || director_.on_air() == nullptr) return;
    bool patient = now_ns - started_ns_ >= kStartingCountsNs;
    if (!patient) judge_at_ns_ = std::min(judge_at_ns_, started_ns_ + kStartingCountsNs);
    if (!director_.on_air()->settled(patient)) return;
    if (!wall_ready_said_) {
        control::Message message;
        message.kind = control::Kind::wall_ready;
        wall_ready_said_ = control_.send(message).ok();
    }
    if (drawn_said_) return;
    drawn_said_ = true;
    const auto path = arguments_.run_dir / "compositor.drawn";
    auto temporary = path;
    temporary += "." + std::to_string(::getpid());
    std::ofstream(temporary) << ::getpid() << "\n";
    std::error_code error;
    std::filesystem::rename(temporary, path, error);
    if (error) base::log_warning("{}: {}", path.string(), error.message());
}

void App::on_live(Live live) {
    int64_t now = base::mono_ns();
    int64_t at = live.at_ns == 0 ? 0 : hub_->mono_of(live.at_ns);
    director_.go_live(std::move(live), at, now);
}

void App::on_source(const std::string& id, std::optional<SourceName> name) {
    if (name)
        context_.sources[id] = std::move(*name);
    else
        context_.sources.erase(id);
    judge_now_ = true;
}

std::string App::report(const std::string& nonce) {
    Report out;
    screens_->add_reports(out.displays);
    for (DisplayReport& display : out.displays) {
        display.machine = arguments_.machine;
        display.pace = {pacer_.missed(),         pacer_.last_drawing_ms(), pacer_.drawing_ms(0.99),
                        pacer_.lateness_ms(0.5), pacer_.lateness_ms(0.99), pacer_.lateness_ms(1)};
    }
    if (Stage* stage = director_.on_air()) {
        std::vector<Dirty> dirty;  // ages of this very moment; what they change is drawn next
        int64_t now = base::mono_ns();
        stage->judge_all(now, guard_.forgiven_ns(now), orphaned_ns_ != 0, dirty);
        screens_->damage(dirty);
        out.panes = stage->report();
    }
    out.limits = limits_;
    for (Limit& limit : backend_->limits()) out.limits.push_back(std::move(limit));
    return to_json(out, nonce, context_.wall.language);
}

base::Result<Pixels> App::picture_for(const SnapshotAsk& ask) {
    const auto& displays = context_.wall.displays;
    Stage* stage = ask.preview ? director_.next() : director_.on_air();
    if (ask.preview && stage == nullptr)
        return base::Error{"refused", "nothing is prepared: no preview"};
    if (!ask.preview) frame(base::mono_ns());
    std::vector<Canvas> apart;
    if (ask.preview) apart = screens_->draw_apart(*stage, strip_words(stage), base::wall_ns());
    const std::vector<Canvas>& canvases = ask.preview ? apart : screens_->canvases();
    if (!ask.pane.empty()) {
        if (stage != nullptr) {
            for (const Tile& tile : stage->tiles()) {
                if (tile.pane.id != ask.pane || tile.geometry.placements.empty()) continue;
                const Placement& at = tile.geometry.placements.front();
                return screens_->read(canvases[at.display], at.tile);
            }
        }
        return base::Error{"unknown", "no pane " + ask.pane + " is in sight in that layout"};
    }
    if (ask.display.empty()) return screens_->read_wall(canvases);
    for (size_t i = 0; i < displays.size(); ++i) {
        if (displays[i].name == ask.display)
            return screens_->read(canvases[i], {0, 0, canvases[i].width, canvases[i].height});
    }
    return base::Error{"unknown", "no display " + ask.display};
}

void App::snapshot(const SnapshotAsk& ask, events::Client::Answer answer) {
    auto pixels = picture_for(ask);
    if (!pixels.ok()) return answer({false, pixels.error().code, pixels.error().text, "{}"});
    int width = pixels->width, height = pixels->height;
    png_.encode(std::move(*pixels), [this, answer, width, height](std::vector<std::byte> png) {
        if (png.empty()) return answer({false, "system", "the PNG could not be made", "{}"});
        hub_->put_blob(std::move(png), [answer, width, height](const events::Reply& put) {
            if (!put.ok) return answer(put);
            answer({true, "", "", snapshot_reply(put.body, width, height)});
        });
    });
}

}  // namespace bw::compositor
