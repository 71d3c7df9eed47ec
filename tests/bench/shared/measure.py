# SPDX-License-Identifier: Apache-2.0
"""What the benches share: percentiles, tables, a site with its own settings."""
import contextlib
import math
import os
import re
import shutil
import socket
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "e2e"))
from client import Hub  # noqa: E402,F401  (the benches' client is the tests')


def percentile(values, share):
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(head, rows):
    widths = [max(len(str(row[i])) for row in [head] + rows) for i in range(len(head))]
    for row in [head] + rows:
        print("  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width) for i, (cell, width) in enumerate(zip(row, widths))).rstrip())


@contextlib.contextmanager
def demo(source, **settings):
    """A copy of layouts/demo with other values for keys of its wall.toml, and a console port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings["console_port"] = probe.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="bw-bench-")
    try:
        site = os.path.join(folder, "demo")
        shutil.copytree(os.path.join(source, "layouts", "demo"), site)
        path = os.path.join(site, "wall.toml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for key, value in settings.items():
            text, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
            if count != 1:
                raise SystemExit(f"{path} has {count} lines '{key} = …', 1 expected")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        yield site
    finally:
        shutil.rmtree(folder)
