// SPDX-License-Identifier: Apache-2.0
// The files of core/console/page/, embedded at build.
#pragma once

#include <span>
#include <string_view>

namespace bw::console {

struct PageFile {
    std::string_view path;     // as in the URL: "/console.js"; "/" is index.html, and
                               // others are without their ".html"
    const char* content_type;  // with the charset
    std::string_view body;
};
std::span<const PageFile> page_files();
/// nullptr: no such file.
const PageFile* page_file(std::string_view path);

}  // namespace bw::console
