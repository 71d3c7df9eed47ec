#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes events/demo.jsonl anew: what the demo's services make of its field, as the panels are told. Run by hand, with a build at hand."""
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "plugins"))
import panels_test  # noqa: E402


def main():
    with tempfile.TemporaryDirectory(prefix="bw-record-") as folder:
        lines = panels_test.record(folder, 20).read_text(encoding="utf-8").splitlines(keepends=True)
    # No panel listens to the field itself.
    kept = [line for line in lines if '"type": "beaconwall.field.' not in line]
    (HERE / "events/demo.jsonl").write_text("".join(kept), encoding="utf-8")
    print(f"{len(kept)} events")


if __name__ == "__main__":
    main()
