# SPDX-License-Identifier: Apache-2.0
# cmake -DSHADERS=DIR -DOUT=FILE -P embed.cmake: writes every shader of DIR into one C++ file, by file name.
file(GLOB files ${SHADERS}/*.vert ${SHADERS}/*.frag)
list(SORT files)
set(text "// Generated from shaders/ at build.\n#include \"core/compositor/shaders.h\"\n\nnamespace bw::compositor {\n\n")
string(APPEND text "const std::vector<Shader>& shaders() {\n    static const std::vector<Shader> all = {\n")
foreach(file ${files})
  get_filename_component(name ${file} NAME)
  file(READ ${file} body)
  string(APPEND text "        {\"${name}\", R\"GLSL(${body})GLSL\"},\n")
endforeach()
string(APPEND text "    };\n    return all;\n}\n\n}  // namespace bw::compositor\n")
file(WRITE ${OUT} "${text}")
