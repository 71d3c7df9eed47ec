# SPDX-License-Identifier: Apache-2.0
"""Four takes a second with jitter over 16 layouts: refreshes missed beside those of the same wall left alone, and memory."""
import random
import time

import client
import clips
import machine
import measure
import report
import sites
import takes
import wall

LAYOUTS, RATE = 16, 4
MISSED_SLACK = 2      # refreshes: what the two halves of a minute differ by, left alone
GROWTH_MIB = 16       # a wall takes some 300 MiB; arenas' pages come and go
SETTLES = 5           # s until the streams of the layouts that left the air have closed: before and after show the same ones


def blow(storm, seconds, each_5_s):
    """Sends them with jitter that is the same each time."""
    jitter = random.Random(20260801)
    began, next_take, next_look = time.monotonic(), 0.0, 0.0
    while (now := time.monotonic() - began) < seconds:
        if now >= next_take:
            storm.send(f"l{len(storm.sent) % LAYOUTS}")
            next_take = len(storm.sent) / RATE + jitter.uniform(-0.1, 0.1)
        if now >= next_look:
            each_5_s(now)
            next_look += 5
        storm.collect(10)
    wall.until(storm.all_answered, 10, "every take is answered")


def slope(points):
    """Least squares of [(x, y)]."""
    x, y = (sum(column) / len(points) for column in zip(*points))
    spread = sum((a - x) ** 2 for a, _ in points)
    return sum((a - x) * (b - y) for a, b in points) / spread if spread else 0.0


def run(how, folder):
    seconds = how.pick(60, 15)
    with sites.two_displays(clips.numbered(folder, 40), layouts=LAYOUTS) as site, wall.Wall(site, ready_timeout=120) as running:
        hub = measure.Hub(running.run_dir, takes.PREFIXES)
        hub.until(wall.live, 120, "every pane live")
        for k in range(1, LAYOUTS + 1):   # each layout once, so that what is made once is made
            takes.prepare(hub, f"l{k % LAYOUTS}")
            takes.take(hub)
        before = hub.until(wall.live, 120, "every pane live")
        running.run_for(seconds)
        idle = hub.until(wall.live, 120, "every pane live")
        pids, memory, storm = machine.pids_of(idle), [], client.Takes(hub)
        pss, each = machine.pss_kib(pids) / 1024, {pid: machine.pss_kib([pid]) for pid in pids}
        blow(storm, seconds, lambda now: memory.append((now, machine.pss_kib(pids) / 1024)))
        after = hub.until(wall.live, 120, "every pane live after the storm")
        running.run_for(SETTLES)
        final = machine.pss_kib(pids) / 1024
        grown = {row["role"] + ":" + row["name"]: (machine.pss_kib([row["pid"]]) - each[row["pid"]]) / 1024 for row in after["roles"] if row["pid"] in each}
        most = max(grown, key=grown.get)
        hub.close()
    same = [row["pid"] for row in after["roles"] if row["pid"]] == [row["pid"] for row in before["roles"] if row["pid"]]
    missed = [b["displays"][0]["frames_missed"] - a["displays"][0]["frames_missed"] for a, b in ((before, idle), (idle, after))]
    done = [layout for _, layout, reply in storm.replies if reply["ok"]]
    climbing = slope(memory[1:]) * 60 if len(memory) > 3 else 0.0
    return [
        report.counted(f"storm, {seconds} s: takes answered", len(storm.replies), len(storm.sent)),
        report.Row("storm: on air at once, superseded", f"{len(done)}, {len(storm.replies) - len(done)}"),
        report.Row("storm: the last take is on air", after["layout"]["on_air"], done[-1], "ok" if after["layout"]["on_air"] == done[-1] else "MISS"),
        report.judged("storm: refreshes missed (target: left alone)", missed[1], missed[0] + MISSED_SLACK, "{:.0f}"),
        report.Row("storm: memory before, after, per minute (PSS)", f"{pss:.0f}, {final:.0f}, {climbing:+.1f} MiB", f"<= +{GROWTH_MIB}",
                   "ok" if final - pss <= GROWTH_MIB and climbing <= GROWTH_MIB else "MISS"),
        report.Row("storm: of the growth, most in", f"{most}, {grown[most]:+.1f} MiB"),
        report.Row("storm: every process lived", str(same), "True", "ok" if same else "MISS"),
    ]
