// SPDX-License-Identifier: Apache-2.0
// The GLSL files of shaders/, embedded at build.
#pragma once

#include <string>
#include <vector>

namespace bw::compositor {

struct Shader {
    std::string name;  // "compose_list.vert"
    std::string text;
};
const std::vector<Shader>& shaders();

}  // namespace bw::compositor
