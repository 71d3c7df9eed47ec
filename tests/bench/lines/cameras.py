# SPDX-License-Identifier: Apache-2.0
"""16 camera panes of 640x360 at 25 Hz onto 1920x1080 without a GPU: CPU-seconds of compositor and media beside ffmpeg and GStreamer, all
paced, in turn, so that a busy machine is as busy for each; and how many different pictures each pane really showed."""
import statistics
import sys
import time

import clips
import machine
import measure
import peers
import report
import sites
import slots
import wall


def ours(clip, seconds):
    """([CPU-seconds of compositor, of media], distinct pictures per pane, slots drawn per pane, size) of the wall in `seconds` of playing."""
    with sites.sixteen(clip) as site, wall.Wall(site, ready_timeout=60) as running:
        hub = measure.Hub(running.run_dir)
        status = hub.until(lambda s: wall.live(s) and min(p["updates"] for p in s["panes"]) > 10, 60, "16 cameras live")
        pids = machine.pids_of(status, "compositor") + machine.pids_of(status, "media")
        arenas = slots.arenas(pids[0])
        before = hub.until(wall.live, 10, "16 cameras live")
        watch, began, cpu = slots.Watch(arenas), time.monotonic(), [machine.cpu_seconds(pid) for pid in pids]
        running.run_for(seconds)
        share = seconds / (time.monotonic() - began)
        cpu = [(machine.cpu_seconds(pid) - since) * share for pid, since in zip(pids, cpu)]
        watch.stop()
        after = hub.until(wall.live, 10, "16 cameras live")
        hub.close()
    drawn = [b["updates"] - a["updates"] for a, b in zip(before["panes"], after["panes"])]
    if watch.unreadable or len(watch.surfaces) != peers.PANES:
        raise SystemExit(f"{watch.unreadable} unreadable pictures in {len(watch.surfaces)} surfaces")
    return cpu, [len(each) for each in watch.numbers], drawn, watch.sizes[0]


def run(how, folder):
    seconds, rounds = how.pick(20, 8), how.pick(5, 1)
    short, looped = clips.numbered(folder, seconds), clips.numbered(folder, seconds + 20)
    parts, least_seen, costs = [], [10 ** 6], {"wall": [], "xstack": [], "compositor": [], "floor": []}
    for turn in range(rounds):
        cpu, seen, drawn, size = ours(looped, seconds)
        parts.append(cpu)
        least_seen = min(least_seen, seen, key=min)
        costs["wall"].append(sum(cpu))
        for name, command in (("xstack", peers.xstack), ("compositor", peers.compositor), ("floor", peers.floor)):
            costs[name].append(peers.cost(command(short)))
        print(f"cameras, round {turn + 1}: " + ", ".join(f"{name} {each[-1]:.2f}" for name, each in costs.items()), file=sys.stderr)
    ratio = {name: statistics.median(a / b for a, b in zip(costs["wall"], costs[name])) for name in costs}
    spread = lambda name: f"{statistics.median(costs[name]):.2f} ({min(costs[name]):.2f} to {max(costs[name]):.2f}) CPU-s"
    what = f"cameras, {seconds} s, median of {rounds}: "
    paced = seconds * clips.RATE
    # A window begins and ends between two pictures. Who drops pictures works less: then the ratios say nothing in our favour.
    kept = min(least_seen) >= paced - 5
    rows = [report.Row(what + "compositor + media", spread("wall")),
            report.Row(what + "of that the compositor", f"{statistics.median(each[0] for each in parts):.2f} CPU-s"),
            report.Row(what + "ffmpeg xstack", spread("xstack")), report.Row(what + "gst compositor", spread("compositor")),
            report.Row(what + "paced decode floor", spread("floor"))]
    for name, text, limit, stretch in (("xstack", "ffmpeg xstack", 0.85, 0.70), ("compositor", "gst compositor", 0.45, 0.38), ("floor", "decode floor", 1.60, 1.35)):
        row = report.judged(f"cameras: wall / {text}", ratio[name], limit, stretch=stretch)
        row.verdict = row.verdict if kept or row.verdict == "MISS" else "?"
        rows.append(row)
    least = lambda counts: f"{min(counts)} to {max(counts)}"
    rows.append(report.Row(f"cameras: distinct pictures per pane, wall ({size[0]}x{size[1]}, of {paced}), worst round", least(least_seen), f">= {paced - 5}",
                           "ok" if kept else "MISS"))
    rows.append(report.Row("cameras: pictures drawn per pane, wall", least(drawn)))
    rows.append(report.Row("cameras: distinct pictures per pane, ffmpeg xstack", least(peers.distinct_xstack(short))))
    rows.append(report.Row("cameras: distinct pictures per pane, gst compositor", least(peers.distinct_compositor(short))))
    return rows
