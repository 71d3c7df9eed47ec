// SPDX-License-Identifier: Apache-2.0
#include "core/hub/remote.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::hub {

using events::CurveRouter;
using nlohmann::json;

namespace {

constexpr int64_t kRetryNs = 2 * base::kSecond;
constexpr int64_t kLastWordNs = base::kSecond / 5;
constexpr int64_t kTellNs = base::kSecond / 10;
// More are not remembered than there can be keys.
constexpr size_t kMaxRemembered = 2 * access::kMaxKeys;

}  // namespace

Remote::Remote(std::filesystem::path state_dir, const People& people, Mailbox& mailbox)
    : folder_(std::move(state_dir)), people_(people), mailbox_(mailbox) {}

void Remote::configure(const config::Hub& how) {
    wanted_ = how;
    has_.messages_per_s = how.messages_per_s;
    has_.kib_per_s = how.kib_per_s;
    if (how.listen == has_.listen) return;
    if (router_) {
        const auto counts = router_->counts();
        before_.handshakes += counts.handshakes;
        before_.crowded += counts.crowded;
        before_.unfinished += counts.unfinished;
        router_.reset();
        base::log_info("no longer listening at {}", has_.listen);
    }
    has_.listen.clear();
    fault_.clear();
    retry_ns_ = how.listen.empty() ? INT64_MAX : 0;
    wake_ns_ = retry_ns_;
}

void Remote::tick(int64_t now) {
    if (!router_ && !opening_ && now >= retry_ns_) open();
    for (auto& [at, route] : ends_)
        if (now >= at && router_) router_->end(route);
    std::erase_if(ends_, [now](const auto& end) { return now >= end.first; });
    wake_ns_ = router_ || opening_ ? INT64_MAX : retry_ns_;
    for (const auto& [at, route] : ends_) wake_ns_ = std::min(wake_ns_, at);
}

void Remote::open() {
    opening_ = true;
    worker_.post([this, how = wanted_] {
        const auto pair =
            std::make_shared<base::Result<access::KeyPair>>(access::server_key(folder_));
        mailbox_.post([this, how, pair] { opened(how, *pair); });
    });
}

void Remote::opened(const config::Hub& how, const base::Result<access::KeyPair>& pair) {
    opening_ = false;
    wake_ns_ = 0;
    if (how.listen != wanted_.listen || wanted_.listen.empty()) return;  // changed meanwhile
    if (!pair) return failed(pair.error().text);
    auto router = CurveRouter::open(
        {how.listen, pair->public_key, pair->secret_key},
        [this](const unsigned char(&key)[32], const std::string&) { return admit(key); });
    if (!router) return failed(router.error().text);
    router_ = std::move(*router);
    has_.listen = how.listen;
    fault_.clear();
    base::log_info("listening for other machines at {}", how.listen);
}

void Remote::failed(const std::string& why) {
    if (why != fault_) base::log_error("other machines cannot connect: {}; trying again", why);
    fault_ = why;
    retry_ns_ = base::mono_ns() + kRetryNs;
}

std::array<int, 3> Remote::fds() const {
    return router_ ? router_->fds() : std::array<int, 3>{-1, -1, -1};
}

void Remote::work() {
    if (router_) router_->work();
}

CurveRouter::Answer Remote::admit(const unsigned char (&bytes)[32]) {
    const std::string key = access::key_text(bytes);
    if (people_.key(key) == nullptr) {
        ++refused_keys_;
        // The list may be about to be read, or broken for a moment: then it may try again.
        return people_.keys_known() ? CurveRouter::Answer::no : CurveRouter::Answer::later;
    }
    const auto its = buckets_.find(key);
    if (its != buckets_.end() && base::mono_ns() < its->second.out_until_ns)
        return CurveRouter::Answer::later;
    return CurveRouter::Answer::yes;
}

bool Remote::receive(Said& out) {
    CurveRouter::Said said;
    while (router_ && router_->receive(said)) {
        // Of a revoked key that was not greeted, or had said this before it was cut.
        if (people_.key(said.key) == nullptr) {
            router_->end(said.route);
            continue;
        }
        out.verdict = charge(said.key, said.bytes);
        if (out.verdict == Verdict::tell) {
            int64_t& told = buckets_[said.key].told_ns;
            const int64_t now = base::mono_ns();
            if (now - told < kTellNs) continue;
            told = now;
        }
        out.route = std::string(kPrefix) + said.route;
        out.origin = {std::move(said.key), std::move(said.address)};
        out.frames = std::move(said.frames);
        return true;
    }
    return false;
}

// A bucket that fills with time, to twice what may be sent in a second.
Remote::Verdict Remote::charge(const std::string& key, size_t bytes) {
    const int64_t now = base::mono_ns();
    if (buckets_.size() > kMaxRemembered) buckets_.clear();
    Bucket& its = buckets_[key];
    const double messages = has_.messages_per_s, size = has_.kib_per_s * 1024.0;
    const double seconds = its.at_ns == 0 ? 2 : static_cast<double>(now - its.at_ns) / 1e9;
    its.at_ns = now;
    its.messages = std::min(its.messages + seconds * messages, 2 * messages);
    its.bytes = std::min(its.bytes + seconds * size, 2 * size);
    its.ns = std::min(its.ns + seconds * kShare * 1e9, static_cast<double>(kShareNs));
    if (now < its.out_until_ns) return Verdict::tell;
    if (its.messages >= 1 && its.bytes > 0 && its.ns > 0) {
        its.messages -= 1;
        its.bytes -= static_cast<double>(bytes);
        if (its.messages > messages && its.bytes > size) its.refused = its.refused_bytes = 0;
        return Verdict::pass;
    }
    ++refused_messages_;
    ++its.refused;
    its.refused_bytes += bytes;
    if (its.refused <= has_.messages_per_s && its.refused_bytes <= has_.kib_per_s * uint64_t{1024})
        return Verdict::tell;
    its.refused = its.refused_bytes = 0;
    its.out_until_ns = now + kOutNs;
    return Verdict::cut;
}

std::string Remote::limit_text() const {
    return fmt::format(
        "more than {} messages or {} KiB a second, or what takes more than {} % of "
        "the hub's time",
        has_.messages_per_s, has_.kib_per_s, static_cast<int>(kShare * 100));
}

void Remote::spend(const std::string& key, int64_t ns) {
    const auto its = buckets_.find(key);
    if (its != buckets_.end()) its->second.ns -= static_cast<double>(ns);
}

events::Socket::Sent Remote::send_to(const std::string& route, const events::Frames& frames) {
    if (!router_) return events::Socket::Sent::gone;
    return router_->send_to(route.substr(kPrefix.size()), frames);
}

void Remote::end(const std::string& route) {
    ++cut_;
    ends_.emplace_back(base::mono_ns() + kLastWordNs, route.substr(kPrefix.size()));
    wake_ns_ = std::min(wake_ns_, ends_.back().first);
}

void Remote::note_cut(const std::string& key, const std::string& why, uint64_t missed) {
    if (cuts_.size() > kMaxRemembered) cuts_.clear();
    cuts_[key] = {why, missed, base::mono_ns()};
}

json Remote::take_cut(const std::string& key) {
    const auto found = cuts_.find(key);
    if (found == cuts_.end()) return nullptr;
    json told = {{"why", found->second.why},
                 {"missed", found->second.missed},
                 {"ago_ms", (base::mono_ns() - found->second.at_ns) / base::kMillisecond}};
    cuts_.erase(found);
    return told;
}

void Remote::add_status(json& document) const {
    CurveRouter::Counts counts = before_;
    if (router_) {
        const auto now = router_->counts();
        counts.handshakes += now.handshakes;
        counts.crowded += now.crowded;
        counts.unfinished += now.unfinished;
    }
    json& hub = document["hub"];
    hub["listen"] = router_ ? json(has_.listen) : json();
    hub["connections"] = router_ ? router_->connections() : 0;
    hub["refused_keys"] = refused_keys_;
    hub["refused_handshakes"] = counts.handshakes;
    hub["refused_connections"] = counts.crowded;
    hub["refused_messages"] = refused_messages_;
    hub["cut"] = cut_ + counts.unfinished;
    if (fault_.empty()) return;
    document["limits"].push_back({{"what", "other machines"},
                                  {"state", "missing"},
                                  {"effect", fault_ + "; they cannot connect, the wall goes on"}});
}

}  // namespace bw::hub
