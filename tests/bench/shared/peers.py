# SPDX-License-Identifier: Apache-2.0
"""The peers' command lines for 16 panes of 480x270 on 1920x1080, paced at 25 Hz, and what a run costs."""
import os
import subprocess

import clips
import codes

PANES, COLUMNS, WIDTH, HEIGHT = 16, 4, 480, 270
PLACES = [(i % COLUMNS * WIDTH, i // COLUMNS * HEIGHT) for i in range(PANES)]


def _inputs(clip):
    return [word for _ in range(PANES) for word in ("-re", "-threads", "1", "-i", clip)]


def floor(clip):
    """Decodes all and throws the pictures away."""
    maps = [word for i in range(PANES) for word in ("-map", f"{i}:v")]
    return ["ffmpeg", "-v", "error", "-nostdin", *_inputs(clip), *maps, "-f", "null", "-"]


def xstack(clip, out=("-pix_fmt", "bgr0", "-f", "null", "-")):
    scales = "".join(f"[{i}:v]scale={WIDTH}:{HEIGHT}:flags=bilinear[a{i}];" for i in range(PANES))
    graph = scales + "".join(f"[a{i}]" for i in range(PANES)) + f"xstack=inputs={PANES}:layout=" + "|".join(f"{x}_{y}" for x, y in PLACES) + ":fill=black[o]"
    return ["ffmpeg", "-v", "error", "-nostdin", *_inputs(clip), "-filter_complex_threads", "2", "-filter_complex", graph, "-map", "[o]", *out]


def compositor(clip, out=("!", "fakesink", "sync=true")):
    pads = [f"sink_{i}::{key}={value}" for i, (x, y) in enumerate(PLACES)
            for key, value in (("xpos", x), ("ypos", y), ("width", WIDTH), ("height", HEIGHT))]
    sources = [word for i in range(PANES) for word in
               ("filesrc", f"location={clip}", "!", "qtdemux", "!", "h264parse", "!", "avdec_h264", "max-threads=1", "!",
                "queue", "max-size-buffers=3", "!", f"c.sink_{i}")]
    return ["gst-launch-1.0", "-q", "compositor", "name=c", "background=black", "max-threads=2", *pads, "!",
            f"video/x-raw,format=BGRx,width={COLUMNS * WIDTH},height={PANES // COLUMNS * HEIGHT},framerate={clips.RATE}/1", *out, *sources]


def cost(command):
    """CPU-seconds of one run from start to end, all threads."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime


def _distinct(command):
    """Numbers seen per pane in a grey film on standard output."""
    width, height = COLUMNS * WIDTH, PANES // COLUMNS * HEIGHT
    numbers = [set() for _ in range(PANES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        while len(frame := child.stdout.read(width * height)) == width * height:
            for i, (x, y) in enumerate(PLACES):
                number = codes.read(frame, WIDTH, 1, (y + codes.row_of(HEIGHT)) * width + x)
                if number is not None:
                    numbers[i].add(number)
    return [len(each) for each in numbers]


def distinct_xstack(clip):
    """In a run of its own, which also hands the pictures over: counting would spoil the measured run."""
    return _distinct(xstack(clip, ("-pix_fmt", "gray", "-f", "rawvideo", "-")))


def distinct_compositor(clip):
    return _distinct(compositor(clip, ("!", "identity", "sync=true", "!", "videoconvert", "!", "video/x-raw,format=GRAY8", "!", "fdsink", "fd=1", "sync=false")))
