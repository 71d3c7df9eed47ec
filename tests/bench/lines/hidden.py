# SPDX-License-Identifier: Apache-2.0
"""What 54 hidden cameras cost that are received all the time, and how soon hidden ones are live after a take."""
import statistics
import sys
import time

import cameras
import machine
import measure
import report
import takes
import wall

SHOWN, COUNT = 16, 70


def cost(server, seconds, count, standby):
    """Cores of media and compositor with 16 shown."""
    with cameras.site(server, count, {"a": (0, SHOWN)}, 4, standby) as site, wall.Wall(site, ready_timeout=60) as running:
        hub = measure.Hub(running.run_dir)
        playing = lambda s: wall.live(s) and sum(one["state"] == "playing" for one in s["sources"]) == count and min(p["updates"] for p in s["panes"]) > 30
        status = hub.until(playing, 60, "all received")
        pids = machine.pids_of(status, "compositor", "media")
        began, before = time.monotonic(), sum(map(machine.cpu_seconds, pids))
        running.run_for(seconds)
        used = (sum(map(machine.cpu_seconds, pids)) - before) / (time.monotonic() - began)
        hub.until(playing, 10, "all received still")
        hub.close()
    return used


def live_after(hub, began, after):
    """Milliseconds from `began` until each pane is live and has drawn another picture than at `after`, one per pane."""
    found = {}
    while len(found) < SHOWN and time.monotonic() - began < 20:
        status = hub.status()
        now = (time.monotonic() - began) * 1000
        for pane in status["panes"] if status else []:
            if pane["shows"] in after and pane["freshness"] == "live" and pane["updates"] > after[pane["shows"]]:
                found.setdefault(pane["shows"], now)
    return list(found.values())


def take_times(server, count):
    """(prepared, unprepared): for each pane of each take the milliseconds until it was live and had changed."""
    prepared, unprepared = [], []
    with cameras.site(server, 32, {"a": (0, SHOWN), "b": (SHOWN, SHOWN)}, 4, True) as site, wall.Wall(site, ready_timeout=60) as running:
        hub = measure.Hub(running.run_dir, takes.PREFIXES)
        hub.until(lambda s: wall.live(s) and sum(one["state"] == "playing" for one in s["sources"]) == 32, 60, "all received")
        for turn in range(count):
            name, first = ("b", SHOWN) if turn % 2 == 0 else ("a", 0)
            shows = [f"camera/B-{first + i:03d}" for i in range(SHOWN)]
            running.run_for(3)   # nobody has looked at the others for a while: they are not decoded any more
            began = time.monotonic()
            if turn % 4 < 2:
                takes.prepare(hub, name)
                began = time.monotonic()
                takes.take(hub)
                # What is on air now may have been drawn beforehand: what counts is the next picture.
                first = hub.status()
                prepared += live_after(hub, began, {pane["shows"]: pane["updates"] for pane in first["panes"]})
            else:
                hub.events.clear()
                hub.command("beaconwall.wall.take.v1", {"layout": name})
                unprepared += live_after(hub, began, dict.fromkeys(shows, 1))
        hub.close()
    return prepared, unprepared


def run(how, folder):
    seconds, rounds, count = how.pick(20, 6), how.pick(3, 1), how.pick(24, 4)
    alone, hidden = [], []
    with cameras.serving(cameras.film(folder)) as server:
        for turn in range(rounds):
            alone.append(cost(server, seconds, SHOWN, False))
            hidden.append(cost(server, seconds, COUNT, True))
            print(f"hidden, round {turn + 1}: {alone[-1]:.3f} and {hidden[-1]:.3f}", file=sys.stderr)
        prepared, unprepared = take_times(server, count)
    ratio = statistics.median(b / a for a, b in zip(alone, hidden))
    each = statistics.median((b - a) / (COUNT - SHOWN) for a, b in zip(alone, hidden)) * 100
    return [report.Row(f"16 shown: cores, median of {rounds}", f"{statistics.median(alone):.3f}"),
            report.Row("16 shown and 54 hidden: cores", f"{statistics.median(hidden):.3f}"),
            report.judged("16 shown and 54 hidden / 16 shown", ratio, 1.6, stretch=1.15),
            report.judged("a hidden stream", each, 0.3, "{:.3f}", unit=" % of a core"),
            report.judged(f"take of 16 hidden, prepared: to live and changing, p95 of {len(prepared)}", measure.percentile(prepared, 0.95), 150, "{:.0f}", unit=" ms"),
            report.Row("take of 16 hidden, prepared: p50 and max", f"{measure.percentile(prepared, 0.5):.0f} and {max(prepared):.0f} ms"),
            report.Row("take of 16 hidden, unprepared: p50, p95 and max",
                       f"{measure.percentile(unprepared, 0.5):.0f}, {measure.percentile(unprepared, 0.95):.0f} and {max(unprepared):.0f} ms")]
