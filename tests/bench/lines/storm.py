# SPDX-License-Identifier: Apache-2.0
"""Four takes a second with jitter over 16 layouts: refreshes missed beside those of the same wall left alone, and memory."""
import random
import time
import uuid

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


class Storm:
    """Sends takes without waiting for their replies and keeps count of them."""

    def __init__(self, hub, seed=20260801):
        self.hub, self.random, self.sent, self.replies = hub, random.Random(seed), {}, []

    def take(self, layout):
        number = uuid.uuid4().hex
        event = {"specversion": "1.0", "id": uuid.uuid4().hex, "source": "bench", "type": "beaconwall.wall.take.v1", "subject": "wall", "data": {"layout": layout}}
        self.hub.send("command", id=number, event=event, expires_ms=5000, sent_ns=time.time_ns())
        self.sent[number] = layout

    def collect(self, wait_ms):
        self.replies += [(self.sent[reply["id"]], reply) for reply in self.hub.turn(wait_ms) if reply.get("id") in self.sent]

    def run(self, seconds, each_5_s):
        began, next_take, next_look, index = time.monotonic(), 0.0, 0.0, 0
        while (now := time.monotonic() - began) < seconds:
            if now >= next_take:
                self.take(f"l{index % LAYOUTS}")
                index += 1
                next_take = index / RATE + self.random.uniform(-0.1, 0.1)
            if now >= next_look:
                each_5_s(now)
                next_look += 5
            self.collect(10)
        until = time.monotonic() + 5
        while len(self.replies) < len(self.sent) and time.monotonic() < until:
            self.collect(20)


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
        pids, memory, storm = machine.pids_of(idle), [], Storm(hub)
        pss = machine.pss_kib(pids) / 1024
        storm.run(seconds, lambda now: memory.append((now, machine.pss_kib(pids) / 1024)))
        after = hub.until(wall.live, 120, "every pane live after the storm")
        final = machine.pss_kib(pids) / 1024
        hub.close()
    same = [row["pid"] for row in after["roles"] if row["pid"]] == [row["pid"] for row in before["roles"] if row["pid"]]
    missed = [b["displays"][0]["frames_missed"] - a["displays"][0]["frames_missed"] for a, b in ((before, idle), (idle, after))]
    done = [layout for layout, reply in storm.replies if reply["ok"]]
    climbing = slope(memory[1:]) * 60 if len(memory) > 3 else 0.0
    return [
        report.counted(f"storm, {seconds} s: takes answered", len(storm.replies), len(storm.sent)),
        report.Row("storm: on air at once, superseded", f"{len(done)}, {len(storm.replies) - len(done)}"),
        report.Row("storm: the last take is on air", after["layout"]["on_air"], done[-1], "ok" if after["layout"]["on_air"] == done[-1] else "MISS"),
        report.judged("storm: refreshes missed (target: left alone)", missed[1], missed[0] + MISSED_SLACK, "{:.0f}"),
        report.Row("storm: memory before, after, per minute (PSS)", f"{pss:.0f}, {final:.0f}, {climbing:+.1f} MiB", f"<= +{GROWTH_MIB}",
                   "ok" if final - pss <= GROWTH_MIB and climbing <= GROWTH_MIB else "MISS"),
        report.Row("storm: every process lived", str(same), "True", "ok" if same else "MISS"),
    ]
