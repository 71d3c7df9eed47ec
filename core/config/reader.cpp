// SPDX-License-Identifier: Apache-2.0
#include "core/config/reader.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/base/ids.h"

namespace bw::config {
namespace {

size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
            diagonal = above;
        }
    }
    return row[b.size()];
}

/// The nearest of `allowed`, if it is near enough to be a typo.
std::string nearest(const std::vector<std::string>& allowed, std::string_view found) {
    std::string best;
    size_t best_distance = std::max<size_t>(found.size() / 3, 1) + 1;
    for (const std::string& word : allowed) {
        const size_t distance = edit_distance(word, found);
        if (distance < best_distance) {
            best = word;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace

void Report::add(fault::Number number, Place place, std::string text) {
    out_.push_back({number, file_, place.line, place.column, std::move(text)});
}

std::string Report::show(std::string_view found) const {
    return secret_ ? "a text" : in_quotes(found);
}

std::string allowed_words(const std::vector<std::string>& allowed, std::string_view found) {
    constexpr size_t most = 24;
    std::string text;
    if (allowed.empty()) {
        text = "none";
    } else if (allowed.size() <= most) {
        text = fmt::format("{}", fmt::join(allowed, ", "));
    } else {
        text =
            fmt::format("{}, … ({} in all)",
                        fmt::join(allowed.begin(), allowed.begin() + most, ", "), allowed.size());
    }
    const std::string near = nearest(allowed, found);
    if (!near.empty()) text += fmt::format(" (did you mean {}?)", near);
    return text;
}

std::string in_quotes(std::string_view text) {
    constexpr size_t most = 60;
    std::string clean;
    for (const char c : text.substr(0, most))
        clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    if (text.size() > most) {
        // Not in the middle of a character.
        while (!clean.empty() && (static_cast<unsigned char>(clean.back()) & 0x80))
            clean.pop_back();
        clean += "…";
    }
    return '"' + clean + '"';
}

Table::Table(Report& report, const Node& node, std::string what)
    : report_(report), node_(node), what_(std::move(what)) {}

Place Table::place_of(std::string_view key) const {
    for (const auto& member : node_.members)
        if (member.key == key) return member.value.place;
    return node_.place;
}

const Node* Table::find(std::string_view key, Need need) {
    known_.emplace(key);
    for (const auto& member : node_.members)
        if (member.key == key) return &member.value;
    if (need == Need::required)
        report_.add(fault::missing_key, node_.place,
                    fmt::format("found no `{}` in {}; it is required", key, what_));
    return nullptr;
}

const Node* Table::find(std::string_view key, Node::Kind kind, Need need) {
    const Node* node = find(key, need);
    if (!node || node->kind == kind) return node;
    if (kind == Node::Kind::real && node->kind == Node::Kind::integer) return node;
    report_.add(
        fault::wrong_type, node->place,
        fmt::format("found {} as `{}`; allowed: {}", name_of(node->kind), key, name_of(kind)));
    return nullptr;
}

std::string Table::string(std::string_view key, Need need) {
    const Node* node = find(key, Node::Kind::string, need);
    if (!node || !check_text(report_, *node, key)) return {};
    return node->text;
}

std::string Table::word(std::string_view key, const std::vector<std::string>& allowed,
                        std::string fallback) {
    const Node* node = find(key, Node::Kind::string, Need::optional);
    if (!node) return fallback;
    if (std::find(allowed.begin(), allowed.end(), node->text) != allowed.end()) return node->text;
    report_.add(fault::unknown_word, node->place,
                fmt::format("found {} as `{}`; allowed: {}", report_.show(node->text), key,
                            allowed_words(allowed, node->text)));
    return fallback;
}

std::string Table::name(std::string_view key, Need need, size_t longest) {
    const Node* node = find(key, Node::Kind::string, need);
    if (!node || !check_name(report_, *node, key, longest)) return {};
    return node->text;
}

std::optional<double> Table::ranged(const Node& node, std::string_view key, Range range) {
    if (std::isfinite(node.number) && node.number >= range.min && node.number <= range.max)
        return node.number;
    report_.add(
        fault::out_of_range, node.place,
        fmt::format("found {} as `{}`; allowed: {} to {}", node.number, key, range.min, range.max));
    return std::nullopt;
}

double Table::number(std::string_view key, Range range, double fallback, Need need) {
    const Node* node = find(key, Node::Kind::real, need);
    return node ? ranged(*node, key, range).value_or(fallback) : fallback;
}

int64_t Table::integer(std::string_view key, Range range, int64_t fallback, Need need) {
    const Node* node = find(key, Node::Kind::integer, need);
    return node && ranged(*node, key, range) ? node->integer : fallback;
}

bool Table::boolean(std::string_view key, bool fallback) {
    const Node* node = find(key, Node::Kind::boolean, Need::optional);
    return node ? node->boolean : fallback;
}

Text Table::text(std::string_view key) {
    const Node* node = find(key);
    if (!node) return {};
    if (node->kind == Node::Kind::string)
        return check_text(report_, *node, key) ? Text{node->text, {}} : Text{};
    if (node->kind != Node::Kind::table) {
        report_.add(
            fault::wrong_type, node->place,
            fmt::format("found {} as `{}`; allowed: a text, or {{ zh = \"…\", en = \"…\" }}",
                        name_of(node->kind), key));
        return {};
    }
    Table table(report_, *node, fmt::format("`{}`", key));
    Text text{table.string("zh"), table.string("en")};
    table.finish();
    return text;
}

std::vector<const Node*> Table::strings(std::string_view key, Need need) {
    std::vector<const Node*> items;
    const Node* list = find(key, Node::Kind::array, need);
    if (!list) return items;
    for (const Node& item : list->items) {
        if (item.kind == Node::Kind::string)
            items.push_back(&item);
        else
            report_.add(
                fault::wrong_type, item.place,
                fmt::format("found {} in the list `{}`; allowed: texts", name_of(item.kind), key));
    }
    return items;
}

std::vector<const Node*> Table::tables(std::string_view key) {
    std::vector<const Node*> items;
    const Node* list = find(key, Node::Kind::array, Need::optional);
    if (!list) return items;
    for (const Node& item : list->items) {
        if (item.kind == Node::Kind::table)
            items.push_back(&item);
        else
            report_.add(fault::wrong_type, item.place,
                        fmt::format("found {} in `{}`; allowed: tables, each begun by [[{}]]",
                                    name_of(item.kind), key, key));
    }
    return items;
}

void Table::finish() {
    for (const auto& member : node_.members) {
        if (known_.count(member.key)) continue;
        report_.add(
            fault::unknown_key, member.place,
            fmt::format("found the unknown key {} in {}; allowed: {}", report_.show(member.key),
                        what_, allowed_words({known_.begin(), known_.end()}, member.key)));
    }
}

}  // namespace bw::config
