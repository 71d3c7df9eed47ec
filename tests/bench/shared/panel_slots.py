# SPDX-License-Identifier: Apache-2.0
"""When panels published their pictures: read from outside, as slots.py does, in the arenas that they share with the compositor."""
import contextlib
import os
import re
import struct

import wall

from slots import HEADER, MAGIC, PAGE, PAYLOAD

DRAW_LIST = 1
COLOUR_AT = PAYLOAD + 16   # of the first vertex


def arena_bytes():
    """Of a panel process, as the supervisor makes it."""
    with open(os.path.join(wall.SOURCE, "core", "supervisor", "link_sizes.h"), encoding="utf-8") as file:
        return int(re.search(r"kPanelArenaBytes = (\d+)ull << 20;", file.read()).group(1)) << 20


def arenas(pid):
    """Open descriptors on the panels' arenas that this compositor has."""
    found, size = {}, arena_bytes()
    for name in os.listdir(f"/proc/{pid}/fd"):
        path = f"/proc/{pid}/fd/{name}"
        with contextlib.suppress(OSError):
            if "memfd:" in os.readlink(path) and os.stat(path).st_size == size:
                found.setdefault(os.stat(path).st_ino, path)
    opened = []
    for path in found.values():
        with contextlib.suppress(OSError):  # it lets go of a dead panel's at any time
            opened.append(os.open(path, os.O_RDONLY))
    return opened


def pages(arena):
    """Offsets of all pages that hold something."""
    at = 0
    while True:
        try:
            at = os.lseek(arena, at, os.SEEK_DATA)
        except OSError:
            return
        end = os.lseek(arena, at, os.SEEK_HOLE)
        yield from range(at - at % PAGE, end, PAGE)
        at = end


def first_in(compositor, rgba, since_ns):
    """When the first picture after `since_ns` in that colour was published (CLOCK_MONOTONIC, ns), of those still there; None: none."""
    times = []
    for arena in arenas(compositor):
        for offset in pages(arena):
            header = os.pread(arena, HEADER.size, offset)
            if len(header) < HEADER.size or HEADER.unpack(header)[:2] != (MAGIC, DRAW_LIST) or HEADER.unpack(header)[8] < since_ns:
                continue
            if struct.unpack("<I", os.pread(arena, 4, offset + COLOUR_AT))[0] == rgba:
                times.append(HEADER.unpack(header)[8])
        os.close(arena)
    return min(times, default=None)
