// SPDX-License-Identifier: Apache-2.0
// A feed is one surface as the compositor sees it: what was asked of whom, and the newest picture.
// It outlives its producer: the last picture stays until a successor's first. Main thread only.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/space_clock.h"
#include "core/compositor/freshness.h"
#include "core/compositor/geometry.h"
#include "core/surface/link.h"

namespace bw::compositor {

/// The consuming end of a link to one incarnation of a producer.
struct Link {
    std::string name;  // "panel:flood_gauges", "media:0"
    uint64_t incarnation = 0;
    std::unique_ptr<surface::Consumer> consumer;
    int64_t gone_since_ns = 0;  // 0: the process is there
    bool quarantined = false;   // it will not come back by itself
    bool cut_off = false;       // it broke the protocol; nothing of it is read any more
    std::string cut_off_for;    // how, in words for a person
    bool told = false;          // the supervisor knows of it

    /// Ends the conversation; what was mapped stays for the pictures still shown.
    void cut(const std::string& why);
};

/// What to ask for. Equal wishes share one feed.
struct Wish {
    std::string peer;  // empty: nobody is asked, and there is never a picture
    surface::SlotKind kind{};
    int width = 0, height = 0;
    float unit_px = 1;
    std::string pane, panel, settings, space, language;  // a panel's pane
    std::string source;                                  // or a source
    surface::Fit fit = surface::Fit::contain;
    Focus focus;                                    // of a picture that is cut (cover)
    std::vector<std::array<int, 4>> keepouts = {};  // a panel's: x, y, width, height
    base::SpaceClock clock = {};                    // a panel's: of its space
    auto operator<=>(const Wish&) const = default;
};

/// Owned by the renderer: what it keeps per feed (textures).
struct Drawable {
    virtual ~Drawable() = default;
};

class Feed {
  public:
    explicit Feed(Wish wish) : wish_(std::move(wish)) {}
    ~Feed();
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    [[nodiscard]] const Wish& wish() const { return wish_; }
    /// Configures the surface on a (new) link; the picture shown stays. Null: no producer yet.
    /// There is no process and there will be none until someone acts.
    void bar() { barred_ = true; }
    void attach(std::shared_ptr<Link> link);
    /// On the air, or only prepared: told to media.
    void set_on_air(bool on_air);
    [[nodiscard]] bool on_air() const { return on_air_; }
    [[nodiscard]] bool is_on(const Link* link, uint32_t surface) const;
    void refuse(surface::Reason reason, std::string text);

    /// A newer picture waits.
    [[nodiscard]] bool fresh() const;
    /// Takes it. True: the picture changed.
    bool pull();

    [[nodiscard]] Vouch vouch() const;
    /// When that was last (CLOCK_MONOTONIC; 0: never), and how much of a panel it changed, its
    /// textures' pixels with it.
    [[nodiscard]] int64_t pulled_ns() const { return pulled_ns_; }
    [[nodiscard]] int64_t changed_pixels() const;
    /// Until when it has had its share of loading textures (CLOCK_MONOTONIC).
    [[nodiscard]] int64_t rests_until_ns() const { return rests_until_ns_; }
    /// Grows with each picture; 0: none.
    [[nodiscard]] uint64_t version() const { return elder_ ? elder_->version() : version_; }
    [[nodiscard]] const surface::DrawList& list() const { return list_; }
    /// Where the list differs from what was drawn of version `seen`, in content pixels.
    [[nodiscard]] std::vector<wall::RectPx> changed_since(uint64_t seen) const;
    [[nodiscard]] const surface::Picture& picture() const {
        return elder_ ? elder_->picture() : picture_;
    }
    /// It has a picture of the size that was asked for.
    [[nodiscard]] bool has_own() const { return version_ > 0; }
    /// Shows the picture of another feed of the same source until its own first one comes.
    void follow(std::shared_ptr<Feed> elder) { elder_ = std::move(elder); }
    [[nodiscard]] Size picture_size() const;
    [[nodiscard]] const std::string& refusal() const { return refusal_; }
    /// CLOCK_MONOTONIC at which the producer asked to be drawn again (panels), 0: not.
    void send_input(const surface::Input& input);

    std::unique_ptr<Drawable> drawable;

  private:
    void release();
    /// The predecessor still plays, and its successor has no picture yet.
    [[nodiscard]] bool handing_over() const;
    bool pull_from(const std::shared_ptr<Link>& link, uint32_t surface);
    bool accept(const surface::Picture& picture, const std::shared_ptr<Link>& link,
                uint32_t surface);
    void number_textures(surface::DrawList& list, bool same_surface);

    Wish wish_;
    std::shared_ptr<Link> link_;   // where the surface is configured now
    std::shared_ptr<Link> shown_;  // whose picture is held; keeps its mapping
    std::shared_ptr<Feed> elder_;
    uint32_t surface_ = 0, shown_surface_ = 0;
    bool configured_ = false, shown_configured_ = false, on_air_ = false;
    surface::DrawList list_;
    surface::DrawList spare_;            // the one before, for its memory
    std::vector<wall::RectPx> changed_;  // from the version before this one
    int64_t changed_texels_ = 0;
    surface::Picture picture_;
    uint64_t version_ = 0;
    int64_t vouched_ns_ = 0;  // as_of of the producer that the shown one took over from
    int64_t pulled_ns_ = 0, rests_until_ns_ = 0;
    bool barred_ = false;  // its process is quarantined, and never was here
    bool refused_ = false;
    surface::Reason refused_reason_ = surface::Reason::none;
    std::string refusal_;
};

/// All feeds in use, by wish, and all links by name.
class Feeds {
  public:
    /// The feed for a wish; configured at once when its producer is there.
    std::shared_ptr<Feed> get(const Wish& wish);
    /// A producer's (next) incarnation: every feed of its is configured there.
    void add_link(std::shared_ptr<Link> link);
    void drop_link(const std::string& name, int64_t now_ns, bool quarantined);
    void drop_all(int64_t now_ns);
    /// The media process that plays `source`.
    [[nodiscard]] std::string media_for(const std::string& source) const;
    /// How many media processes there are. Before the first feed.
    void set_media(uint32_t count) { media_ = count; }
    /// Reads what a link's producer says. True: something may have changed.
    bool receive(Link& link);
    /// Every link that may still say something.
    template <class F>
    void each_link(F&& f) const {
        for (const auto& [name, link] : links_) f(*link);
        for (const auto& link : leaving_) f(*link);
    }
    /// Lets go of predecessors whose pictures nobody shows any more, which tells them to end.
    void drop_left();
    /// Takes the new pictures. Those of sources are copied later; what panels on air draw is
    /// shaded, so at most some `panel_pixels` of it are taken: who waited longest first, the rest
    /// stays where it is until a later call, as does who has loaded many textures just now.
    void pull(int64_t panel_pixels);
    template <class F>
    void each(F&& f) {
        for (auto it = feeds_.begin(); it != feeds_.end();) {
            std::shared_ptr<Feed> feed = it->second.lock();
            if (feed) f(*feed);
            it = feed ? std::next(it) : feeds_.erase(it);
        }
    }

  private:
    [[nodiscard]] std::shared_ptr<Feed> elder_for(const Wish& wish) const;

    std::map<std::string, std::shared_ptr<Link>> links_;
    std::vector<std::shared_ptr<Link>> leaving_;  // their successors are here already
    uint32_t media_ = 1;
    std::map<Wish, std::weak_ptr<Feed>> feeds_;
    std::set<std::string> barred_;  // quarantined peers that never had a link
};

}  // namespace bw::compositor
