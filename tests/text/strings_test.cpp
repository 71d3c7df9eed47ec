// SPDX-License-Identifier: Apache-2.0
// Every string that can come onto the wall of a shipped site has its glyphs. What lacks is named by
// file and character.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/text/characters.h"
#include "shared_atlas.h"

namespace bw::text {
namespace {

using test::shared_atlas;

std::filesystem::path source() {
    const char* from = std::getenv("BEACONWALL_SOURCE");
    return from != nullptr ? from : ".";
}

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Comments draw boxes and quote what they like: TOML's and CSV's begin with '#' outside of quotes.
std::string without_hash_comments(const std::string& text) {
    std::string out;
    bool quoted = false, comment = false;
    for (char c : text) {
        if (c == '\n') quoted = comment = false;
        if (c == '"') quoted = !quoted;
        if (c == '#' && !quoted) comment = true;
        if (!comment) out += c;
    }
    return out;
}

// The string literals of C++, escapes taken as they stand but for \x bytes.
std::string literals(const std::string& text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "//") == 0) {
            i = std::min(text.find('\n', i), text.size());
        } else if (text.compare(i, 2, "/*") == 0) {
            i = std::min(text.find("*/", i), text.size());
        } else if (text[i] == '\'') {
            i += text[i + 1] == '\\' ? 3 : 2;
        } else if (text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                bool byte = text.compare(i, 2, "\\x") == 0 && i + 3 < text.size();
                if (byte) {
                    out += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
                    i += 3;
                } else if (text[i] == '\\') {
                    ++i;
                } else {
                    out += text[i];
                }
            }
            out += '\n';
        }
    }
    return out;
}

std::string drawable(const std::filesystem::path& path) {
    std::string kind = path.extension(), text = read(path);
    if (kind == ".toml" || kind == ".csv") return without_hash_comments(text);
    if (kind == ".cpp" || kind == ".h") return literals(text);
    return text;
}

/// " 汛 (U+6C5B)" for each character of `utf8` that the role lacks.
std::string lacking(Role role, std::string_view utf8) {
    std::set<char32_t> gone;
    for (char32_t code : decode(utf8)) {
        if (code >= 0x20 && !shared_atlas().has(role, code)) gone.insert(code);
    }
    std::string out;
    for (char32_t code : gone) {
        char hex[16];
        std::snprintf(hex, sizeof hex, " U+%04X", static_cast<unsigned>(code));
        out += hex;
    }
    return out;
}

// Who writes onto the wall: sites and their data, panels and services, the compositor, the words of
// reasons. What a terminal or a browser shows has fonts of its own.
std::vector<std::filesystem::path> files_that_speak() {
    std::vector<std::filesystem::path> out;
    const std::set<std::string> kinds{".toml", ".json", ".geojson", ".csv", ".cpp", ".h", ".jsonl"};
    for (const char* folder : {"layouts", "plugins", "core/compositor", "core/surface", "core/sdk",
                               "core/media", "core/panel", "tests/golden/events"}) {
        EXPECT_TRUE(std::filesystem::exists(source() / folder)) << folder;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(source() / folder)) {
            if (entry.is_regular_file() && kinds.contains(entry.path().extension()))
                out.push_back(entry.path());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

TEST(Strings, EveryCharacterOfEveryShippedStringHasAGlyph) {
    size_t files = 0, beyond_ascii = 0;
    for (const std::filesystem::path& path : files_that_speak()) {
        std::string text = drawable(path);
        for (Role role : {Role::caption, Role::body, Role::title}) {
            std::string gone = lacking(role, text);
            EXPECT_TRUE(gone.empty()) << std::filesystem::relative(path, source()).string()
                                      << ", role " << static_cast<int>(role) << ":" << gone;
        }
        ++files;
        beyond_ascii += std::any_of(text.begin(), text.end(), [](char c) { return c < 0; }) ? 1 : 0;
    }
    EXPECT_GT(files, 60u);
    EXPECT_GT(beyond_ascii, 30u) << "Chinese strings are no longer found";
}

TEST(Strings, WhatIsReadFromAFileIsWhatCouldBeDrawn) {
    EXPECT_EQ(without_hash_comments("a = \"x # y\"  # ┌─┐\nb"), "a = \"x # y\"  \nb");
    EXPECT_EQ(literals("// ┌ \"no\"\nf('\"', \"yes \\\"\\n\", \"\\xEE\\x80\\xB4\"); /* \"no\" */"),
              "yes \n\xEE\x80\xB4\n");
    EXPECT_EQ(lacking(Role::body, "水\U0001F600"), " U+1F600");
}

TEST(Strings, IconsAreMergedIntoEveryTextRole) {
    ASSERT_GE(icon_characters().size(), 17u);
    for (Role role : {Role::caption, Role::body, Role::title}) {
        const Face& face = shared_atlas().face(role);
        for (char32_t code : icon_characters()) {
            const Glyph* glyph = face.find(code);
            ASSERT_NE(glyph, nullptr) << static_cast<unsigned>(code);
            EXPECT_TRUE(glyph->visible());
            // In the line with hanzi, about an em wide.
            EXPECT_NEAR(glyph->advance, face.em, 2) << static_cast<unsigned>(code);
            EXPECT_GE(glyph->y0, 0);
            EXPECT_LE(glyph->y1, face.size);
        }
    }
}

}  // namespace
}  // namespace bw::text
