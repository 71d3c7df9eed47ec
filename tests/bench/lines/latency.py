# SPDX-License-Identifier: Apache-2.0
"""How old a camera's picture is when it stands on the screen, beside ffplay and mpv: the screen is Xvfb's memory, where the picture's code is read a thousand
times a second, and the camera says when it sent each picture."""
import contextlib
import mmap
import os
import shutil
import statistics
import subprocess
import tempfile
import time

import cameras
import codes
import measure
import report
import sites
import wall

STRIP_PX = 20
PLAYERS = {
    "ffplay": ["ffplay", "-v", "error", "-an", "-noborder", "-left", "0", "-top", "0", "-fflags", "nobuffer", "-flags", "low_delay", "-framedrop",
               "-probesize", "32", "-analyzeduration", "0", "-sync", "ext", "-vf", "setpts=0", "-rtsp_transport", "tcp"],
    "mpv": ["mpv", "--really-quiet", "--no-config", "--no-audio", "--no-border", "--geometry=640x360+0+0", "--profile=low-latency", "--untimed",
            "--rtsp-transport=tcp", "--vo=x11", "--no-osc"]}


class Screen:
    """An X server whose picture lies in a file."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="bw-screen-")
        read, write = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{codes.WIDTH}x{codes.HEIGHT + STRIP_PX}x24", "-nolisten", "tcp",
                                        "-fbdir", self.folder], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            self.display = ":" + pipe.readline().strip()
        with open(os.path.join(self.folder, "Xvfb_screen0"), "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        word = lambda i: int.from_bytes(self.memory[4 * i:4 * i + 4], "big")   # XWD version 7
        self.start, self.stride = word(0) + word(19) * 12, word(12)
        return self

    def __exit__(self, *_):
        self.memory.close()
        self.server.kill()
        self.server.wait()
        shutil.rmtree(self.folder)

    def number(self, row):
        at = self.start + row * self.stride
        return codes.read(self.memory[at:at + codes.WIDTH * 4], codes.WIDTH, 4)

    def find(self):
        """The row in which a picture's code stands; None: in none."""
        rows = [row for row in range(codes.HEIGHT + STRIP_PX) if self.number(row) is not None]
        return rows[len(rows) // 2] if rows else None

    def appearances(self, seconds):
        """[(picture, CLOCK_MONOTONIC ns when it was first seen)]; the first one is not counted: it may have stood for long."""
        wall.until(lambda: self.find() is not None, 30, "a picture on the screen")
        row, last, seen = self.find(), None, []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            number = self.number(row)
            if number is not None and number != last:
                if last is not None:
                    seen.append((number, time.monotonic_ns()))
                last = number
            time.sleep(0.001)
        return seen


def sent(path):
    """{picture: [when it was sent]}"""
    found = {}
    with open(path, encoding="ascii") as file:
        for line in file.read().split("\n"):
            if line.count(" ") == 1:
                picture, when = line.split()
                found.setdefault(int(picture), []).append(int(when))
    return found


def ages(seen, times):
    """Milliseconds from the sending of each to its appearance."""
    out = []
    for number, when in seen:
        before = [each for each in times.get(number, []) if each <= when]
        if before:
            out.append((when - max(before)) / 1e6)
    return out


@contextlib.contextmanager
def player(name, uri, screen):
    words = PLAYERS[name] + [uri]
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={**os.environ, "DISPLAY": screen.display, "SDL_AUDIODRIVER": "dummy"})
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def ours(server, screen):
    shown = sites.display("screen", 0, 0, codes.WIDTH, codes.HEIGHT + STRIP_PX, codes.WIDTH, codes.HEIGHT + STRIP_PX)
    text = f'[[camera]]\nid = "B-000"\nname = {{ zh = "测量", en = "Bench" }}\nkind = "bench"\nmain = "{server.uri(0)}"\n'
    files = {"wall.toml": sites.wall_toml([shown], "one", STRIP_PX / (40 * 0.000290888)), "cameras.toml": text,
             "layouts/one.toml": sites.layout([("screen", [("p", "camera/B-000")], 1)])}
    with sites.folder(files) as site, wall.Wall(site, headless=False, env={"DISPLAY": screen.display}, ready_timeout=60):
        yield


def run(how, folder):
    seconds, rounds = how.pick(20, 8), how.pick(3, 1)
    times = os.path.join(folder, "times")
    names = ["wall"] + [name for name in PLAYERS if shutil.which(name)]
    found = {name: [] for name in names}
    with cameras.serving(cameras.film(folder), times) as server:
        for _ in range(rounds):
            for name in names:
                with Screen() as screen, (ours(server, screen) if name == "wall" else player(name, server.uri(0), screen)):
                    screen.appearances(2)   # what was buffered at the start is no picture of its latency
                    found[name].append(ages(screen.appearances(seconds), sent(times)))
    value = {name: [statistics.median(measure.percentile(each, share) for each in rounds_) for share in (0.5, 0.95)] for name, rounds_ in found.items()}
    best = [min(value[name][i] for name in names[1:]) for i in (0, 1)]
    rows = [report.Row(f"one camera, from its sending to the screen, median of {rounds}: {name}",
                       f"p50 {value[name][0]:.0f}, p95 {value[name][1]:.0f} ms of {sum(map(len, found[name]))} pictures") for name in names]
    rows += [report.Row(f"one camera, from its sending to the screen: {name}", "not installed") for name in PLAYERS if name not in names]
    return rows + [report.judged(f"one camera: wall / best player, {what}", value["wall"][i] / best[i], 1.1) for i, what in enumerate(("p50", "p95"))]
