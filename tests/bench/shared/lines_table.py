# SPDX-License-Identifier: Apache-2.0
"""What the benches of several lines share: the options, each line's rows, one table."""
import argparse
import importlib
import os
import sys
import tempfile
import traceback

import machine
import report
import wall as harness


def measured(name, how, folder):
    """The rows of one line; what ends it early is a row, too."""
    try:
        return importlib.import_module(f"lines.{name}").run(how, folder)
    except (Exception, SystemExit) as error:   # the others are measured all the same
        traceback.print_exc()
        return [report.Row(name, f"{type(error).__name__}: {error}"[:60].replace("\n", " "), "to be measured", "MISS")]


def main(prog, about, names):
    parser = argparse.ArgumentParser(prog=prog, description=about)
    parser.add_argument("--only", action="append", choices=names, help="this line alone; may be given again")
    parser.add_argument("--quick", action="store_true", help="shorter and less often: a look, no acceptance")
    options = parser.parse_args()
    how, rows = report.How(options.quick), []
    print(machine.describe(harness.BUILD), flush=True)
    with tempfile.TemporaryDirectory(prefix="bw-clips-") as folder:
        for name in options.only or names:
            print(f"-- {name}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
            rows += measured(name, how, folder)
    report.print_rows(rows)
    missed = sum(row.verdict == "MISS" for row in rows)
    unknown = sum(row.verdict == "?" for row in rows)
    print(f"{missed} missed, {unknown} not counted by this build" + ("; --quick is no acceptance" if options.quick else ""))
    return 1 if missed else 0
