// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/feed.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/compositor/list_diff.h"
#include "core/compositor/messages.h"
#include "core/surface/spread.h"

namespace bw::compositor {

using surface::Kind;
using surface::SlotKind;

namespace {

/// Pixels of textures that a panel on air may have loaded in a second: 1920 x 1080 thirty times.
/// One that writes more would cost the wall its frames.
constexpr int64_t kTexelsPerSecond = 64'000'000;

// Reads a byte of every page: a page of shared memory that nobody here has touched costs a fault,
// and thousands of them would fall into the first frame of a take.
void touch_pages(const surface::Picture& picture) {
    constexpr size_t kPage = 4096;
    for (size_t i = 0; i < picture.header.bytes; i += kPage)
        (void)*static_cast<const volatile std::byte*>(picture.payload + i);
}

}  // namespace

void Link::cut(const std::string& why) {
    if (cut_off) return;
    cut_off = true;
    cut_off_for = why;
    base::log_warning("{} breaks the surface protocol and is cut off: {}", name, why);
    ::shutdown(consumer->fd(), SHUT_RDWR);
}

Feed::~Feed() {
    release();
}

void Feed::release() {
    if (configured_ && link_) link_->consumer->release(surface_);
    if (shown_configured_ && shown_ && shown_ != link_) shown_->consumer->release(shown_surface_);
    configured_ = shown_configured_ = false;
}

void Feed::attach(std::shared_ptr<Link> link) {
    if (link_ != shown_ && configured_ && link_) link_->consumer->release(surface_);
    link_ = std::move(link);
    configured_ = false;
    refused_ = false;
    barred_ = false;
    refusal_.clear();
    if (!link_) return;
    surface::Consumer::Wish wish{static_cast<uint32_t>(wish_.width),
                                 static_cast<uint32_t>(wish_.height),
                                 wish_.unit_px,
                                 wish_.kind,
                                 0,
                                 configure_json(wish_, on_air_)};
    auto surface = link_->consumer->configure(wish);
    if (!surface.ok()) {
        base::log_warning("{}: no surface for {}{}: {}", link_->name, wish_.pane, wish_.source,
                          surface.error().text);
        return;
    }
    surface_ = *surface;
    configured_ = true;
}

void Feed::set_on_air(bool on_air) {
    if (elder_ && on_air) elder_->set_on_air(true);
    if (on_air == on_air_) return;
    on_air_ = on_air;
    if (!configured_ || wish_.kind == SlotKind::draw_list) return;
    (void)link_->consumer->send(Kind::demand, surface_, on_air ? 1 : 2);
}

bool Feed::is_on(const Link* link, uint32_t surface) const {
    return configured_ && link_.get() == link && surface_ == surface;
}

void Feed::refuse(surface::Reason reason, std::string text) {
    refused_ = true;
    refused_reason_ = reason;
    refusal_ = std::move(text);
}

namespace {

bool waits(Link& link, uint32_t surface) {
    return !link.cut_off && (link.consumer->block(surface).word.load(std::memory_order_acquire) &
                             surface::kFresh) != 0;
}

}  // namespace

bool Feed::handing_over() const {
    return shown_ && shown_ != link_ && shown_configured_ && !shown_->cut_off &&
           shown_->gone_since_ns == 0;
}

bool Feed::fresh() const {
    return (configured_ && waits(*link_, surface_)) ||
           (handing_over() && waits(*shown_, shown_surface_));
}

bool Feed::pull() {
    if (configured_ && waits(*link_, surface_) && pull_from(link_, surface_)) return true;
    return handing_over() && waits(*shown_, shown_surface_) && pull_from(shown_, shown_surface_);
}

bool Feed::pull_from(const std::shared_ptr<Link>& link, uint32_t surface) {
    auto taken = link->consumer->take(surface);
    if (!taken.ok()) {
        link->cut(taken.error().text);
        return false;
    }
    if (!taken->has_value()) return false;
    if (!accept(**taken, link, surface)) return false;
    if (elder_) version_ = elder_->version();
    elder_.reset();
    ++version_;
    pulled_ns_ = base::mono_ns();
    rests_until_ns_ = pulled_ns_ + changed_texels_ * base::kSecond / kTexelsPerSecond;
    refused_ = false;
    if (shown_ != link) {
        vouched_ns_ = std::min(vouch().as_of_ns, pulled_ns_);
        if (shown_configured_ && shown_) shown_->consumer->release(shown_surface_);
        shown_ = link;
    }
    shown_surface_ = surface;
    shown_configured_ = true;
    if ((*taken)->awaited) (void)link->consumer->send(Kind::taken, surface);
    return true;
}

bool Feed::accept(const surface::Picture& picture, const std::shared_ptr<Link>& link,
                  uint32_t surface) {
    if (picture.header.kind != wish_.kind) {
        link->cut("a picture of another kind than was asked for");
        return false;
    }
    if (wish_.kind != SlotKind::draw_list) {
        picture_ = picture;
        if (!on_air_) touch_pages(picture);
        return true;
    }
    auto list = surface::copy_draw_list(picture, std::move(spare_));
    if (!list.ok()) {
        link->cut(list.error().text);
        return false;
    }
    number_textures(*list, shown_configured_ && shown_ == link && shown_surface_ == surface);
    changed_ = list_diff(list_, *list, wish_.width, wish_.height);
    spare_ = std::exchange(list_, std::move(*list));
    return true;
}

// What has not changed keeps its number: it is neither drawn nor loaded anew.
void Feed::number_textures(surface::DrawList& list, bool same_surface) {
    static uint64_t last = 0;
    changed_texels_ = 0;
    for (surface::Texture& texture : list.textures) {
        const surface::Texture* before = same_surface ? list_.texture(texture.id) : nullptr;
        const bool same = before != nullptr && before->version == texture.version &&
                          before->width == texture.width && before->height == texture.height;
        texture.content = same ? before->content : ++last;
        if (!same) changed_texels_ += int64_t{texture.width} * texture.height;
    }
}

std::vector<wall::RectPx> Feed::changed_since(uint64_t seen) const {
    if (seen == version_) return {};
    if (seen + 1 == version_ && seen > 0) return changed_;
    return {{0, 0, wish_.width, wish_.height}};
}

int64_t Feed::changed_pixels() const {
    int64_t sum = changed_texels_;
    for (const wall::RectPx& part : changed_) sum += int64_t{part.width} * part.height;
    return sum;
}

Vouch Feed::vouch() const {
    if (elder_ && !refused_) return elder_->vouch();
    Vouch out;
    if (!wish_.source.empty()) out.fault = surface::Reason::bad_stream;
    out.has_picture = version_ > 0;
    out.refused = refused_ && !handing_over();
    if (out.refused) out.reason = refused_reason_;
    if (barred_) {
        out.refused = true;
        out.reason = surface::Reason::quarantined;
    }
    if (!link_) return out;
    if (!handing_over()) out.gone_since_ns = link_->gone_since_ns;
    if (link_->quarantined) {
        out.refused = true;
        out.reason = surface::Reason::quarantined;
    }
    // A successor's word counts for its own picture alone; until then the predecessor's stands.
    const std::shared_ptr<Link>& speaks = shown_ ? shown_ : link_;
    if (shown_ ? shown_configured_ : configured_) {
        const surface::Block& block = speaks->consumer->block(shown_ ? shown_surface_ : surface_);
        out.as_of_ns = block.as_of_ns.load(std::memory_order_relaxed);
        // A successor that has yet to vouch: its picture is no older than the one before.
        if (out.as_of_ns == 0) out.as_of_ns = vouched_ns_;
    }
    if (!configured_ && !handing_over()) return out;
    // Who plays says how: a successor that still connects is nobody's news.
    const surface::Block& now =
        handing_over() ? shown_->consumer->block(shown_surface_) : link_->consumer->block(surface_);
    out.state = static_cast<surface::SourceState>(
        std::min<uint32_t>(now.source_state.load(std::memory_order_relaxed), 9));
    if (!out.refused) {
        out.reason = static_cast<surface::Reason>(now.reason.load(std::memory_order_relaxed));
    }
    out.next_try_ns = now.next_try_ns.load(std::memory_order_relaxed);
    if (link_->cut_off && !handing_over()) {  // its own word counts for nothing any more
        out.state = surface::SourceState::late;
        out.reason = out.fault;
    }
    return out;
}

Size Feed::picture_size() const {
    if (version() == 0 || wish_.kind == SlotKind::draw_list) return {};
    const surface::SlotHeader& header = picture().header;
    return {static_cast<int>(header.width), static_cast<int>(header.height)};
}

void Feed::send_input(const surface::Input& input) {
    if (!configured_) return;
    std::string_view bytes(reinterpret_cast<const char*>(&input), sizeof(input));
    (void)link_->consumer->send(Kind::input, surface_, 0, bytes);
}

std::shared_ptr<Feed> Feeds::get(const Wish& wish) {
    if (std::shared_ptr<Feed> feed = feeds_[wish].lock()) return feed;
    auto feed = std::make_shared<Feed>(wish);
    if (wish.peer.empty()) {  // nobody's, whoever comes
        feeds_[wish] = feed;
        return feed;
    }
    if (!wish.source.empty()) feed->follow(elder_for(wish));
    feeds_[wish] = feed;
    auto link = links_.find(wish.peer);
    if (link != links_.end()) feed->attach(link->second);
    if (barred_.contains(wish.peer)) feed->bar();
    return feed;
}

// The same source at another size is the same camera: its picture, scaled, is better than none.
std::shared_ptr<Feed> Feeds::elder_for(const Wish& wish) const {
    std::shared_ptr<Feed> best;
    for (const auto& [other, weak] : feeds_) {
        if (other.source != wish.source || other.kind != wish.kind) continue;
        std::shared_ptr<Feed> feed = weak.lock();
        if (!feed || !feed->has_own()) continue;
        if (!best || feed->picture_size().width > best->picture_size().width) best = feed;
    }
    return best;
}

void Feeds::add_link(std::shared_ptr<Link> link) {
    auto& place = links_[link->name];
    if (place && place->gone_since_ns == 0 && !place->cut_off) leaving_.push_back(place);
    place = link;
    barred_.erase(link->name);
    each([&](Feed& feed) {
        const std::string& peer = feed.wish().peer;
        if (!peer.empty() && peer == link->name) feed.attach(link);
    });
}

void Feeds::drop_link(const std::string& name, int64_t now_ns, bool quarantined) {
    auto found = links_.find(name);
    if (found == links_.end()) {  // a plugin that was given up before this compositor started
        if (!quarantined) return;
        barred_.insert(name);
        return each([&](Feed& feed) {
            if (feed.wish().peer == name) feed.bar();
        });
    }
    Link& link = *found->second;
    if (link.gone_since_ns == 0) link.gone_since_ns = now_ns;
    link.quarantined = link.quarantined || quarantined;
}

void Feeds::drop_all(int64_t now_ns) {
    each_link([now_ns](Link& link) {
        if (link.gone_since_ns == 0) link.gone_since_ns = now_ns - kGoneAfterNs;
    });
}

void Feeds::drop_left() {
    std::erase_if(leaving_, [](const auto& link) { return link.use_count() == 1; });
}

std::string Feeds::media_for(const std::string& source) const {
    return surface::media_name(surface::media_of(source, media_));
}

void Feeds::pull(int64_t panel_pixels) {
    std::vector<Feed*> boards;
    const int64_t now = base::mono_ns();
    each([&boards, now](Feed& feed) {
        // The first picture of a pane does not wait: until then its tile is empty.
        const bool board =
            feed.wish().kind == SlotKind::draw_list && feed.on_air() && feed.has_own();
        if (board && feed.rests_until_ns() <= now) boards.push_back(&feed);
        if (!board) feed.pull();
    });
    std::sort(boards.begin(), boards.end(),
              [](const Feed* a, const Feed* b) { return a->pulled_ns() < b->pulled_ns(); });
    for (Feed* feed : boards) {
        if (panel_pixels <= 0) return;
        if (feed->pull()) panel_pixels -= feed->changed_pixels();
    }
}

bool Feeds::receive(Link& link) {
    bool news = false;
    while (!link.cut_off && link.gone_since_ns == 0) {
        auto message = link.consumer->receive();
        if (!message.ok()) {
            if (message.error().code == "invalid") link.cut(message.error().text);
            if (message.error().code == "closed") link.gone_since_ns = base::mono_ns();
            break;
        }
        news = true;
        if (message->header.kind != Kind::refuse) continue;
        std::string text(reinterpret_cast<const char*>(message->body.data()), message->body.size());
        each([&](Feed& feed) {
            if (!feed.is_on(&link, message->header.surface)) return;
            feed.refuse(static_cast<surface::Reason>(message->header.value), text);
        });
    }
    return news;
}

}  // namespace bw::compositor
