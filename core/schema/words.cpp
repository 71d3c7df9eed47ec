// SPDX-License-Identifier: Apache-2.0
#include "core/schema/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/schema/pointer.h"

namespace bw::schema {

using nlohmann::json;

namespace {

constexpr size_t kMaxQuoted = 60, kMaxListed = 12, kMaxPointer = 256;

struct Words {
    std::string zh, en;
};

Words type_word(std::string_view type) {
    if (type == "array") return {"列表", "a list"};
    if (type == "boolean") return {"true 或 false", "true or false"};
    if (type == "integer") return {"整数", "a whole number"};
    if (type == "null") return {"null", "null"};
    if (type == "number") return {"数字", "a number"};
    if (type == "object") return {"对象", "an object"};
    return {"文本", "a text"};
}

Words type_of(const json& value) {
    if (value.is_number_integer()) return type_word("integer");
    if (value.is_number()) return {"小数", "a number with a fraction"};
    return type_word(value.type_name());
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// Cut at a whole character; nothing that a terminal would obey.
std::string shown(std::string text) {
    std::replace_if(text.begin(), text.end(), is_control, '?');
    if (text.size() <= kMaxQuoted) return text;
    size_t end = kMaxQuoted;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

std::string quoted(const json& value) {
    return shown(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

/// The pointer, or of one that a stranger's names make long or unprintable as much as can be shown.
std::string bounded(const std::string& pointer) {
    const auto bad = std::find_if(pointer.begin(), pointer.end(), is_control);
    const auto good = std::min(static_cast<size_t>(bad - pointer.begin()), kMaxPointer);
    if (good == pointer.size()) return pointer;
    const size_t end = pointer.rfind('/', good);
    return pointer.substr(0, end == std::string::npos ? 0 : end);
}

/// The values of a list, or what `word` makes of them.
template <class WordOf>
std::string joined(const json& list, const WordOf& word, const char* between) {
    std::string out;
    size_t count = 0;
    for (const json& each : list) {
        if (count++ == kMaxListed) return out + between + "…";
        out += (out.empty() ? "" : between) + word(each);
    }
    return out;
}

Words types(const json& wanted) {
    const json list = wanted.is_array() ? wanted : json::array({wanted});
    const auto name = [](const json& each) {
        return each.is_string() ? each.get<std::string>() : "";
    };
    return {joined(
                list, [&](const json& each) { return type_word(name(each)).zh; }, "、"),
            joined(
                list, [&](const json& each) { return type_word(name(each)).en; }, ", ")};
}

std::string names(const json& object) {
    json list = json::array();
    if (object.is_object())
        for (const auto& [name, value] : object.items()) list.push_back(name);
    return joined(
        list, [](const json& each) { return shown(each.get<std::string>()); }, ", ");
}

/// The first of `required` that is not there.
std::string missing(const json& required, const json& value) {
    if (required.is_array() && value.is_object())
        for (const json& name : required)
            if (!value.contains(name.get_ref<const std::string&>())) return name;
    return {};
}

size_t characters(const json& text) {
    const auto& bytes = text.get_ref<const std::string&>();
    return static_cast<size_t>(std::count_if(bytes.begin(), bytes.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

Words bound(const json& value, const json& schema, const std::string& keyword) {
    const bool least = keyword == "minimum";
    const bool open = schema.value(least ? "exclusiveMinimum" : "exclusiveMaximum", false);
    const std::string limit = quoted(schema[keyword]);
    const char* zh = least ? (open ? "大于" : "不小于") : (open ? "小于" : "不大于");
    const char* en = least ? (open ? "more than" : "at least") : (open ? "less than" : "at most");
    return {fmt::format("现为 {}；应{} {}", quoted(value), zh, limit),
            fmt::format("found {}; allowed: {} {}", quoted(value), en, limit)};
}

Words size(const json& value, const json& schema, const std::string& keyword) {
    const bool least = keyword.rfind("min", 0) == 0;
    const std::string limit = quoted(schema[keyword]);
    const size_t found = value.is_string() ? characters(value) : value.size();
    const bool text = value.is_string(), list = value.is_array();
    const char* zh = text ? "个字" : list ? "项" : "个字段";
    const char* en = text ? "characters" : list ? "entries" : "members";
    return {
        fmt::format("现有 {} {}；应{} {} {}", found, zh, least ? "不少于" : "不超过", limit, zh),
        fmt::format("found {} {}; allowed: at {} {}", found, en, least ? "least" : "most", limit)};
}

/// What the branches call themselves, where all do.
std::string titles(const json& branches) {
    const bool all =
        branches.is_array() && std::all_of(branches.begin(), branches.end(), [](const json& each) {
            return each.is_object() && each.contains("title");
        });
    if (!all) return {};
    return joined(
        branches, [](const json& each) { return each["title"].get<std::string>(); }, ", ");
}

Words branches(const json& schema, const std::string& keyword) {
    if (keyword == "not") return {"这种内容不允许", "found what is not allowed here"};
    const std::string known = schema.contains(keyword) ? titles(schema[keyword]) : "";
    const std::string zh = known.empty() ? "" : "；应为：" + known;
    const std::string en = known.empty() ? "" : "; allowed: " + known;
    if (keyword == "oneOf")
        return {"不符合或同时符合多种允许的形式" + zh,
                "fits none of the allowed forms, or more than one" + en};
    return {"不符合任何允许的形式" + zh, "fits none of the allowed forms" + en};
}

Words describe(const json& schema, const std::string& keyword, const json& value,
               const std::string& name) {
    if (keyword == "required") {
        const std::string lacks = missing(schema["required"], value);
        return {fmt::format("缺少 `{}`", lacks), fmt::format("`{}` is missing", lacks)};
    }
    if (keyword == "additionalProperties") {
        const std::string known = names(schema.value("properties", json::object()));
        return {fmt::format("不认识 `{}`；应为：{}", name, known),
                fmt::format("`{}` is not known here; allowed: {}", name, known)};
    }
    if (keyword == "type") {
        const Words found = type_of(value), wanted = types(schema["type"]);
        return {fmt::format("现为{}；应为{}", found.zh, wanted.zh),
                fmt::format("found {}; allowed: {}", found.en, wanted.en)};
    }
    if (keyword == "enum") {
        const std::string wanted = joined(schema["enum"], quoted, ", ");
        return {fmt::format("现为 {}；应为：{}", quoted(value), wanted),
                fmt::format("found {}; allowed: {}", quoted(value), wanted)};
    }
    if (keyword == "pattern") {
        const std::string wanted = schema["pattern"];
        return {fmt::format("现为 {}；应符合 {}", quoted(value), wanted),
                fmt::format("found {}; allowed: what matches {}", quoted(value), wanted)};
    }
    if (keyword == "minimum" || keyword == "maximum") return bound(value, schema, keyword);
    if (keyword == "uniqueItems") return {"有重复的项", "found an entry twice"};
    if (keyword == "items" || keyword == "additionalItems")
        return {"多出这一项", "found one entry more than allowed"};
    if (schema.contains(keyword) && schema[keyword].is_number())
        return size(value, schema, keyword);
    return branches(schema, keyword);
}

}  // namespace

std::string Fault::text(std::string_view root, std::string_view language) const {
    return fmt::format("{}{}: {}", root, pointer, in(language));
}

Fault words_for(const json& schema, const std::string& where, const std::string& keyword,
                const json& whole, const std::string& at) {
    const json* rule = find_schema(schema, where);
    const json* value = find(whole, at);
    const auto path = steps(at);
    const bool known = rule != nullptr && value != nullptr && rule->is_object();
    const std::string name = path.empty() ? "" : shown(path.back());
    Words words =
        known ? describe(*rule, keyword, *value, name) : Words{"不符合", "does not match"};
    return {bounded(at), keyword, std::move(words.zh), std::move(words.en)};
}

Fault too_much(const std::string& at, size_t most_values) {
    return {bounded(at), "size",
            fmt::format("内容过多或嵌套过深；至多 {} 个值、{} 层", most_values, kMaxDepth),
            fmt::format("too much or too deep to be checked; allowed: {} values, {} levels. Put "
                        "more into a blob",
                        most_values, kMaxDepth)};
}

Fault zero_byte(const std::string& at) {
    return {bounded(at), "text", "文本中有零字符 (\\u0000)",
            "found \\u0000 in a text; leave it out"};
}

Fault no_json() {
    return {"", "json", "不是 JSON", "is no JSON in UTF-8"};
}

}  // namespace bw::schema
