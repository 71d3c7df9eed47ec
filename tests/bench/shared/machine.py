# SPDX-License-Identifier: Apache-2.0
"""What the kernel knows about processes: CPU time, memory; and processes that do nothing but spin."""
import contextlib
import os
import subprocess
import sys

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """User and system time of one process, all its threads."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pss_kib(pids):
    """Proportional set size: a page that n processes share counts 1/n in each, so the sum is what the wall really takes."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError), open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            total += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    return total


def pids_of(status, *roles):
    """Pids of a status' roles; all without names."""
    return [row["pid"] for row in status["roles"] if row["pid"] and (not roles or row["role"] in roles)]


@contextlib.contextmanager
def spinning(count):
    """`count` processes that take every cycle they get."""
    children = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for child in children:
            child.kill()
            child.wait()


def describe(build):
    """One line: processor, cores, load, which build."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "?")
    kind = "?"
    with contextlib.suppress(OSError), open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as file:
        kind = next(line.split("=", 1)[1].strip() for line in file if line.startswith("CMAKE_BUILD_TYPE"))
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; build {os.path.basename(build)} ({kind})"
