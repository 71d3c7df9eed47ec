// SPDX-License-Identifier: Apache-2.0
#include "core/text/characters.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/base/paths.h"

namespace bw::text {
namespace {

base::Status add_file(std::vector<char32_t>& out, const char* name) {
    std::filesystem::path path = characters_folder() / name;
    std::ifstream file(path);
    if (!file) return base::Error{"not_found", "no characters at " + path.string()};
    std::string text(std::istreambuf_iterator<char>(file), {});
    for (char32_t code : decode(text)) {
        if (code > U' ' && code <= 0xFFFF) out.push_back(code);
    }
    return {};
}

void add_range(std::vector<char32_t>& out, char32_t first, char32_t last) {
    for (char32_t code = first; code <= last; ++code) out.push_back(code);
}

std::vector<char32_t> sorted(std::vector<char32_t> codes) {
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

}  // namespace

std::filesystem::path characters_folder() {
    return base::install_prefix() / "share/beaconwall/characters";
}

base::Result<std::vector<char32_t>> text_characters() {
    std::vector<char32_t> codes;
    add_range(codes, 0x20, 0x7E);
    add_range(codes, 0xA0, 0xFF);
    add_range(codes, 0x2010, 0x2027);  // dashes, quotes, ellipsis
    add_range(codes, 0x2190, 0x2199);  // arrows
    codes.push_back(0xFFFD);
    for (const char* name : {"gb2312.txt", "extra.txt"}) {
        if (auto status = add_file(codes, name); !status) return status.error();
    }
    return sorted(std::move(codes));
}

base::Result<std::vector<char32_t>> number_characters() {
    std::vector<char32_t> codes;
    add_range(codes, 0x20, 0x7E);
    codes.push_back(0xFFFD);
    if (auto status = add_file(codes, "numbers.txt"); !status) return status.error();
    return sorted(std::move(codes));
}

std::vector<char32_t> icon_characters() {
    return {0xE002, 0xE034, 0xE04B, 0xE16F, 0xE1A1, 0xE51E, 0xE55B, 0xE798, 0xE8B5,
            0xEA99, 0xEBD7, 0xEBDB, 0xEBE6, 0xEF49, 0xEF55, 0xF109, 0xF233, 0xF8F2};
}

}  // namespace bw::text
