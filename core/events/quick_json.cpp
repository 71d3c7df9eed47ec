// SPDX-License-Identifier: Apache-2.0
#include "core/events/quick_json.h"

// A plugin that is linked with this may have a RapidJSON of its own.
#define RAPIDJSON_NAMESPACE beaconwall_rapidjson
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/events/json.h"

namespace bw::events {

namespace {

using nlohmann::json;
namespace rj = RAPIDJSON_NAMESPACE;

/// RapidJSON takes half of a surrogate pair, written as \uDC00 to \uDFFF, for a character: of what
/// it has checked nothing else has these bytes.
bool has_half_pair(std::string_view text) {
    for (size_t at = 0; (at = text.find('\xED', at)) != std::string_view::npos; ++at)
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) return true;
    return false;
}

/// As nlohmann's parser has them: whole numbers that fit into 64 bits, unsigned unless there is a
/// minus, and doubles.
bool read_number(std::string_view text, json& out) {
    const char* const end = text.data() + text.size();
    const auto take = [&](auto number) {
        const auto [at, why] = std::from_chars(text.data(), end, number);
        if (why != std::errc() || at != end) return false;
        out = number;
        return true;
    };
    if (text.find_first_of(".eE") != std::string_view::npos) return take(double{});
    return (text.front() == '-' ? take(int64_t{}) : take(uint64_t{})) || take(double{});
}

/// RapidJSON's handler: each event of the parser goes to its place in a tree of nlohmann's.
class Builder {
  public:
    explicit Builder(json& root) : place_(&root) {}

    bool Null() { return put(nullptr); }
    bool Bool(bool value) { return put(value); }
    bool String(const char* text, rj::SizeType size, bool /*copy*/) {
        return !has_half_pair({text, size}) && put(std::string(text, size));
    }
    bool RawNumber(const char* text, rj::SizeType size, bool /*copy*/) {
        json number;
        return read_number({text, size}, number) && put(std::move(number));
    }
    bool StartObject() { return begin(json::value_t::object); }
    bool Key(const char* text, rj::SizeType size, bool /*copy*/) {
        if (has_half_pair({text, size})) return false;
        place_ = &(*open_[depth_ - 1])[std::string(text, size)];
        return true;
    }
    bool EndObject(rj::SizeType /*members*/) { return end(); }
    bool StartArray() { return begin(json::value_t::array); }
    bool EndArray(rj::SizeType /*elements*/) { return end(); }

    // Numbers come as text.
    bool Int(int /*value*/) { return false; }
    bool Uint(unsigned /*value*/) { return false; }
    bool Int64(int64_t /*value*/) { return false; }
    bool Uint64(uint64_t /*value*/) { return false; }
    bool Double(double /*value*/) { return false; }

  private:
    /// Where the next value goes.
    json& place() {
        if (depth_ == 0 || !open_[depth_ - 1]->is_array()) return *place_;
        auto& elements = open_[depth_ - 1]->get_ref<json::array_t&>();
        return elements.emplace_back();
    }
    template <typename Value>
    bool put(Value&& value) {
        place() = std::forward<Value>(value);
        return true;
    }
    bool begin(json::value_t kind) {
        if (depth_ == open_.size()) return false;
        json& its = place();
        its = kind;
        open_[depth_++] = &its;
        return true;
    }
    bool end() {
        --depth_;
        return true;
    }

    json* place_;
    std::array<json*, kMaxJsonDepth> open_{};
    size_t depth_ = 0;
};

}  // namespace

bool read_quickly(std::string_view text, json& out) {
    rj::MemoryStream bytes(text.data(), text.size());
    rj::Reader reader(nullptr, 1024);
    Builder builder(out);
    constexpr unsigned kFlags = rj::kParseValidateEncodingFlag | rj::kParseNumbersAsStringsFlag;
    // Where a 0 byte stands it sees the end.
    return !reader.Parse<kFlags>(bytes, builder).IsError() && bytes.Tell() == text.size();
}

}  // namespace bw::events
