// SPDX-License-Identifier: Apache-2.0
// An opaque RGBA picture, scaled.
#version 330 core
in vec2 v_uv;
uniform sampler2D u_picture;
out vec4 o_color;

void main() {
    o_color = vec4(texture(u_picture, v_uv).rgb, 1.0);
}
