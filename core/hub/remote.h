// SPDX-License-Identifier: Apache-2.0
// Other machines: where the hub listens for them, whose key may in, and how much one of them may
// send. Its peers have routes that begin with kPrefix and are known by their key alone. On the
// loop; what touches the disk is a thread's of its own.
#pragma once

#include <array>
#include <map>
#include <nlohmann/json_fwd.hpp>

#include "core/config/site.h"
#include "core/events/curve_router.h"
#include "core/hub/people.h"

namespace bw::hub {

/// Where a message came from. All empty: from this machine.
struct Origin {
    std::string key;  // Z85
    std::string address;
};

class Remote {
  public:
    static constexpr std::string_view kPrefix = "tcp:";
    /// How long a key that sent too much stays out.
    static constexpr int64_t kOutNs = 5'000'000'000;
    /// A peer elsewhere that says nothing for so long is gone: it sends a beat each second.
    static constexpr int64_t kSilentNs = 15'000'000'000;
    /// The share of the loop's time that one key's requests may take, and of how much at once.
    static constexpr double kShare = 0.2;
    static constexpr int64_t kShareNs = 1'000'000'000;

    /// tell: it is refused, and told so. cut: it was told often enough.
    enum class Verdict { pass, tell, cut };
    struct Said {
        std::string route;
        Origin origin;
        events::Frames frames;
        Verdict verdict = Verdict::pass;
    };

    Remote(std::filesystem::path state_dir, const People& people, Mailbox& mailbox);

    static bool has(const std::string& route) { return route.starts_with(kPrefix); }
    /// Takes over what the site says; at start, and when its files changed.
    void configure(const config::Hub& how);
    void tick(int64_t now);
    [[nodiscard]] int64_t next_wake_ns() const { return wake_ns_; }

    /// To wait for; -1 where there is nothing.
    [[nodiscard]] std::array<int, 3> fds() const;
    [[nodiscard]] bool readable() { return router_ && router_->readable(); }
    /// Answers who asks to come in. Each turn, before receive().
    void work();
    /// The next message of somebody whose key is known.
    bool receive(Said& out);
    /// What a message of that key took of the loop's time.
    void spend(const std::string& key, int64_t ns);
    events::Socket::Sent send_to(const std::string& route, const events::Frames& frames);
    /// Ends that connection when what was said last has had time to arrive.
    void end(const std::string& route);

    /// Keeps why a peer was cut, for its next greeting.
    void note_cut(const std::string& key, const std::string& why, uint64_t missed);
    /// {"why", "missed", "ago_ms"} once, or null.
    nlohmann::json take_cut(const std::string& key);
    [[nodiscard]] std::string limit_text() const;

    /// Into "hub" of the status, and a line of "limits" while it cannot listen.
    void add_status(nlohmann::json& document) const;

  private:
    struct Bucket {
        double messages = 0, bytes = 0, ns = 0;  // what it may still send, and take of the loop
        uint64_t refused = 0, refused_bytes = 0;
        int64_t at_ns = 0, told_ns = 0, out_until_ns = 0;
    };
    struct Cut {
        std::string why;
        uint64_t missed = 0;
        int64_t at_ns = 0;
    };
    void open();
    void opened(const config::Hub& how, const base::Result<access::KeyPair>& pair);
    void failed(const std::string& why);
    events::CurveRouter::Answer admit(const unsigned char (&key)[32]);
    Verdict charge(const std::string& key, size_t bytes);

    const std::filesystem::path folder_;
    const People& people_;
    Mailbox& mailbox_;
    config::Hub wanted_, has_;
    std::unique_ptr<events::CurveRouter> router_;
    events::CurveRouter::Counts before_;  // of routers that are closed
    std::string fault_;
    bool opening_ = false;
    int64_t wake_ns_ = INT64_MAX, retry_ns_ = INT64_MAX;
    uint64_t refused_keys_ = 0, refused_messages_ = 0, cut_ = 0;
    std::map<std::string, Bucket> buckets_;  // by key
    std::map<std::string, Cut> cuts_;        // by key
    std::vector<std::pair<int64_t, std::string>> ends_;
    Worker worker_;
};

}  // namespace bw::hub
