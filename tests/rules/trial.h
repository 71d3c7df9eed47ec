// SPDX-License-Identifier: Apache-2.0
// A site of rules written down in a test, and a clock that a test turns. Moments are seconds of a
// day that begins at midnight UTC; the hall's clock is UTC.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/rules/rehearsal.h"

namespace bw::rules::test {

/// Wall clock of that second.
int64_t at(double second);

/// Looks at x.level.v1, holds from level 3 on, and takes `layout`.
config::Rule take_rule(const std::string& name, const std::string& layout, int priority = 50);
/// Layouts normal (the first), flood, fire; displays left and right.
std::shared_ptr<config::Site> site_of(std::vector<config::Rule> rules);

Fact level(const std::string& subject, int level, double second, const std::string& id = "");
Fact fact(const std::string& type, const std::string& subject, const std::string& data,
          double second);

/// An engine on a wall that does what it is told, at once.
class Hall {
  public:
    explicit Hall(std::shared_ptr<const config::Site> site);
    Engine& engine() { return *engine_; }
    void hear(const Fact& fact);
    /// Turns the clock, stopping wherever the engine has something to do.
    void go_to(double second);
    void person_takes(const std::string& layout);
    void hold(bool held);
    /// The engine dies and a new one gets what it saved, and then these last values.
    void restart(const std::vector<Fact>& values);

    [[nodiscard]] const std::string& on_air() const { return layouts_.back(); }
    std::vector<std::string> done;  // "flood-rule takes flood", "flood-rule goes back 1", …
    bool answers = true;            // false: orders are executed, but no answer comes

  private:
    void obey();
    void follow(const Order& order);

    std::shared_ptr<const config::Site> site_;
    std::unique_ptr<Engine> engine_;
    int64_t now_ = 0;
    uint64_t take_ = 1;
    std::vector<std::string> layouts_;
    std::map<std::string, uint64_t> done_;  // take by id: a hub does each once
    bool held_ = false;
};

}  // namespace bw::rules::test
