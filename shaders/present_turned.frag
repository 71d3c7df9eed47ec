// SPDX-License-Identifier: Apache-2.0
// A canvas on a monitor that hangs turned: each of the monitor's pixels fetches its own.
#version 330 core
uniform sampler2D u_canvas;
uniform vec2 u_row_x;   // the canvas' share across, from the monitor's shares
uniform vec2 u_row_y;   // and down
uniform vec2 u_offset;
uniform vec2 u_size;    // of the window, pixels
out vec4 o_color;

void main() {
    // Row 0 of a canvas is its top row, of a window its bottom row.
    vec2 share = vec2(gl_FragCoord.x, u_size.y - gl_FragCoord.y) / u_size;
    vec2 uv = vec2(dot(u_row_x, share), dot(u_row_y, share)) + u_offset;
    o_color = vec4(texture(u_canvas, uv).rgb, 1.0);
}
