// SPDX-License-Identifier: Apache-2.0
// Who holds which zone, and until when. Acts at once, recorded behind. On the loop.
#pragma once

#include <optional>

#include "core/hub/facts.h"
#include "core/wall/scene.h"

namespace bw::hub {

struct Hold {
    std::string zone;  // a zone, a display, or "wall"
    std::string by;
    int64_t until_ns = 0;  // wall clock; 0: until released
};

/// "rule:NAME": a rule of the site's, and no person.
inline bool is_rule(const std::string& by) {
    return by.rfind("rule:", 0) == 0;
}

class Holds {
  public:
    explicit Holds(Facts& facts) : facts_(facts) {}

    /// Those of the record that have not ended. `site` stays the caller's.
    void start(const config::Site& site);
    void set_site(const config::Site& site);
    /// Told after each change.
    void on_change(std::function<void()> handler) { on_change_ = std::move(handler); }

    void hold(const nlohmann::json& data, const std::string& by, const ReplyFn& reply);
    void release(const nlohmann::json& data, const ReplyFn& reply);

    /// The lit areas that somebody holds.
    [[nodiscard]] std::vector<wall::RectMm> boxes() const;
    /// Names of what is held.
    [[nodiscard]] std::vector<std::string> zones() const;
    /// Whose hold touches one of these; null: nobody's.
    [[nodiscard]] const Hold* over(const std::vector<wall::RectMm>& rects) const;
    /// One of the holders when every display is held.
    [[nodiscard]] const Hold* over_all() const;
    /// Refusal "held" with the holder and until when.
    [[nodiscard]] nlohmann::json refused(const Hold& hold) const;
    [[nodiscard]] nlohmann::json status() const;

    void tick();
    [[nodiscard]] int64_t next_wake_ns() const;

  private:
    [[nodiscard]] std::vector<wall::RectMm> boxes_of(const std::string& zone) const;
    [[nodiscard]] std::string unknown_zone(const std::string& zone) const;
    [[nodiscard]] const Hold* of_another(const std::string& zone, const std::string& by) const;
    [[nodiscard]] std::string until_text(const Hold& hold) const;
    [[nodiscard]] nlohmann::json document() const;
    void changed(ReplyFn recorded);

    Facts& facts_;
    const config::Site* site_ = nullptr;
    std::vector<Hold> holds_;  // in the order of their zones
    std::function<void()> on_change_;
};

}  // namespace bw::hub
