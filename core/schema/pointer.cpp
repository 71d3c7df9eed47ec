// SPDX-License-Identifier: Apache-2.0
#include "core/schema/pointer.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace bw::schema {

using nlohmann::json;

namespace {

const json* member(const json& at, const std::string& name) {
    if (at.is_object()) {
        const auto found = at.find(name);
        return found == at.end() ? nullptr : &*found;
    }
    size_t index = 0;
    const char* end = name.data() + name.size();
    const auto read = std::from_chars(name.data(), end, index);
    const bool good = at.is_array() && read.ec == std::errc() && read.ptr == end;
    return good && index < at.size() ? &at[index] : nullptr;
}

}  // namespace

std::string step(std::string_view name) {
    std::string out = "/";
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

std::vector<std::string> steps(std::string_view pointer) {
    std::vector<std::string> out;
    for (size_t i = 0; i < pointer.size(); ++i) {
        const char c = pointer[i];
        if (c == '/')
            out.emplace_back();
        else if (out.empty())
            return {};
        else if (c == '~' && i + 1 < pointer.size())
            out.back() += pointer[++i] == '1' ? '/' : '~';
        else
            out.back() += c;
    }
    return out;
}

const json* find(const json& root, std::string_view pointer) {
    const json* at = &root;
    for (const std::string& name : steps(pointer))
        if ((at = member(*at, name)) == nullptr) return nullptr;
    return at;
}

const json* find_schema(const json& root, std::string_view pointer) {
    const json* at = find(root, pointer);
    while (at != nullptr && at->is_object()) {
        const auto to = at->find("$ref");
        if (to == at->end() || !to->is_string()) return at;
        at = find(root, std::string_view(to->get_ref<const std::string&>()).substr(1));
    }
    return at;
}

}  // namespace bw::schema
