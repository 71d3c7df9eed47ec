// SPDX-License-Identifier: Apache-2.0
// The only file that includes toml++.
#include "core/config/node.h"

#include <toml++/toml.h>

namespace bw::config {
namespace {

Place place_of(const toml::source_region& region) {
    return {region.begin.line, region.begin.column};
}

Node convert(const toml::node& source);

void convert_table(const toml::table& table, Node& node) {
    node.kind = Node::Kind::table;
    for (const auto& [key, value] : table)
        node.members.push_back({std::string(key.str()), place_of(key.source()), convert(value)});
}

Node convert(const toml::node& source) {
    Node node;
    node.place = place_of(source.source());
    if (const auto* table = source.as_table()) {
        convert_table(*table, node);
    } else if (const auto* array = source.as_array()) {
        node.kind = Node::Kind::array;
        for (const toml::node& item : *array) node.items.push_back(convert(item));
    } else if (const auto* text = source.as_string()) {
        node.kind = Node::Kind::string;
        node.text = text->get();
    } else if (const auto* integer = source.as_integer()) {
        node.kind = Node::Kind::integer;
        node.integer = integer->get();
        node.number = static_cast<double>(node.integer);
    } else if (const auto* real = source.as_floating_point()) {
        node.kind = Node::Kind::real;
        node.number = real->get();
    } else if (const auto* boolean = source.as_boolean()) {
        node.kind = Node::Kind::boolean;
        node.boolean = boolean->get();
    } else {
        node.kind = Node::Kind::date;
    }
    return node;
}

}  // namespace

const char* name_of(Node::Kind kind) {
    switch (kind) {
        case Node::Kind::table:
            return "a table";
        case Node::Kind::array:
            return "a list";
        case Node::Kind::string:
            return "a text";
        case Node::Kind::integer:
            return "a whole number";
        case Node::Kind::real:
            return "a number";
        case Node::Kind::boolean:
            return "true or false";
        case Node::Kind::date:
            return "a date or time";
    }
    return "something else";
}

Parsed parse_toml(std::string_view text) {
    Parsed parsed;
    try {
        parsed.root = convert(toml::parse(text));
        parsed.ok = true;
    } catch (const toml::parse_error& error) {
        parsed.place = place_of(error.source());
        parsed.text = std::string(error.description());
    }
    return parsed;
}

}  // namespace bw::config
