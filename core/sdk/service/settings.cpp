// SPDX-License-Identifier: Apache-2.0
#include "core/sdk/service/settings.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "core/sdk/service/settings_files.h"

namespace bw::sdk {

struct SettingsFile::Impl {
    toml::table root;
    std::string name;
    std::vector<std::pair<uint32_t, std::string>> faults;  // line, sentence

    void add(uint32_t line, const std::string& text) {
        faults.emplace_back(line, fmt::format("{}:{}: {}", name, line, text));
    }
};

struct SettingsTable::Impl {
    std::shared_ptr<SettingsFile::Impl> file;
    const toml::table* node = nullptr;
    std::set<std::string, std::less<>> asked;

    const toml::node* find(std::string_view key) {
        asked.emplace(key);
        return node->get(key);
    }
    /// The value of that type, or nothing and, unless it is absent, a fault.
    template <class T>
    std::optional<T> value(std::string_view key, const char* allowed) {
        const toml::node* found = find(key);
        if (found == nullptr) return std::nullopt;
        if (auto exact = found->value_exact<T>()) return exact;
        wrong(*found, key, allowed);
        return std::nullopt;
    }
    void wrong(const toml::node& found, std::string_view key, std::string_view allowed) const {
        std::ostringstream type;
        type << found.type();
        file->add(found.source().begin.line,
                  fmt::format("found `{}` as {}; allowed: {}", key, type.str(), allowed));
    }
    [[nodiscard]] uint32_t line_of(std::string_view key) const {
        const toml::node* found = node->get(key);
        return (found != nullptr ? found->source() : node->source()).begin.line;
    }
};

SettingsTable::SettingsTable(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

bool SettingsTable::has(std::string_view key) const {
    return impl_->node->contains(key);
}

std::string SettingsTable::text(std::string_view key, std::string_view fallback) {
    return impl_->value<std::string>(key, "a text").value_or(std::string(fallback));
}

std::string SettingsTable::required_text(std::string_view key) {
    const std::string value = text(key);
    if (!has(key)) fault(key, fmt::format("found no `{}`; it is required", key));
    if (has(key) && value.empty() && impl_->node->get(key)->is_string())
        fault(key, fmt::format("found an empty `{}`; allowed: a text", key));
    return value;
}

std::string SettingsTable::word(std::string_view key,
                                std::initializer_list<std::string_view> allowed,
                                std::string_view fallback) {
    const std::string value = text(key, fallback);
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
    std::string words;
    for (const std::string_view each : allowed)
        words += fmt::format("{}\"{}\"", words.empty() ? "" : ", ", each);
    fault(key, fmt::format("found \"{}\" as `{}`; allowed: {}", value, key, words));
    return std::string(fallback);
}

int64_t SettingsTable::integer(std::string_view key, int64_t least, int64_t most,
                               int64_t fallback) {
    const auto allowed = fmt::format("a whole number from {} to {}", least, most);
    const auto value = impl_->value<int64_t>(key, allowed.c_str());
    if (!value) return fallback;
    if (*value >= least && *value <= most) return *value;
    fault(key, fmt::format("found {} as `{}`; allowed: {}", *value, key, allowed));
    return fallback;
}

bool SettingsTable::flag(std::string_view key, bool fallback) {
    return impl_->value<bool>(key, "true or false").value_or(fallback);
}

std::vector<std::string> SettingsTable::texts(std::string_view key) {
    std::vector<std::string> out;
    const toml::node* found = impl_->find(key);
    if (found == nullptr) return out;
    const toml::array* list = found->as_array();
    if (list == nullptr) return impl_->wrong(*found, key, "a list of texts"), out;
    for (const toml::node& each : *list) {
        const auto value = each.value_exact<std::string>();
        if (value)
            out.push_back(*value);
        else
            impl_->wrong(each, key, "a list of texts");
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> SettingsTable::text_map(std::string_view key) {
    std::vector<std::pair<std::string, std::string>> out;
    const toml::node* found = impl_->find(key);
    if (found == nullptr) return out;
    const toml::table* table = found->as_table();
    if (table == nullptr) return impl_->wrong(*found, key, "a table of texts"), out;
    for (const auto& [name, value] : *table) {
        const auto text = value.value_exact<std::string>();
        if (text)
            out.emplace_back(std::string(name.str()), *text);
        else
            impl_->wrong(value, name.str(), "a text");
    }
    return out;
}

std::string SettingsTable::json(std::string_view key) {
    const toml::node* found = impl_->find(key);
    if (found == nullptr) return "{}";
    const toml::table* table = found->as_table();
    if (table == nullptr) return impl_->wrong(*found, key, "a table"), "{}";
    std::ostringstream out;
    out << toml::json_formatter(*table);
    return out.str();
}

/// An empty name is none to leave out: who writes `token_file = ""` would be open to everybody.
std::string SettingsTable::path(std::string_view key, const std::string& folder) {
    const auto name = impl_->value<std::string>(key, "the name of a file");
    if (!name) return {};
    if (name->empty() || name->find('\0') != std::string::npos) {
        fault(key, fmt::format("found \"\" as `{}`; allowed: the name of a file", key));
        return {};
    }
    return (std::filesystem::path(folder) / *name).string();
}

std::string SettingsTable::file(std::string_view key, const std::string& folder) {
    const std::string found = path(key, folder);
    if (found.empty()) return {};
    const auto readable = readable_file(found);
    if (!readable) fault(key, readable.error().text);
    return readable ? found : std::string();
}

std::string SettingsTable::secret(std::string_view key, const std::string& folder) {
    const std::string found = path(key, folder);
    if (found.empty()) return {};
    auto secret = read_secret(found);
    if (!secret) fault(key, secret.error().text);
    return secret ? std::move(*secret) : std::string();
}

std::optional<SettingsTable> SettingsTable::table(std::string_view key) {
    const toml::node* found = impl_->find(key);
    if (found == nullptr) return std::nullopt;
    const toml::table* table = found->as_table();
    if (table == nullptr) return impl_->wrong(*found, key, "a table"), std::nullopt;
    return SettingsTable(std::make_shared<Impl>(Impl{impl_->file, table, {}}));
}

std::vector<SettingsTable> SettingsTable::tables(std::string_view key) {
    std::vector<SettingsTable> out;
    const toml::node* found = impl_->find(key);
    if (found == nullptr) return out;
    const toml::array* list = found->as_array();
    if (list == nullptr) return impl_->wrong(*found, key, fmt::format("[[{}]]", key)), out;
    for (const toml::node& each : *list) {
        if (const toml::table* table = each.as_table())
            out.push_back(SettingsTable(std::make_shared<Impl>(Impl{impl_->file, table, {}})));
        else
            impl_->wrong(each, key, fmt::format("[[{}]]", key));
    }
    return out;
}

void SettingsTable::fault(std::string_view key, const std::string& text) {
    impl_->file->add(impl_->line_of(key), text);
}

void SettingsTable::finish() {
    for (const auto& [name, value] : *impl_->node) {
        if (impl_->asked.contains(name.str())) continue;
        std::string known;
        for (const std::string& each : impl_->asked) known += (known.empty() ? "" : ", ") + each;
        impl_->file->add(name.source().begin.line,
                         fmt::format("found the unknown key `{}`; allowed: {}", name.str(), known));
    }
}

SettingsFile::SettingsFile(std::string_view text, std::string name)
    : impl_(std::make_shared<Impl>()) {
    impl_->name = std::move(name);
    try {
        impl_->root = toml::parse(text);
    } catch (const toml::parse_error& error) {
        impl_->add(error.source().begin.line,
                   fmt::format("found no TOML: {}", error.description()));
    }
}

SettingsFile::~SettingsFile() = default;

SettingsTable SettingsFile::root() const {
    return SettingsTable(
        std::make_shared<SettingsTable::Impl>(SettingsTable::Impl{impl_, &impl_->root, {}}));
}

std::vector<std::string> SettingsFile::faults() const {
    auto sorted = impl_->faults;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> out;
    out.reserve(sorted.size());
    for (const auto& [line, text] : sorted) out.push_back(text);
    return out;
}

}  // namespace bw::sdk
