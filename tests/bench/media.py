# SPDX-License-Identifier: Apache-2.0
"""Live RTSP cameras on one wall: seventy at once beside the same wall by GStreamer, hidden ones, takes among them, memory."""
import argparse
import importlib
import os
import sys
import tempfile
import traceback

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), each) for each in ("shared", "../e2e")]
import machine  # noqa: E402
import report  # noqa: E402
import wall as harness  # noqa: E402

LINES = ["seventy", "hidden", "memory"]


def measured(name, how, folder):
    """The rows of one line; what ends it early is a row, too."""
    try:
        return importlib.import_module(f"lines.{name}").run(how, folder)
    except (Exception, SystemExit) as error:   # the others are measured all the same
        traceback.print_exc()
        return [report.Row(name, f"{type(error).__name__}: {error}"[:60].replace("\n", " "), "to be measured", "MISS")]


def main():
    parser = argparse.ArgumentParser(prog="./dev bench media", description=__doc__)
    parser.add_argument("--only", action="append", choices=LINES, help="this line alone; may be given again")
    parser.add_argument("--quick", action="store_true", help="shorter and less often: a look, no acceptance")
    options = parser.parse_args()
    how, rows = report.How(options.quick), []
    print(machine.describe(harness.BUILD), flush=True)
    with tempfile.TemporaryDirectory(prefix="bw-films-") as folder:
        for name in options.only or LINES:
            print(f"-- {name}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
            rows += measured(name, how, folder)
    report.print_rows(rows)
    missed = sum(row.verdict == "MISS" for row in rows)
    print(f"{missed} missed" + ("; --quick is no acceptance" if options.quick else ""))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
