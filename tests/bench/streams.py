# SPDX-License-Identifier: Apache-2.0
"""Every file of a folder as a source, and each of them damaged: it plays, or fails with a reason, and nothing dies of it. For conformance streams and films
that are not ours to ship."""
import argparse
import collections
import concurrent.futures
import os
import random
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), each) for each in ("shared", "../e2e")]
import report  # noqa: E402
import wall  # noqa: E402

LIMIT_S = 120   # a probe ends by itself after some seconds; under a sanitizer it takes longer


def outcome(path):
    """(plays | fails | died | hangs, the words of the probe)"""
    try:
        done = subprocess.run([wall.PROGRAM, "source", "probe", "file://" + path], capture_output=True, text=True, timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        return "hangs", ""
    said = done.stdout + done.stderr
    if done.returncode not in (0, 1) or any(word in said for word in wall.REPORTS):
        return "died", f"exit {done.returncode}: {said[-2000:]}"
    return ("plays" if done.returncode == 0 else "fails"), said


def damaged(data, chance):
    """Some bytes changed, a piece lost, the end cut off."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.5:
        at = chance.randrange(len(data))
        del data[at:at + chance.randint(1, 2000)]
    if chance.random() < 0.3:
        del data[chance.randrange(len(data) // 2, len(data)):]
    return bytes(data)


def tell(name, path, found):
    what, said = outcome(path)
    found[what].append((name, said))


def main():
    parser = argparse.ArgumentParser(prog="./dev bench streams", description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--damaged", type=int, default=3, help="how many damaged ones of each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    whole, hurt = collections.defaultdict(list), collections.defaultdict(list)
    names = sorted(os.listdir(options.folder))
    with tempfile.TemporaryDirectory(prefix="bw-damaged-") as scratch, concurrent.futures.ThreadPoolExecutor(os.cpu_count() * 2) as many:
        for name in names:
            path = os.path.abspath(os.path.join(options.folder, name))
            many.submit(tell, name, path, whole)
            with open(path, "rb") as file:
                data = file.read()
            for turn in range(options.damaged):
                copy = os.path.join(scratch, f"{turn}-{name}")
                with open(copy, "wb") as file:
                    file.write(damaged(data, random.Random(f"{options.seed}/{turn}/{name}")))
                many.submit(tell, f"{name}, damaged {turn}", copy, hurt)
    for name, said in whole["fails"]:
        print(f"{name} fails: " + " ".join(said.split())[:160])
    for name, said in whole["died"] + hurt["died"]:
        print(f"{name} died: {said}")
    rows = []
    for what, found, count in (("as they are", whole, len(names)), (f"damaged, seed {options.seed}", hurt, len(names) * options.damaged)):
        rows += [report.Row(f"streams {what}: play, fail with a reason", f"{len(found['plays'])}, {len(found['fails'])}"),
                 report.counted(f"streams {what}: ended well", len(found["plays"]) + len(found["fails"]), count)]
    report.print_rows(rows)
    return 1 if any(row.verdict == "MISS" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
