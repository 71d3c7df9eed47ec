# SPDX-License-Identifier: Apache-2.0
"""Live RTSP cameras on one wall: seventy at once beside the same wall by GStreamer, hidden ones, takes among them, memory."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), each) for each in ("shared", "../e2e")]
import lines_table  # noqa: E402

LINES = ["seventy", "hidden", "memory"]

if __name__ == "__main__":
    sys.exit(lines_table.main("./dev bench media", __doc__, LINES))
