# SPDX-License-Identifier: Apache-2.0
"""The wall's acceptance, measured: one table, a verdict per line. `--only NAME` (again and again) for some lines, `--quick` for a look."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), each) for each in ("shared", "../e2e")]
import lines_table  # noqa: E402

LINES = ["takes", "storm", "still", "cameras", "hall", "lateness"]

if __name__ == "__main__":
    sys.exit(lines_table.main("./dev bench wall", __doc__, LINES))
