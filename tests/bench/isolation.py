# SPDX-License-Identifier: Apache-2.0
"""What it costs that a panel has a process of its own: 5,000 glyphs, all others 30 times a second, on a wall and in a process that draws them itself."""
import argparse
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), each) for each in ("shared", "../e2e")]
import machine  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402
import wall  # noqa: E402

HZ = 30
PLUGINS = os.path.join(wall.BUILD, "tests", "plugins", "bench")
LIBRARY = os.path.join(PLUGINS, "glyphs", "glyphs.so")
IN_PROCESS = os.path.join(wall.BUILD, "tests", "in_process")


class Board:
    """A running wall that shows the panel alone, `hz` pictures a second."""

    def __init__(self, running):
        self.running, self.hub = running, measure.Hub(running.run_dir)
        status = self.hub.until(wall.live, 60, "the pane live")
        self.pids = {role: machine.pids_of(status, role)[0] for role in ("compositor", "panel")}
        said = re.search(r"pane ([\d.]+) ([\d.]+) ([\d.]+)", running.log())
        self.size = said.groups()

    def counts(self):
        """(pictures drawn, {process: CPU seconds})."""
        status = self.hub.until(lambda s: s["panes"], 10, "a status")
        return status["panes"][0]["updates"], {role: machine.cpu_seconds(pid) for role, pid in self.pids.items()}

    def spend(self, seconds):
        """(pictures, {process: CPU seconds}) in a span."""
        self.running.run_for(2)   # what happens at the beginning alone
        pictures, used = self.counts()
        self.running.run_for(seconds)
        after, now = self.counts()
        return after - pictures, {role: now[role] - used[role] for role in used}


@contextlib.contextmanager
def board(hz, null):
    files = {"wall.toml": wall.display(width=1920, height=1080),
             "layouts/one.toml": wall.layout("screen", {"glyphs": "glyphs/board"}, columns=1) + f"settings = {{ hz = {hz} }}\n"}
    env = {"BEACONWALL_PLUGIN_PATH": PLUGINS, **({"BEACONWALL_RENDERER": "null"} if null else {})}
    with wall.site(files) as site, wall.Wall(site, env=env, ready_timeout=60) as running:
        shown = Board(running)
        try:
            yield shown
        finally:
            shown.hub.close()


def in_process(size, pictures, mode):
    """CPU milliseconds a picture; `mode` as in_process.cpp has it."""
    with tempfile.TemporaryDirectory(prefix="bw-glyphs-") as folder:
        atlas = os.path.join(folder, "atlas")
        subprocess.run([os.path.join(wall.BUILD, "libexec", "beaconwall-glyphs"), atlas, size[2]], check=True, stdout=subprocess.DEVNULL)
        run = subprocess.run([IN_PROCESS, LIBRARY, "board", f'{{"hz":{HZ}}}', atlas, *size, str(pictures), str(HZ), mode],
                             check=True, stdout=subprocess.PIPE, text=True)
    return float(run.stdout.split()[-1]) / 1000   # after what the panel says


def cost_rows(how, null, limit):
    what = "null renderer" if null else "drawn"
    seconds, rounds = how.pick(20, 5), how.pick(5, 1)
    ratios, walls, peers, bare, parts = [], [], [], [], []
    for _ in range(rounds):
        with board(HZ, null) as shown:
            pictures, used = shown.spend(seconds)
            size = shown.size
        if pictures < 0.9 * HZ * seconds:
            return [report.unknown(f"{what}: wall / in process, CPU per picture", f"<= {limit}", f"only {pictures / seconds:.1f} pictures a second")]
        with board(0, null) as shown:
            still = sum(shown.spend(seconds)[1].values())
        walls.append((sum(used.values()) - still) / pictures * 1000)
        parts.append({role: value / pictures * 1000 for role, value in used.items()})
        peers.append(in_process(size, HZ * seconds, "null" if null else "gl"))
        bare.append(walls[-1] / in_process(size, HZ * seconds, "call"))
        ratios.append(walls[-1] / peers[-1])
    middle = {role: statistics.median(each[role] for each in parts) for role in parts[0]}
    return [report.judged(f"{what}: wall / in process, CPU per picture, median of {rounds}", statistics.median(ratios), limit),
            report.Row(f"{what}: ms of CPU per picture, wall / in process", f"{statistics.median(walls):.2f} / {statistics.median(peers):.2f}"),
            report.Row(f"{what}: of it " + ", ".join(middle), ", ".join(f"{value:.2f}" for value in middle.values())),
            report.Row(f"{what}: wall / a loop that calls the panel and does nothing with its list", f"{statistics.median(bare):.2f}"),
            report.Row(f"{what}: the ratios of the rounds", " ".join(f"{each:.2f}" for each in ratios))]


def still_rows(how):
    """A panel that does not change."""
    seconds = how.pick(60, 10)
    with board(0, False) as shown:
        pictures, used = shown.spend(seconds)
    return [report.judged(f"still for {seconds} s: pictures", pictures, 0, "{:.0f}"),
            report.judged(f"still for {seconds} s: CPU of the panel's process, % of a core", used["panel"] / seconds * 100, 0.1)]


def main():
    parser = argparse.ArgumentParser(prog="./dev bench isolation", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter: a look, no acceptance")
    how = report.How(parser.parse_args().quick)
    print(machine.describe(wall.BUILD), flush=True)
    rows = []
    for what, line in (("drawn", lambda: cost_rows(how, False, 1.1)), ("null", lambda: cost_rows(how, True, 1.8)), ("still", lambda: still_rows(how))):
        print(f"-- {what}, load {os.getloadavg()[0]:.1f}, {time.strftime('%H:%M:%S')}", file=sys.stderr, flush=True)
        rows += line()
    report.print_rows(rows)
    return 1 if any(each.verdict == "MISS" for each in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
