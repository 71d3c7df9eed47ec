// SPDX-License-Identifier: Apache-2.0
#include "core/events/broken_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/events/json.h"

namespace bw::events {
namespace {

using nlohmann::json;

constexpr int kOutOfRange = 406;  // nlohmann's number for what no double holds

/// Keeps nothing but the id, and stops at the first fault.
class Look : public nlohmann::json_sax<json> {
  public:
    explicit Look(BrokenJson& out) : out_(out) {}

    bool null() override { return seen(); }
    bool boolean(bool) override { return seen(); }
    bool number_integer(number_integer_t) override { return seen(); }
    bool number_unsigned(number_unsigned_t) override { return seen(); }
    bool number_float(number_float_t, const string_t&) override { return seen(); }
    bool binary(binary_t&) override { return seen(); }
    bool string(string_t& value) override {
        if (at_id_) out_.id = value;
        return seen();
    }
    bool key(string_t& name) override {
        at_id_ = depth_ == 1 && name == "id";
        return true;
    }
    bool start_object(size_t) override { return deeper(); }
    bool end_object() override { return --depth_, true; }
    bool start_array(size_t) override { return deeper(); }
    bool end_array() override { return --depth_, true; }
    bool parse_error(size_t position, const std::string&,
                     const nlohmann::detail::exception& fault) override {
        out_.why = fault.id == kOutOfRange
                       ? std::string("a number is greater than any double")
                       : fmt::format("at byte {}: neither JSON nor UTF-8 goes on like that",
                                     position == 0 ? 0 : position - 1);
        return false;
    }

  private:
    bool seen() { return at_id_ = false, true; }
    bool deeper() {
        at_id_ = false;
        if (++depth_ <= kMaxJsonDepth) return true;
        out_.why = fmt::format("it nests deeper than {}", kMaxJsonDepth);
        return false;
    }

    BrokenJson& out_;
    int depth_ = 0;
    bool at_id_ = false;
};

}  // namespace

BrokenJson look_at_broken(std::string_view text) {
    BrokenJson out;
    Look look(out);
    (void)json::sax_parse(text, &look);
    // The parser takes a 0 byte for the end, and finds nothing amiss before it.
    if (const size_t zero = text.find('\0'); out.why.empty() && zero != std::string_view::npos)
        out.why = fmt::format("at byte {}: a 0 byte, and more behind it", zero);
    if (out.why.empty()) out.why = "it is not JSON";
    if (out.id.size() > 512) out.id.clear();
    return out;
}

}  // namespace bw::events
