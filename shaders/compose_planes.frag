// SPDX-License-Identifier: Apache-2.0
// A video picture in three planes on pages; chroma pages have half the side of luma pages. Samples
// stay half a texel inside the picture, so that no neighbour on the page bleeds in.
#version 330 core
in vec2 v_texel;
flat in vec4 v_bounds;
flat in vec2 v_page;
uniform sampler2DArray u_luma;
uniform sampler2DArray u_cb;
uniform sampler2DArray u_cr;
uniform vec2 u_page;  // size of a luma page, texels
out vec4 o_color;

void main() {
    vec2 luma = clamp(v_texel, v_bounds.xy + 0.5, v_bounds.xy + v_bounds.zw - 0.5);
    vec2 half_low = v_bounds.xy * 0.5;
    vec2 chroma = clamp(v_texel * 0.5, half_low + 0.5, half_low + ceil(v_bounds.zw * 0.5) - 0.5);
    vec3 at = vec3(chroma / (u_page * 0.5), v_page.x);
    float y = texture(u_luma, vec3(luma / u_page, v_page.x)).r;
    float cb = texture(u_cb, at).r - 128.0 / 255.0;
    float cr = texture(u_cr, at).r - 128.0 / 255.0;
    bool full = v_page.y > 2.5;
    bool bt709 = (v_page.y > 1.5 && !full) || v_page.y > 3.5;
    y = full ? y : (y - 16.0 / 255.0) * (255.0 / 219.0);
    vec2 c = vec2(cb, cr) * (full ? 1.0 : 255.0 / 224.0);
    vec3 rgb = bt709 ? vec3(y + 1.5748 * c.y, y - 0.1873 * c.x - 0.4681 * c.y, y + 1.8556 * c.x)
                     : vec3(y + 1.402 * c.y, y - 0.3441 * c.x - 0.7141 * c.y, y + 1.772 * c.x);
    o_color = vec4(clamp(rgb, 0.0, 1.0), 1.0);
}
