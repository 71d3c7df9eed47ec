// SPDX-License-Identifier: Apache-2.0
// Texts with places to fill ("gauge/{station}"), and MQTT topic filters with named parts
// ("gauges/{station}/level"). Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bw::mqtt_bridge {

using Names = std::map<std::string, std::string>;

/// The names between braces in `text`; nothing when braces do not pair or hold no name.
std::optional<std::set<std::string>> names_in(std::string_view text);
/// With every {name} replaced; names that are not there are left out.
std::string filled(std::string_view text, const Names& names);

/// A topic filter. A level may be a text, "+", "{name}" (one level), and the last one also "#" or
/// "{name...}" (one level and all below).
class TopicPattern {
  public:
    /// Nothing, and a sentence in `why`, if `text` is none.
    static std::optional<TopicPattern> parse(const std::string& text, std::string& why);
    /// As a broker takes it: "gauges/+/level".
    [[nodiscard]] const std::string& filter() const { return filter_; }
    [[nodiscard]] const std::set<std::string>& names() const { return names_; }
    /// Whether `topic` matches; then the named parts are in `out`.
    [[nodiscard]] bool match(std::string_view topic, Names& out) const;

  private:
    struct Level {
        enum class Kind { text, one, rest } kind = Kind::text;
        std::string word;  // the text, or the name, or nothing
    };
    std::vector<Level> levels_;
    std::string filter_;
    std::set<std::string> names_;
};

/// Whether a message may be published there: no wildcards, not empty, at most 65535 bytes.
bool is_topic(std::string_view topic);

}  // namespace bw::mqtt_bridge
