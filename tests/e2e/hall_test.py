# SPDX-License-Identifier: Apache-2.0
"""The hall of twenty-four displays and seventy cameras: it starts, shows every display, takes, and stays within its memory."""
import os
import unittest

import wall

SITE = os.path.join(wall.SOURCE, "layouts", "hall-8x3")
DISPLAYS = [f"r{row}c{column}" for row in (1, 2, 3) for column in range(1, 9)]
LOOKED_AT = ["r1c1", "r1c8", "r2c4", "r3c1", "r3c8"]  # the corners and the middle
MOST_KB = 3 * 1024 * 1024


def memory_kb(run):
    """PSS of every process of that wall and of what they started: shared pages count once in all."""
    ours = {pid for pid, _ in run.noted_processes()} | {run.process.pid}
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as stat:
                parents[int(entry)] = int(stat.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in ours} - ours
        ours |= more
        grown = bool(more)
    total, each = 0, {}
    for pid in ours:
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
                pss = next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
            with open(f"/proc/{pid}/comm", encoding="ascii") as comm:
                name = comm.read().strip()
        except (OSError, StopIteration):
            continue
        total += pss
        each[name] = each.get(name, 0) + pss
    return total, each


def settled(status):
    """Every pane has its picture: nothing starts, nothing is in error."""
    return bool(status["panes"]) and all(p["freshness"] not in ("starting", "error") for p in status["panes"])


class Hall(unittest.TestCase):
    def check_memory(self, run, when):
        total, each = memory_kb(run)
        table = ", ".join(f"{name} {kb // 1024}" for name, kb in sorted(each.items(), key=lambda row: -row[1]))
        print(f"{when}: {total // 1024} MiB PSS over all processes ({table})", flush=True)
        self.assertGreater(total, 100 * 1024, "the processes were not found")
        self.assertLess(total, MOST_KB, when)

    def take(self, run, layout):
        take = run.status()["layout"]["take"] + 1
        run.ctl("take", layout)
        # A compositor that is busy with its first frame reports it after the hub says that it is on air.
        status = run.wait(
            lambda s: s["layout"]["on_air"] == layout and len(s["displays"]) == len(DISPLAYS)
            and all((d["last_take"] or {}).get("take") == take for d in s["displays"]), 30, f"{layout} on all displays")
        frames = {d["last_take"]["frame_id"] for d in status["displays"]}
        self.assertEqual(len(frames), 1, "all twenty-four displays change in one frame")
        return run.wait(settled, 40, f"every pane of {layout} has its picture")

    def test_starts_shows_its_displays_takes_and_stays_within_its_memory(self):
        with wall.Wall(SITE, ready_timeout=60) as run:
            status = run.wait(settled, 60, "every pane of the overview has its picture")
            self.assertEqual([d["name"] for d in status["displays"]], DISPLAYS)
            self.assertTrue(all(d["frames_drawn"] > 0 for d in status["displays"]), status["displays"])
            cameras = [p for p in status["panes"] if p["shows"].startswith("camera/")]
            self.assertEqual(len({p["shows"] for p in cameras}), 70)
            run.wait(lambda s: sum(c["state"] in ("playing", "late") for c in s["sources"]) == 70, 60, "seventy cameras play")
            self.check_memory(run, "overview")
            for name in LOOKED_AT:
                shot = run.snapshot("--display", name)
                self.assertEqual(shot.size, (1920, 1080), name)
                low, high = shot.convert("L").getextrema()
                self.assertGreater(high - low, 60, f"{name} shows nothing")
            for layout in ("fire", "flood", "overview"):
                self.take(run, layout)
                self.check_memory(run, layout)
            status = run.status()
            self.assertEqual({r["state"] for r in status["roles"]}, {"running"}, status["roles"])
            # Also media: seventy streams on two cores leave its main loop time for its beat.
            restarted = {r["name"]: r["restarts"] for r in status["roles"] if r["restarts"]}
            self.assertEqual(restarted, {}, run.log()[-4000:])


if __name__ == "__main__":
    unittest.main()
