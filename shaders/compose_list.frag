// SPDX-License-Identifier: Apache-2.0
// Texture 0 is the glyph atlas: coverage in its red channel. Colours are sRGB with straight alpha.
#version 330 core
in vec2 v_uv;
in vec4 v_color;
uniform sampler2D u_atlas;
out vec4 o_color;

void main() {
    o_color = vec4(v_color.rgb, v_color.a * texture(u_atlas, v_uv).r);
}
