// SPDX-License-Identifier: Apache-2.0
// A video picture in three planes, limited range; BT.709 from 720 rows on, BT.601 below.
#version 330 core
in vec2 v_uv;
uniform sampler2D u_luma;
uniform sampler2D u_cb;
uniform sampler2D u_cr;
uniform bool u_bt709;
out vec4 o_color;

void main() {
    float y = (texture(u_luma, v_uv).r - 16.0 / 255.0) * (255.0 / 219.0);
    float cb = (texture(u_cb, v_uv).r - 128.0 / 255.0) * (255.0 / 224.0);
    float cr = (texture(u_cr, v_uv).r - 128.0 / 255.0) * (255.0 / 224.0);
    vec3 rgb = u_bt709 ? vec3(y + 1.5748 * cr, y - 0.1873 * cb - 0.4681 * cr, y + 1.8556 * cb)
                       : vec3(y + 1.402 * cr, y - 0.3441 * cb - 0.7141 * cr, y + 1.772 * cb);
    o_color = vec4(clamp(rgb, 0.0, 1.0), 1.0);
}
