# SPDX-License-Identifier: Apache-2.0
"""Sixteen cameras that fail at random for as long as you like: killed, held, back with another way of misbehaving. At the end all are well again, and what is
asked is whether anything was lost on the way: memory, descriptors, threads, a source that never came back."""
import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), each) for each in ("shared", "../e2e", "lines")]
import cameras  # noqa: E402
import machine  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402
import sites  # noqa: E402
import storm  # noqa: E402  (its slope)
import wall as harness  # noqa: E402

COUNT = 16
WARM = 1 / 5  # of the time: what the first fault of each kind builds once is no growth
SERVER = os.path.join(harness.SOURCE, "tests", "media", "quirk_server.py")
WELL = ["Camera", "UnassignedChannels", "MarkerOnEverything", "StartCodesInside", "OddFragments", "JumpingStamps", "NoMarker", "ChangingSession"]
ILL = ["LosesPackets", "TruncatesUnits", "Reboots", "StallsAfterFirst", "NotFound", "Unauthorised", "GarbageAfterSetup", "WrongCodec"]


class Camera:
    def __init__(self, film):
        self.film, self.process, self.held = film, None, False
        self.port = sites.free_port()
        self.start("Camera")

    def start(self, name):
        self.end()
        self.process = subprocess.Popen(["/usr/bin/python3", "-B", SERVER, name, self.film, "--port", str(self.port), "--fps", str(cameras.RATE)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def hold(self):
        if self.process:
            self.process.send_signal(signal.SIGSTOP)

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def site(all_cameras):
    strip_px = 20
    screen = sites.display("screen", 0, 0, 1920, 1080 + strip_px, 1920, 1080 + strip_px)
    text = "".join(f'[[camera]]\nid = "B-{i:03d}"\nname = {{ zh = "测量 {i}", en = "Soak {i}" }}\nkind = "bench"\nmain = "rtsp://127.0.0.1:{one.port}/cam/"\n'
                   for i, one in enumerate(all_cameras))
    panes = [(f"p{i}", f"camera/B-{i:03d}") for i in range(len(all_cameras))]
    return sites.folder({"wall.toml": sites.wall_toml([screen], "grid", strip_px / (40 * 0.000290888)), "cameras.toml": text,
                         "layouts/grid.toml": sites.layout([("screen", panes, 4)])})


def hurt(one, chance):
    """One thing happens to one camera."""
    what = chance.choice(["well", "well", "ill", "ill", "held", "gone"])
    if what == "held":
        one.hold()
    elif what == "gone":
        one.end()
    else:
        one.start(chance.choice(WELL if what == "well" else ILL))
    return what


def at_rest(all_cameras, running, hub):
    """Every camera is well again, and the wall has had time to let go of what the ill ones needed: the status."""
    for _ in range(3):  # who was last received by GStreamer comes back to our receiver with the next break
        for one in all_cameras:
            one.start("Camera")
        running.run_for(5)
        status = hub.until(harness.live, 120, "all live at rest")
        running.run_for(5)  # who has played for 3 s: that is what makes it ours again
    return status


def main():
    parser = argparse.ArgumentParser(prog="./dev bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=110118)
    options = parser.parse_args()
    chance, faults, samples = random.Random(options.seed), {}, []
    commit = subprocess.run(["git", "-C", harness.SOURCE, "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, text=True, check=False).stdout.strip()
    print(f"{machine.describe(harness.BUILD)}; seed {options.seed}, commit {commit}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bw-films-") as folder:
        all_cameras = [Camera(cameras.film(folder)) for _ in range(COUNT)]
        try:
            with site(all_cameras) as made, harness.Wall(made, ready_timeout=60) as running:
                hub = measure.Hub(running.run_dir)
                status = hub.until(harness.live, 120, "all live at the beginning")
                media = machine.pids_of(status, "media")
                held = lambda: sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in media)
                began, next_look, first, warmed = time.monotonic(), 0.0, held(), None
                while (now := time.monotonic() - began) < options.minutes * 60:
                    if warmed is None and now >= options.minutes * WARM * 60:
                        at_rest(all_cameras, running, hub)
                        warmed = held()
                    what = hurt(chance.choice(all_cameras), chance)
                    faults[what] = faults.get(what, 0) + 1
                    if now >= next_look:
                        samples.append((now / 60, machine.pss_kib(media) / 1024))
                        next_look += 5
                    running.run_for(chance.uniform(0.2, 2.0))
                end = at_rest(all_cameras, running, hub)
                same, last = machine.pids_of(end, "media") == media, held()
                hub.close()
        finally:
            for one in all_cameras:
                one.end()
    warm = [each for each in samples if each[0] >= options.minutes * WARM]
    per_hour = storm.slope(warm) * 60 / COUNT if len(warm) > 2 else 0.0
    rows = [report.Row("what happened", ", ".join(f"{count} {what}" for what, count in sorted(faults.items()))),
            report.counted("cameras live at the end", COUNT, COUNT),
            report.Row("media are the same processes", "yes" if same else "no", "yes", "ok" if same else "MISS"),
            report.Row("memory of media over time, MiB", ", ".join(f"{each[1]:.0f}" for each in samples[:: max(1, len(samples) // 10)])),
            report.judged("growth after a fifth of the time, per hour and source", per_hour, 1.0, unit=" MiB"),
            report.Row("descriptors at the beginning, after a fifth, at the end", f"{first}, {warmed} and {last}"),
            report.judged("descriptors more than after a fifth of the time", last - warmed, 4, "{:.0f}")]
    report.print_rows(rows)
    return 1 if any(row.verdict == "MISS" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
