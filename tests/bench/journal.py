# SPDX-License-Identifier: Apache-2.0
"""The hub killed a thousand times under load: on a disk that is well, on one that returns errors and short writes, and on a full one. Nothing that was
acknowledged may be missing, doubled or out of order."""
import argparse
import os
import statistics
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
        wrong, whole_ms, count = kill_test.run(options.kills, options.seed, **how)
        for sentence in wrong[:20]:
            print(f"   {sentence}", file=sys.stderr)
        rows += [report.Row(f"{name}: events acknowledged over {options.kills} kills", str(count)),
                 report.judged(f"{name}: lost, doubled or out of order", len(wrong), 0, form="{:.0f}"),
                 report.Row(f"{name}: from the kill until all are whole, median", f"{statistics.median(whole_ms):.0f} ms")]
        most = f"{name}: from the kill until all are whole, most"
        # Where the disk refuses, so does the hub: that is no promise about time.
        rows.append(report.Row(most, f"{max(whole_ms):.0f} ms") if how else report.judged(most, max(whole_ms), 1000, "{:.0f}", unit=" ms"))
    report.print_rows(rows)
    return 1 if any(row.verdict == "MISS" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
