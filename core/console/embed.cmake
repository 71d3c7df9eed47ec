# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=page_files.cpp -DFOLDER=page -DFILES=a;b -P embed.cmake: writes files as bytes into a C++ source.
set(arrays "")
set(rows "")
set(number 0)
foreach(file ${FILES})
  file(READ ${FOLDER}/${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "const unsigned char kFile${number}[] = {${bytes}};\n")
  set(path /${file})
  if(file STREQUAL "index.html")
    set(path /)
    set(type "text/html; charset=utf-8")
  elseif(file MATCHES "[.]html$")
    string(REGEX REPLACE "[.]html$" "" path "${path}")
    set(type "text/html; charset=utf-8")
  elseif(file MATCHES "[.]css$")
    set(type "text/css; charset=utf-8")
  elseif(file MATCHES "[.]js$")
    set(type "text/javascript; charset=utf-8")
  elseif(file MATCHES "[.]svg$")
    set(type "image/svg+xml")
  else()
    message(FATAL_ERROR "${file}: name its content type in embed.cmake")
  endif()
  string(APPEND rows "    {\"${path}\", \"${type}\", {reinterpret_cast<const char*>(kFile${number}), sizeof kFile${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "// Made by core/console/embed.cmake; not edited.
#include \"core/console/page.h\"

#include <algorithm>

namespace bw::console {
namespace {
${arrays}const PageFile kFiles[] = {
${rows}};
}  // namespace

std::span<const PageFile> page_files() { return kFiles; }

const PageFile* page_file(std::string_view path) {
    const auto* file = std::find_if(std::begin(kFiles), std::end(kFiles),
                                    [&](const PageFile& each) { return each.path == path; });
    return file == std::end(kFiles) ? nullptr : file;
}

}  // namespace bw::console
")
