# SPDX-License-Identifier: Apache-2.0
"""Clips made for the benches: 640x360, 25 Hz, H.264 as a camera sends it, noise in every pixel, each picture numbered."""
import os
import subprocess

import codes

RATE = 25


def numbered(folder, seconds):
    """Path of an MP4 of that length; made once per folder."""
    path = os.path.join(folder, f"numbered-{seconds}.mp4")
    if os.path.exists(path):
        return path
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", f"testsrc2=s={codes.WIDTH}x{codes.HEIGHT}:r={RATE},noise=alls=12:allf=t",
               "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{codes.CELLS * codes.CELL}x{codes.CELL}", "-r", str(RATE), "-i", "pipe:0",
               "-filter_complex", f"[0:v][1:v]overlay=0:{codes.HEIGHT - codes.CELL}:shortest=1,format=yuv420p", "-c:v", "libx264",
               "-preset", "veryfast", "-bf", "0", "-g", str(RATE), "-b:v", "900k", "-maxrate", "900k", "-bufsize", "900k", path]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as maker:
        for number in range(seconds * RATE):
            maker.stdin.write(codes.strip(number, 1))
        maker.stdin.close()
    if maker.returncode != 0:
        raise SystemExit("ffmpeg could not make the clip; see above")
    return path
