# SPDX-License-Identifier: Apache-2.0
"""The hub killed a thousand times under load: on a disk that is well, on one that returns errors and short writes, and on a full one. Nothing that was
acknowledged may be missing, doubled or out of order."""
import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "shared"), os.path.join(HERE, "../e2e"), os.path.join(HERE, "../hub")]
import kill_test  # noqa: E402
import machine  # noqa: E402
import report  # noqa: E402
import wall_of_one  # noqa: E402

LIBRARY = wall_of_one.BUILD / "tests" / "faulty_disk.so"


def set_disk(wall, mode):
    part = wall.root / "disk.part"
    part.write_text(mode)
    os.replace(part, wall.root / "disk")


def on_faulty(wall):
    set_disk(wall, "well")
    wall.environment = {"LD_PRELOAD": str(LIBRARY), "BEACONWALL_FAULTY_DISK": str(wall.root / "disk")}


def while_killed(mode):
    """The disk does that until the last kill, and is well at the end, so that all can be counted."""
    return {"prepare": on_faulty, "between": lambda wall, n: set_disk(wall, "well" if n is None else mode)}


def whole_rows(what, times_ms, ill):
    times_ms = sorted(times_ms)
    at = lambda part: times_ms[min(len(times_ms) - 1, int(len(times_ms) * part))]
    most = f"{what}, most"
    return [report.Row(f"{what}, p50, p95 and p99", f"{at(0.5):.0f}, {at(0.95):.0f} and {at(0.99):.0f} ms"),
            report.Row(most, f"{times_ms[-1]:.0f} ms") if ill else report.judged(most, times_ms[-1], 1000, "{:.0f}", unit=" ms")]


def main():
    parser = argparse.ArgumentParser(prog="./dev bench journal", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="how often each hub is killed")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(machine.describe(str(wall_of_one.BUILD)), flush=True)
    rows = []
    for name, how in (("a disk that is well", {}), ("errors and short writes", while_killed("flaky")),
                      ("a disk that is full every other moment", while_killed("scarce"))):
        print(f"-- {name}", file=sys.stderr, flush=True)
        wrong, load = kill_test.run(options.kills, options.seed, **how)
        for sentence in wrong[:20]:
            print(f"   {sentence}", file=sys.stderr)
        rows += [report.Row(f"{name}: events acknowledged over {options.kills} kills", str(load.count() + load.clients.count)),
                 report.judged(f"{name}: lost, doubled or out of order", len(wrong), 0, form="{:.0f}")]
        # Where the disk refuses, so does the hub: that is no promise about time.
        rows += whole_rows(f"{name}: from the kill until peers are whole", load.whole_ms, bool(how))
        rows += whole_rows(f"{name}: from the kill until clients of ours are whole", load.clients_ms, bool(how))
    rows.append(report.Row("load of the machine at the end, a minute's mean", f"{os.getloadavg()[0]:.1f} of {os.cpu_count()} cores"))
    report.print_rows(rows)
    return 1 if any(row.verdict == "MISS" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
