// SPDX-License-Identifier: Apache-2.0
// A TOML file as a plain tree with positions. toml++ stays behind node.cpp, so that the readers
// compile fast. Positions are 1-based.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bw::config {

struct Place {
    uint32_t line = 0, column = 0;
};

struct Node {
    enum class Kind { table, array, string, integer, real, boolean, date };
    struct Member;

    Kind kind = Kind::table;
    Place place;
    std::string text;             // kind string
    double number = 0;            // kinds integer and real
    int64_t integer = 0;          // kind integer
    bool boolean = false;         // kind boolean
    std::vector<Node> items;      // kind array
    std::vector<Member> members;  // kind table, sorted by key
};

struct Node::Member {
    std::string key;
    Place place;  // of the key
    Node value;
};

/// "a text", "a whole number", …: what a person would call it.
const char* name_of(Node::Kind kind);

struct Parsed {
    bool ok = false;
    Node root;
    Place place;       // of the first syntax fault
    std::string text;  // what it is
};
Parsed parse_toml(std::string_view text);

}  // namespace bw::config
