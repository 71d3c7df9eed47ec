// SPDX-License-Identifier: Apache-2.0
// A cross-fade of two canvases of the same size, pixel for pixel.
#version 330 core
uniform sampler2D u_before;
uniform sampler2D u_after;
uniform float u_share;  // 0: all of `before`, 1: all of `after`
out vec4 o_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 before = texelFetch(u_before, at, 0).rgb;
    vec3 after = texelFetch(u_after, at, 0).rgb;
    o_color = vec4(mix(before, after, u_share), 1.0);
}
