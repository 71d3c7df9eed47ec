// SPDX-License-Identifier: Apache-2.0
// Video pictures, one instance each: a rectangle of the canvas and where its planes lie on a page.
#version 330 core
layout(location = 0) in vec4 i_rect;    // x, y, width, height in canvas pixels
layout(location = 1) in vec4 i_part;    // the part of the page shown there, luma texels
layout(location = 2) in vec4 i_bounds;  // the whole picture on its page, luma texels
layout(location = 3) in vec2 i_page;    // number of the page; matrix: 1 601, 2 709, 3 and 4 full range
uniform vec2 u_canvas;                  // size of the canvas in pixels
out vec2 v_texel;
flat out vec4 v_bounds;
flat out vec2 v_page;

void main() {
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    vec2 pixel = i_rect.xy + corner * i_rect.zw;
    gl_Position = vec4(pixel / u_canvas * 2.0 - 1.0, 0.0, 1.0);
    v_texel = i_part.xy + corner * i_part.zw;
    v_bounds = i_bounds;
    v_page = i_page;
}
