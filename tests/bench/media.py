# SPDX-License-Identifier: Apache-2.0
"""Live RTSP cameras on one wall: seventy at once beside the same wall by GStreamer, hidden ones, takes among them, how old what one
sees is, memory."""
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), each) for each in ("shared", "../e2e")]
import lines_table  # noqa: E402

LINES = ["seventy", "hidden", "latency", "memory"]

if __name__ == "__main__":
    sys.exit(lines_table.main("./dev bench media", __doc__, LINES))
