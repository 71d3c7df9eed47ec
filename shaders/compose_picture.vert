// SPDX-License-Identifier: Apache-2.0
// One rectangle of a picture, without a vertex buffer: four corners from the vertex number.
#version 330 core
uniform vec4 u_rect;    // x, y, width, height in canvas pixels
uniform vec2 u_canvas;  // size of the canvas in pixels
out vec2 v_uv;

void main() {
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    vec2 pixel = u_rect.xy + corner * u_rect.zw;
    gl_Position = vec4(pixel / u_canvas * 2.0 - 1.0, 0.0, 1.0);
    v_uv = corner;
}
