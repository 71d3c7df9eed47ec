# SPDX-License-Identifier: Apache-2.0
"""A still wall costs nothing: four panels on which nothing happens, one minute, all roles together."""
import os
import time
import unittest

import wall

PANES = {"a": "flood_gauges/board", "b": "supplies/stores", "c": "dispatch/teams", "d": "fire_watch/danger"}


def cpu_seconds(status):
    """User and system time of every role, from the kernel."""
    total = 0
    for role in status["roles"]:
        with open(f"/proc/{role['pid']}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


class Still(unittest.TestCase):
    def test_a_still_wall_draws_its_minute_clock_alone(self):
        with wall.site({"wall.toml": wall.display(), "layouts/one.toml": wall.layout("screen", PANES)}) as site, wall.Wall(site) as still:
            still.wait(lambda s: s["panes"] and all(p["freshness"] == "live" for p in s["panes"]), 20, "four live panes")
            # Start-up work ends when two looks a second apart see no frame drawn.
            settled = still.wait_settled(lambda s: [d["frames_drawn"] for d in s["displays"]], quiet_s=3, timeout=30)
            frames, cpu, start = settled["displays"][0]["frames_drawn"], cpu_seconds(settled), time.monotonic()
            updates = {p["id"]: p["updates"] for p in settled["panes"]}
            still.run_for(60)   # the measured minute itself, not a wait for something
            status = still.status()
            share = (cpu_seconds(status) - cpu) / (time.monotonic() - start)
            drawn = status["displays"][0]["frames_drawn"] - frames
            print(f"still wall: {drawn} frames in 60 s, {share * 100:.2f} % of a core in all roles")
            self.assertLessEqual(drawn, 2, "only the minute clock may draw")
            self.assertEqual({p["id"]: p["updates"] for p in status["panes"]}, updates)
            self.assertTrue(all(p["freshness"] == "live" for p in status["panes"]), status["panes"])
            self.assertLess(share, 0.02)


if __name__ == "__main__":
    unittest.main()
