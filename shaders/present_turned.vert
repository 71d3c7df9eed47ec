// SPDX-License-Identifier: Apache-2.0
// The whole window, without a vertex buffer.
#version 330 core

void main() {
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}
