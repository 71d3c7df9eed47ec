# SPDX-License-Identifier: Apache-2.0
"""Panels that die, hang and spin (tests/plugins/must_fail): how soon their tile says so and is well again, and what the others notice."""
import argparse
import os
import signal
import sys
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "shared"))
import machine  # noqa: E402
import measure  # noqa: E402
import panel_slots  # noqa: E402
import report  # noqa: E402
import misdeeds  # noqa: E402
import wall  # noqa: E402
from misdeeds import pane, row  # noqa: E402

SPINNING = [f"spin{i}" for i in range(4)]
PLUGINS = {"crash": "crash", "hoard": "hoard", "loop_event": "loop_event", **dict.fromkeys(SPINNING, "spin")}
BIG_MIB, PIECE_MIB = 2048, 16   # must_fail takes so much with each picture
GIVE_UP_S, LIVED_S = 30, 0.4
RGBA = 0xFF000000 | misdeeds.COLOUR


class Rig:
    """Asks the wall, and counts how often one of the good panes was not live meanwhile."""

    def __init__(self, running):
        self.hub, self.late, self.run_dir = measure.Hub(running.run_dir), 0, running.run_dir

    def until(self, condition, what, seconds=GIVE_UP_S):
        def both(status):
            if not status["panes"]:
                return False
            self.late += any(pane(status, good)["freshness"] != "live" for good in misdeeds.GOOD)
            return condition(status)
        return self.hub.until(both, seconds, what)

    def tell(self, misdeed, **data):
        event = {"specversion": "1.0", "id": uuid.uuid4().hex, "source": "bench", "type": misdeeds.EVENT, "subject": misdeed, "data": data}
        if not (self.hub.ask("publish", 5, lane="telemetry", event=event) or {}).get("ok"):
            raise SystemExit(f"the hub did not take {data}")

    def spare(self):
        """A panel process waits for whoever dies, as it does on a wall where not everybody dies every second."""
        with open(os.path.join(self.run_dir, "processes"), encoding="utf-8") as noted:
            return any(line.endswith(" panel/spare\n") for line in noted)

    def colour(self, name):
        """The view that has to come back."""
        drawn = pane(self.until(wall.live, "all live"), name)["updates"]
        self.tell(PLUGINS[name], colour=misdeeds.COLOUR)
        self.until(lambda s: pane(s, name)["updates"] > drawn, "the colour")

    def pace(self):
        """(frames drawn, frames missed, p99 of their lateness in ms)."""
        display = self.until(lambda s: s["displays"], "a status")["displays"][0]
        return display["frames_drawn"], display["frames_missed"], display.get("lateness_p99_ms", 0.0)


def well(status, name):
    return row(status, name)["state"] == "running" and pane(status, name)["freshness"] == "live"


def follow(rig, name, status, hurt):
    """Hurts it; milliseconds until (its tile says so or None, a picture with its view was published, the status tells of a picture)."""
    old, drawn = row(status, name)["pid"], pane(status, name)["updates"]
    wall.until(lambda: wall.age_s(old) > LIVED_S, 5, "it has lived a while")   # else it would wait before its next life
    wall.until(rig.spare, 5, "the next process waits")
    compositor = next(r["pid"] for r in status["roles"] if r["role"] == "compositor")
    marked, began = [], time.monotonic_ns()
    hurt(old)

    def back(now):
        if pane(now, name)["freshness"] in ("late", "lost", "error"):
            marked.append(time.monotonic_ns())
        return row(now, name)["pid"] not in (0, old) and well(now, name) and pane(now, name)["updates"] > drawn
    rig.until(back, f"{name} is back")
    told = time.monotonic_ns()
    published = wall.until(lambda: panel_slots.first_in(compositor, RGBA, began), 5, "a picture with its view")
    return [None if at is None else (at - began) / 1e6 for at in (marked[0] if marked else None, published, told)]


def segv(pid):
    os.kill(pid, signal.SIGSEGV)


def spread(values, form="{:.0f}"):
    return ", ".join(f"{word} {form.format(value)}" for word, value in
                     (("p50", measure.percentile(values, 0.5)), ("p95", measure.percentile(values, 0.95)), ("max", max(values))))


def rows_of(what, found, back_ms, marked_ms=None):
    """Three rows; a target is for the 95th percentile."""
    marks = [mark for mark, _, _ in found if mark is not None]
    out = [report.Row(f"{what}: its tile says so, ms (seen in {len(marks)} of {len(found)})", spread(marks) if marks else "-",
                      f"p95 <= {marked_ms}" if marked_ms else "", verdict(marks, marked_ms) if marked_ms else "")]
    published = [each for _, each, _ in found]
    return out + [report.Row(f"{what}: picture with its view, ms", spread(published), f"p95 <= {back_ms}", verdict(published, back_ms)),
                  report.Row(f"{what}: status tells of it, ms", spread([told for _, _, told in found]))]


def verdict(values, limit):
    return "ok" if values and measure.percentile(values, 0.95) <= limit else "MISS"


def undisturbed(what, late):
    return report.Row(f"{what}: statuses in which a good pane was not live", str(late), "0", "MISS" if late else "ok")


def kills(rig, how):
    times, found = how.pick(50, 10), []
    rig.colour("crash")
    begun, late = rig.pace(), rig.late
    for _ in range(times):
        found.append(follow(rig, "crash", rig.until(lambda s: well(s, "crash"), "well"), segv))
    ended = rig.pace()
    missed = f"{ended[1] - begun[1]} of {ended[0] - begun[0] + ended[1] - begun[1]}"
    return rows_of(f"{times} kills by SIGSEGV", found, 50) + [
        report.Row(f"{times} kills by SIGSEGV: frames missed", missed), undisturbed(f"{times} kills by SIGSEGV", rig.late - late)]


def big_kills(rig, how):
    times, found, sizes = how.pick(5, 1), [], []
    rig.colour("hoard")
    for _ in range(times):
        drawn = pane(rig.until(lambda s: well(s, "hoard"), "well"), "hoard")["updates"]
        rig.tell("hoard", fail=True, most=BIG_MIB)
        full = rig.until(lambda s, d=drawn: pane(s, "hoard")["updates"] >= d + BIG_MIB // PIECE_MIB and well(s, "hoard"), "it is big", 240)
        sizes.append(row(full, "hoard")["rss_kb"] >> 10)
        found.append(follow(rig, "hoard", full, segv))
    limited = "" if min(sizes) > 0.9 * BIG_MIB else " (the sandbox gives no more)"
    return rows_of(f"{times} kills, {min(sizes)} MiB resident{limited}", found, 100)


def loops(rig, how):
    rig.colour("loop_event")
    found = [follow(rig, "loop_event", rig.until(lambda s: well(s, "loop_event"), "well"), lambda _: rig.tell("loop_event", fail=True))
             for _ in range(how.pick(10, 3))]
    return rows_of(f"{len(found)} endless loops", found, 2100, 250)


def spun(rig):
    """CPU-seconds of those that spin."""
    status = rig.until(lambda s: s["roles"], "a status")
    return sum(machine.cpu_seconds(row(status, name)["pid"]) for name in SPINNING)


def span(rig, what, frames):
    """(frames missed of all, p99 of lateness in ms, rows) of a wall for so many frames."""
    begun, late, since, used = rig.pace(), rig.late, time.monotonic(), spun(rig)
    rig.until(lambda s: s["displays"] and s["displays"][0]["frames_drawn"] >= begun[0] + frames, "frames", 240)
    ended = rig.pace()
    missed = ended[1] - begun[1]
    return missed, ended[2], [
        report.Row(f"{what}: cores that the plugins take", f"{(spun(rig) - used) / (time.monotonic() - since):.2f}"),
        report.Row(f"{what}: frames missed", f"{missed} of {ended[0] - begun[0] + missed}"),
        report.Row(f"{what}: draw lateness p99", f"{ended[2]:.2f} ms"), undisturbed(what, rig.late - late)]


def spins(rig, how, real_time):
    """The same wall left alone first. Frames are promised where real-time priority is allowed."""
    frames = how.pick(1100, 300)
    lacks = any("real-time" in limit["what"] for limit in rig.until(wall.live, "all live")["limits"])
    word = "with real-time priority" if real_time else "without real-time priority"
    _, _, rows = span(rig, f"{word}, left alone", frames)
    rig.tell("spin", fail=True, most=1)
    what = f"{word}, {len(SPINNING)} plugins spin"
    missed, lateness, more = span(rig, what, frames)
    if real_time and lacks:
        more[1:3] = [report.unknown(row.what, "", "this machine does not grant it") for row in more[1:3]]
    elif real_time:
        more[1].target, more[1].verdict = "0", "MISS" if missed else "ok"
        more[2] = report.judged(more[2].what, lateness, 0.5, unit=" ms")
    return rows + more


def spins_without(rig, how):
    return spins(rig, how, False)


def spins_with(rig, how):
    return spins(rig, how, True)


def measured(lines, how, env):
    """Rows of these lines, one after the other on one wall. The budget of restarts is for plugins that die by themselves."""
    rows = []
    with misdeeds.running(PLUGINS, columns=3, more="[restarts]\nbudget = 1000\nwindow_s = 60\n", env=env) as running:
        rig = Rig(running)
        rig.until(wall.live, "all live")
        for line in lines:
            print(f"-- {line.__name__}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
            rows += line(rig, how)
        rig.hub.close()
    return rows


def main():
    parser = argparse.ArgumentParser(prog="./dev bench panel_faults", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less often: a look, no acceptance")
    how = report.How(parser.parse_args().quick)
    print(machine.describe(wall.BUILD), flush=True)
    rows = []
    rows += measured([kills, big_kills, loops], how, {})
    rows += measured([spins_without], how, {})
    rows += measured([spins_with], how, {"BEACONWALL_REALTIME": "1"})
    report.print_rows(rows)
    return 1 if any(each.verdict == "MISS" for each in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
