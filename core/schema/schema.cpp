// SPDX-License-Identifier: Apache-2.0
#include "core/schema/schema.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <nlohmann/json.hpp>

#include "core/base/mutex.h"
#include "core/schema/pointer.h"
#include "core/schema/subset.h"
#include "core/schema/words.h"

// RapidJSON's hash of a number, for `enum` and `uniqueItems`, casts it to 64 bits, which is
// undefined for a number beyond them (1e308, or a vendor's FLT_MAX for "no value"). Such a number
// is told from others by its double alone. Of a schema and of what is checked against it, which are
// hashed by two types, the same becomes the same.
#define BW_HASH_OF_DOUBLE(Allocator)                                                          \
    template <>                                                                               \
    inline bool rapidjson::internal::Hasher<rapidjson::UTF8<>, Allocator>::Double(double d) { \
        Number n;                                                                             \
        n.u.u = 0;                                                                            \
        if (d >= 0 && d < 0x1p64) n.u.u = static_cast<uint64_t>(d);                           \
        if (d < 0 && d >= -0x1p63) n.u.i = static_cast<int64_t>(d);                           \
        n.d = d;                                                                              \
        return WriteNumber(n);                                                                \
    }
BW_HASH_OF_DOUBLE(rapidjson::CrtAllocator)
BW_HASH_OF_DOUBLE(rapidjson::MemoryPoolAllocator<>)
#undef BW_HASH_OF_DOUBLE

namespace bw::schema {

using nlohmann::json;

namespace {

using Validator = rapidjson::SchemaValidator;

std::string text_of(const Validator::PointerType& pointer) {
    rapidjson::StringBuffer out;
    pointer.Stringify(out);
    return {out.GetString(), out.GetSize()};
}

/// Feeds a value to a validator, as a parser would. Counts, so that none costs more than it may.
class Feed {
  public:
    Feed(Validator& validator, const Bounds& bounds)
        : to_(validator), bounds_(bounds), left_(most_values(bounds)) {}
    static size_t most_values(const Bounds& bounds) { return kMaxWork / (1 + bounds.branches); }

    bool value(const json& v, int depth = 0) {
        if (left_ == 0 || depth > kMaxDepth) return beyond_ = true, false;
        --left_;
        switch (v.type()) {
            case json::value_t::object:
                return object(v, depth);
            case json::value_t::array:
                return list(v, depth);
            case json::value_t::string:
                return text(v.get_ref<const std::string&>());
            case json::value_t::boolean:
                return to_.Bool(v.get<bool>());
            case json::value_t::number_integer:
                return to_.Int64(v.get<int64_t>());
            case json::value_t::number_unsigned:
                return to_.Uint64(v.get<uint64_t>());
            case json::value_t::number_float:
                return to_.Double(v.get<double>());
            default:
                return to_.Null();
        }
    }
    /// It ended because there was too much.
    [[nodiscard]] bool beyond() const { return beyond_; }
    /// It ended because of a zero byte, at which the matcher of patterns would stop reading.
    [[nodiscard]] bool zero() const { return zero_; }

  private:
    bool text(const std::string& s) {
        if (s.find('\0') != std::string::npos) return zero_ = true, false;
        // A longer one is refused before it is matched: 4 bytes are a character at most.
        if (bounds_.steps != 0 && s.size() <= 4 * bounds_.matched) {
            const size_t cost = s.size() * bounds_.steps / kStepsPerValue;
            if (cost > left_) return beyond_ = true, false;
            left_ -= cost;
        }
        return to_.String(s.data(), static_cast<rapidjson::SizeType>(s.size()), false);
    }
    bool object(const json& v, int depth) {
        if (!to_.StartObject()) return false;
        for (auto it = v.begin(); it != v.end(); ++it) {
            const std::string& key = it.key();
            if (!to_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()), false) ||
                !value(*it, depth + 1))
                return false;
        }
        return to_.EndObject(static_cast<rapidjson::SizeType>(v.size()));
    }
    bool list(const json& v, int depth) {
        if (!to_.StartArray()) return false;
        for (const json& each : v)
            if (!value(each, depth + 1)) return false;
        return to_.EndArray(static_cast<rapidjson::SizeType>(v.size()));
    }

    Validator& to_;
    const Bounds& bounds_;
    size_t left_;
    bool beyond_ = false, zero_ = false;
};

/// Line and column of a byte, for a syntax fault.
std::string place_of(std::string_view text, size_t byte) {
    const std::string_view before = text.substr(0, byte > 0 ? byte - 1 : 0);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
    return fmt::format("line {}, column {}", line, before.size() - begin + 1);
}

base::Result<json> parse(std::string_view text) {
    if (text.size() > kMaxSchemaBytes)
        return base::Error{"invalid", fmt::format("a schema of {} bytes; at most {}", text.size(),
                                                  kMaxSchemaBytes)};
    try {
        return json::parse(text);
    } catch (const json::parse_error& fault) {
        return base::Error{"invalid", place_of(text, fault.byte) + ": this is no JSON in UTF-8"};
    } catch (const json::exception&) {
        return base::Error{"invalid", "a number is too large"};
    }
}

}  // namespace

struct Schema::Impl {
    Impl(json whole, const rapidjson::Document& stripped, const Bounds& its)
        : source(std::move(whole)), compiled(stripped), bounds(its) {}

    const json source;  // with its notes
    json examples = json::array();
    const rapidjson::SchemaDocument compiled;
    const Bounds bounds;
    base::Mutex mutex;  // RapidJSON's patterns keep their state in themselves
};

Schema::Schema(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Schema::~Schema() = default;

base::Result<std::shared_ptr<const Schema>> Schema::compile(std::string_view text) {
    auto source = parse(text);
    if (!source) return source.error();
    const auto bounds = check_subset(*source);
    if (!bounds) return bounds.error();
    rapidjson::Document stripped;
    const std::string kept = without_notes(*source).dump();
    stripped.Parse<rapidjson::kParseFullPrecisionFlag>(kept.data(), kept.size());
    if (stripped.HasParseError()) return base::Error{"invalid", "a number is too large"};
    json examples = source->value("examples", json::array());
    auto impl = std::make_unique<Impl>(std::move(*source), stripped, *bounds);
    impl->examples = std::move(examples);
    return std::shared_ptr<const Schema>(new Schema(std::move(impl)));
}

std::optional<Fault> Schema::check(const json& value) const {
    const base::Lock lock(impl_->mutex);
    Validator validator(impl_->compiled);
    Feed feed(validator, impl_->bounds);
    if (feed.value(value)) return std::nullopt;
    const std::string at = text_of(validator.GetInvalidDocumentPointer());
    if (feed.beyond()) return too_much(at, Feed::most_values(impl_->bounds));
    if (feed.zero()) return zero_byte(at);
    const char* keyword = validator.GetInvalidSchemaKeyword();
    return words_for(impl_->source, text_of(validator.GetInvalidSchemaPointer()),
                     keyword != nullptr ? keyword : "", value, at);
}

std::optional<Fault> Schema::check_text(std::string_view text) const {
    const json value = json::parse(text, nullptr, false);
    if (value.is_discarded()) return no_json();
    return check(value);
}

json Schema::defaults() const {
    json out = json::object();
    const json properties = impl_->source.value("properties", json::object());
    for (const auto& [name, property] : properties.items())
        if (property.is_object() && property.contains("default")) out[name] = property["default"];
    return out;
}

const json& Schema::examples() const {
    return impl_->examples;
}

}  // namespace bw::schema
