// SPDX-License-Identifier: Apache-2.0
// A draw list: positions in surface pixels, origin top left; row 0 of every canvas is its top row.
#version 330 core
layout(location = 0) in vec2 a_position;
layout(location = 1) in vec2 a_uv;
layout(location = 2) in vec4 a_color;
uniform vec2 u_offset;  // canvas pixels
uniform vec2 u_scale;   // canvas pixels per surface pixel
uniform vec2 u_canvas;  // size of the canvas in pixels
out vec2 v_uv;
out vec4 v_color;

void main() {
    vec2 pixel = a_position * u_scale + u_offset;
    gl_Position = vec4(pixel / u_canvas * 2.0 - 1.0, 0.0, 1.0);
    v_uv = a_uv;
    v_color = a_color;
}
