# SPDX-License-Identifier: Apache-2.0
"""What one more stream of 640x360 takes in memory, between 8 and 40 of them, beside GStreamer's compositor."""
import cameras
import machine
import measure
import report
import wall

FEW, MANY = 8, 40


def ours(server, count, seconds):
    """KiB of media and compositor, each page counted once."""
    with cameras.site(server, count, {"all": (0, count)}, 8) as site, wall.Wall(site, ready_timeout=60) as running:
        hub = measure.Hub(running.run_dir)
        status = hub.until(lambda s: wall.live(s) and min(p["updates"] for p in s["panes"]) > 30, 60, "all live")
        running.run_for(seconds)
        kib = machine.pss_kib(machine.pids_of(status, "compositor", "media"))
        hub.close()
    return kib


def run(how, folder):
    seconds = how.pick(20, 6)
    with cameras.serving(cameras.film(folder)) as server:
        mine = [ours(server, count, seconds) for count in (FEW, MANY)]
        peer = [cameras.gst_wall(server, count, 8, 240, 216 if count == MANY else 1080, 10, seconds)[1] for count in (FEW, MANY)]
    slope = lambda pair: (pair[1] - pair[0]) / (MANY - FEW) / 1024
    return [report.Row(f"memory of {FEW} and {MANY} streams: wall", f"{mine[0] / 1024:.0f} and {mine[1] / 1024:.0f} MiB"),
            report.Row(f"memory of {FEW} and {MANY} streams: gst compositor", f"{peer[0] / 1024:.0f} and {peer[1] / 1024:.0f} MiB"),
            report.Row("memory per stream: wall and gst compositor", f"{slope(mine):.2f} and {slope(peer):.2f} MiB"),
            report.judged("memory per stream: wall / gst compositor", slope(mine) / slope(peer), 0.8)]
