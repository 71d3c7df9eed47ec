// SPDX-License-Identifier: Apache-2.0
#include "core/media/probe.h"

#include <fmt/core.h>
#include <poll.h>

#include <algorithm>
#include <array>

#include "core/base/clock.h"
#include "core/base/mutex.h"
#include "core/media/pipeline.h"
#include "core/media/records.h"
#include "core/media/vnc_line.h"
#include "core/media/workshop.h"

namespace bw::media {
namespace {

using base::kSecond;

constexpr int64_t kListenNs = 5 * kSecond, kMostNs = 15 * kSecond;

/// Counts what a source sends.
class Tally {
  public:
    void add(const Unit& unit) {
        base::Lock lock(mutex_);
        if (count_++ == 0) first_ns_ = unit.arrived_ns;
        last_ns_ = unit.arrived_ns;
        bytes_ += unit.bytes;
        if (media_.empty()) media_ = media_type(unit.caps);
        if (!unit.key) return;
        if (keys_++ == 0) first_key_ns_ = unit.arrived_ns;
        last_key_ns_ = unit.arrived_ns;
    }
    [[nodiscard]] int keys() const {
        base::Lock lock(mutex_);
        return keys_;
    }
    void tell(Probed& out) const {
        base::Lock lock(mutex_);
        out.media = media_;
        const double seconds = static_cast<double>(last_ns_ - first_ns_) / 1e9;
        if (count_ > 1 && seconds > 0) {
            out.rate = static_cast<double>(count_ - 1) / seconds;
            out.kbits = static_cast<double>(bytes_) * 8 / 1000 / seconds;
        }
        if (keys_ > 1)
            out.group_s = static_cast<double>(last_key_ns_ - first_key_ns_) / 1e9 / (keys_ - 1);
    }

  private:
    mutable base::Mutex mutex_;
    int count_ BW_GUARDED_BY(mutex_) = 0, keys_ BW_GUARDED_BY(mutex_) = 0;
    size_t bytes_ BW_GUARDED_BY(mutex_) = 0;
    int64_t first_ns_ BW_GUARDED_BY(mutex_) = 0, last_ns_ BW_GUARDED_BY(mutex_) = 0;
    int64_t first_key_ns_ BW_GUARDED_BY(mutex_) = 0, last_key_ns_ BW_GUARDED_BY(mutex_) = 0;
    std::string media_ BW_GUARDED_BY(mutex_);
};

/// One try, by our own receiver or by GStreamer.
class Listener {
  public:
    Listener(Receiver& receiver, const std::string& uri, const config::Secret& login,
             bool by_gstreamer)
        : receiver_(receiver) {
        outlet_->expect(1);
        flow_ = std::make_shared<Flow>(1, outlet_, wake_, workshop_);
        flow_->watch_units([this](const Unit& unit) { tally_.add(unit); });
        flow_->want(true);
        out_.by_gstreamer = by_gstreamer || !(Receiver::takes(uri) || VncLine::takes(uri));
        Opening opening{"probe", uri,       login.user, login.password,
                        flow_,   workshop_, wake_,      by_gstreamer};
        if (VncLine::takes(uri))
            intake_ = VncLine::open(std::move(opening));
        else if (out_.by_gstreamer)
            intake_ = Pipeline::open(std::move(opening));
        else
            intake_ = receiver_.open(std::move(opening));
    }
    ~Listener() {
        intake_.reset();
        flow_->end();
        workshop_->pool.close(base::mono_ns() + kSecond);
    }
    /// True: GStreamer may do better.
    bool listen() {
        bool elsewhere = false;
        while (out_.trouble.empty() && !elsewhere && !enough()) {
            pollfd news{wake_->fd(), POLLIN, 0};
            (void)poll(&news, 1, 50);
            wake_->drain();
            elsewhere = look();
        }
        finish();
        return elsewhere;
    }
    [[nodiscard]] Probed result() const { return out_; }

  private:
    [[nodiscard]] int64_t past_ns() const { return base::mono_ns() - began_ns_; }
    [[nodiscard]] bool enough() const {
        if (past_ns() > kMostNs) return true;
        const bool still = intake_->true_at_ns(1) != 0 && out_.picture_s > 0;
        const bool heard = out_.picture_s > 0 && (tally_.keys() > 1 || out_.raw);
        return still || (heard && past_ns() > kListenNs);
    }
    bool look() {
        const double now = static_cast<double>(past_ns()) / 1e9;
        if (out_.connected_s == 0 && intake_->connected()) out_.connected_s = now;
        if (out_.picture_s == 0 && outlet_->newest_ns() != 0) out_.picture_s = now;
        out_.raw = out_.picture_s > 0 && tally_.keys() == 0;
        auto trouble = intake_->trouble();
        if (!trouble) trouble = flow_->trouble();
        if (!trouble) return false;
        if (trouble->elsewhere && !out_.by_gstreamer) return true;
        const auto words = surface::reason_words(trouble->reason);
        out_.trouble =
            trouble->text.empty() ? words.en : std::string(words.en) + ": " + trouble->text;
        return false;
    }
    void finish() {
        tally_.tell(out_);
        out_.decoder = flow_->decoder();
        out_.camera_clock = flow_->knows_clock();
        out_.look = flow_->inspector().look();
        out_.width = outlet_->size().width;
        out_.height = outlet_->size().height;
        out_.oddities = intake_->oddities();
        if (out_.trouble.empty() && out_.picture_s == 0)
            out_.trouble = out_.connected_s > 0 ? "it describes a stream, but no picture came"
                                                : "it does not answer";
    }

    Receiver& receiver_;
    const int64_t began_ns_ = base::mono_ns();
    const std::shared_ptr<Wake> wake_ = std::make_shared<Wake>();
    const std::shared_ptr<Outlet> outlet_ = std::make_shared<Outlet>(wake_);
    const std::shared_ptr<Workshop> workshop_ = std::make_shared<Workshop>();
    Tally tally_;
    std::shared_ptr<Flow> flow_;
    std::unique_ptr<Intake> intake_;
    Probed out_;
};

void print_line(const char* what, const std::string& value) {
    fmt::print("  {:<16} {}\n", what, value);
}

void print_stream(const std::string& uri, const Probed& seen) {
    fmt::print("{}\n", uri);
    if (seen.connected_s > 0)
        print_line("answers", fmt::format("after {:.0f} ms", seen.connected_s * 1000));
    if (!seen.trouble.empty()) return print_line("no picture", seen.trouble);
    print_line("first picture", fmt::format("after {:.0f} ms", seen.picture_s * 1000));
    print_line("codec", fmt::format("{}, {}x{}",
                                    seen.media.empty() ? "none (pictures as they are)" : seen.media,
                                    seen.width, seen.height));
    if (!seen.decoder.empty()) print_line("decoder", seen.decoder);
    if (seen.rate > 0) {
        print_line("rate", fmt::format("{:.1f} pictures a second", seen.rate));
        print_line("bitrate", fmt::format("{:.0f} kbit/s", seen.kbits));
        print_line("key frames", seen.group_s > 0 ? fmt::format("every {:.1f} s", seen.group_s)
                                                  : "fewer than two while it was watched");
    }
    print_line("ages count from", seen.camera_clock ? "the camera's clock" : "arrival");
    print_line("received by", seen.by_gstreamer ? "GStreamer" : "Beaconwall");
    if (seen.look != Look::normal)
        print_line("odd", fmt::format("the picture is {}", look_word(seen.look)));
    for (const auto& odd : seen.oddities) print_line("odd", odd);
}

void print_camera(const std::string& uri, const std::string& sub, bool login) {
    fmt::print(
        "\nfor cameras.toml:\n[[camera]]\nid = \"NAME-IT\"\nname = {{ zh = \"…\", en = \"…\" "
        "}}\nkind = "
        "\"forest-fire\"\nmain = \"{}\"\n",
        uri);
    if (!sub.empty()) fmt::print("sub = \"{}\"\n", sub);
    if (login)
        fmt::print(
            "\nfor secrets.toml (mode 0600):\n[[camera]]\nid = \"NAME-IT\"\nuser = \"…\"\npassword "
            "= "
            "\"…\"\n");
}

}  // namespace

Probed probe_stream(const std::string& uri, const config::Secret& login) {
    Receiver receiver;
    {
        Listener first(receiver, uri, login, false);
        if (!first.listen()) return first.result();
    }
    Listener second(receiver, uri, login, true);
    second.listen();
    return second.result();
}

std::string sub_stream_of(const std::string& uri) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kPairs{{
        {"/Streaming/Channels/101", "/Streaming/Channels/102"},
        {"subtype=0", "subtype=1"},
        {"/ch1/main/", "/ch1/sub/"},
        {"/main", "/sub"},
        {"/stream1", "/stream2"},
    }};
    for (const auto& [main, sub] : kPairs)
        if (const size_t at = uri.find(main); at != std::string::npos)
            return std::string(uri).replace(at, main.size(), sub);
    return {};
}

int probe(const std::string& uri, const config::Secret& login) {
    const Probed seen = probe_stream(uri, login);
    print_stream(uri, seen);
    if (!seen.trouble.empty()) return 1;
    std::string sub = sub_stream_of(uri);
    if (!sub.empty()) {
        fmt::print("\n");
        const Probed small = probe_stream(sub, login);
        print_stream(sub, small);
        if (!small.trouble.empty()) sub.clear();
    }
    print_camera(uri, sub, !login.user.empty());
    return 0;
}

}  // namespace bw::media
