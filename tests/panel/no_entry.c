/* SPDX-License-Identifier: Apache-2.0 */
/* A library without the one symbol. */
static int nothing(void) {
    return 0;
}
static int (*const keep)(void) __attribute__((used)) = nothing;
