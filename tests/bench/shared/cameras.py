# SPDX-License-Identifier: Apache-2.0
"""Seventy cameras for the benches: the film, its server, and the sites that show it."""
import contextlib
import os
import subprocess

import codes
import machine
import sites
import wall

RATE, GROUP_S, KBITS = 15, 2, 300
MOUNTS = 10
TOOLS = os.path.join(os.path.dirname(os.path.dirname(wall.BUILD)), "build", "dev", "tests")


def film(folder, seconds=90):
    """Annex B with delimiters, 640x360, numbered by the demo cameras' code: a fixed view with a moving cloud and some noise, as a camera on a hill has."""
    path = os.path.join(folder, f"camera-{seconds}.h264")
    if os.path.exists(path):
        return path
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", f"testsrc2=s={codes.WIDTH}x{codes.HEIGHT}:r={RATE},noise=alls=4:allf=t",
               "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{codes.CELLS * codes.CELL}x{codes.CELL}", "-r", str(RATE), "-i", "pipe:0",
               "-filter_complex", f"[0:v][1:v]overlay=0:{codes.HEIGHT - codes.CELL}:shortest=1,format=yuv420p", "-c:v", "libx264",
               "-preset", "veryfast", "-bf", "0", "-g", str(RATE * GROUP_S), "-keyint_min", str(RATE * GROUP_S), "-sc_threshold", "0",
               "-b:v", f"{KBITS}k", "-maxrate", f"{KBITS}k", "-bufsize", f"{KBITS}k", "-bsf:v", "h264_metadata=aud=insert", "-f", "h264", path]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as maker:
        for number in range(seconds * RATE):
            maker.stdin.write(codes.strip(number, 1))
        maker.stdin.close()
    if maker.returncode != 0:
        raise SystemExit("ffmpeg could not make the film; see above")
    return path


class Server:
    """The cameras' own machine, so to say: its costs are told apart."""

    def __init__(self, path, times):
        words = [os.path.join(TOOLS, "camera_server"), path, str(MOUNTS), str(RATE)] + ([times] if times else [])
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(" ", 1)[1])

    def uri(self, number):
        return f"rtsp://127.0.0.1:{self.port}/{number % MOUNTS}"

    def cpu(self):
        return machine.cpu_seconds(self.process.pid)

    def close(self):
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def serving(path, times=None):
    """`times`: a file that gets the picture and the moment (CLOCK_MONOTONIC, ns), line by line, of what camera 0 sends."""
    server = Server(path, times)
    try:
        yield server
    finally:
        server.close()


def site(server, count, layouts, columns, standby=False):
    """`count` cameras on one display of 1920x1080 above the strip; `layouts`: {name: (first camera, how many)}, the first one shown first."""
    strip_px = 20
    screen = sites.display("screen", 0, 0, 1920, 1080 + strip_px, 1920, 1080 + strip_px)
    cameras = "".join(f'[[camera]]\nid = "B-{i:03d}"\nname = {{ zh = "测量 {i}", en = "Bench {i}" }}\nkind = "bench"\nmain = "{server.uri(i)}"\n'
                      f"standby = {str(standby).lower()}\n" for i in range(count))
    files = {"wall.toml": sites.wall_toml([screen], next(iter(layouts)), strip_px / (40 * 0.000290888)), "cameras.toml": cameras}
    for name, (first, shown) in layouts.items():
        panes = [(f"p{i}", f"camera/B-{first + i:03d}") for i in range(shown)]
        files[f"layouts/{name}.toml"] = sites.layout([("screen", panes, columns)])
    return sites.folder(files)


def gst_wall(server, count, columns, width, height, warm, span):
    """(CPU-seconds, resident KiB, distinct pictures per pane) of the same wall by GStreamer alone."""
    words = [os.path.join(TOOLS, "gst_wall"), server.port, MOUNTS, count, columns, width, height, RATE, warm, span]
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, text=True, timeout=warm + span + 60, check=True)
    cpu, kib, *numbers = done.stdout.split()
    return float(cpu), int(kib), [int(each) for each in numbers]
