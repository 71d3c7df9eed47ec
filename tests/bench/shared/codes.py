# SPDX-License-Identifier: Apache-2.0
"""The frame code of the demo's cameras (plugins/demo_field/README.md): 32 cells of 16x16 pixels in the bottom rows of a 640x360 picture."""
CELLS, CELL, WIDTH, HEIGHT = 32, 16, 640, 360
DARK, LIGHT = 16, 235


def word(number, camera):
    """20 bits number, 6 bits camera, 6 bits check."""
    bits = (number & 0xFFFFF) << 6 | (camera & 63)
    check = 63
    for shift in range(0, 26, 6):
        check ^= bits >> shift & 63
    return bits << 6 | check


def strip(number, camera):
    """The strip as 512x16 bytes of luma."""
    value = word(number, camera)
    row = b"".join(bytes([LIGHT if value >> (31 - cell) & 1 else DARK]) * CELL for cell in range(CELLS))
    return row * CELL


def row_of(height):
    """In which row of a picture of that height to read."""
    return int((HEIGHT - CELL * 0.5) * height / HEIGHT)


def read(row, width, step=1, at=0):
    """The frame number in a row of pixels (`step` bytes each) of a picture `width` wide that begins at byte `at`; None: no code."""
    value = 0
    for cell in range(CELLS):
        pixel = int((cell + 0.5) * CELL * width / WIDTH)
        value = value << 1 | (row[at + pixel * step] >= 126)
    number = value >> 12
    return number if word(number, value >> 6 & 63) == value else None
