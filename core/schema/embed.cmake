# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=ours_files.cpp -DFOLDER=assets/schemas "-DFILES=a.json;b.json" -P embed.cmake: writes files as bytes into a C++ source.
set(arrays "")
set(rows "")
set(number 0)
foreach(file ${FILES})
  file(READ ${FOLDER}/${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "const unsigned char kFile${number}[] = {${bytes}};\n")
  string(REGEX REPLACE "[.]json$" "" type ${file})
  string(APPEND rows "    {\"${type}\", {reinterpret_cast<const char*>(kFile${number}), sizeof kFile${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "// Made by core/schema/embed.cmake; not edited.
#include \"core/schema/ours.h\"

namespace bw::schema {
namespace {
${arrays}const OurFile kFiles[] = {
${rows}};
}  // namespace

std::span<const OurFile> our_files() { return kFiles; }

}  // namespace bw::schema
")
