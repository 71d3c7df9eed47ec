// SPDX-License-Identifier: Apache-2.0
// One of a panel's own textures. Its pixels are premultiplied when they are loaded, so that between
// two of them the colour of what is transparent counts for nothing; blended like everything else
// of a draw list: sRGB, straight alpha.
#version 330 core
in vec2 v_uv;
in vec4 v_color;
uniform sampler2D u_image;
out vec4 o_color;

void main() {
    vec4 texel = texture(u_image, v_uv);
    vec3 rgb = min(texel.rgb / max(texel.a, 1.0 / 512.0), vec3(1.0));
    o_color = v_color * vec4(rgb, texel.a);
}
