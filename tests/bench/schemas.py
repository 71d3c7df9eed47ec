# SPDX-License-Identifier: Apache-2.0
"""What it costs the hub to hold an event against its schema, beside reading the same event: one thread, the least of some rounds."""
import argparse
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "shared"), str(HERE / "../../docs")]
import asyncapi  # noqa: E402
import machine  # noqa: E402
import report  # noqa: E402

BUILD = os.environ["BEACONWALL_BUILD"]


def events():
    """[(what, schema, event)]: the longest recorded event of each type of the demo's plugins, a take of seventy cameras, and a press."""
    files = {type_: file for type_, _, _, file in asyncapi.all_types()}
    longest = {}
    for line in (asyncapi.SOURCE / "tests/golden/events/demo.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if len(line) > len(json.dumps(longest.get(event["type"], ""))):
            longest[event["type"]] = event
    for type_ in ("beaconwall.compositor.press.v1", "beaconwall.field.gauge.v1", "beaconwall.wall.take.v1"):
        longest[type_] = example(files, type_)
    taken = example(files, "beaconwall.wall.taken.v1")
    pane = taken["data"]["scene"]["panes"][0]
    taken["data"]["scene"]["panes"] = [dict(pane, id="cam-%d" % n) for n in range(70)]
    longest["beaconwall.wall.taken.v1"] = taken
    return [(type_, json.loads(files[type_].read_text(encoding="utf-8")), event) for type_, event in sorted(longest.items())]


def example(files, type_):
    data = json.loads(files[type_].read_text(encoding="utf-8"))["examples"][0]
    return {"specversion": "1.0", "id": "7f0e3a52-0c11-4c49-8f7e-5d4b6a1d2c3e", "source": "service:bench", "type": type_, "subject": "thing/1",
            "time": "2026-07-01T08:00:00.123Z", "datacontenttype": "application/json", "data": data}


def main():
    parser = argparse.ArgumentParser(prog="./dev bench schemas", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter: a look, no acceptance")
    how = report.How(parser.parse_args().quick)
    print(machine.describe(BUILD), flush=True)
    asked = events()
    lines = "\n".join(json.dumps({"schema": schema, "event": event}, ensure_ascii=False) for _, schema, event in asked)
    done = subprocess.run([os.path.join(BUILD, "tests", "schema_cost"), str(how.pick(40, 5))], input=lines, stdout=subprocess.PIPE, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    rows = [report.Row(f"{type_}, {each['bytes']} bytes: read, check", f"{each['parse_ns'] / 1000:.1f}, {each['check_ns'] / 1000:.1f} µs, {each['check_ns'] / each['parse_ns']:.2f}")
            for (type_, _, _), each in zip(asked, found, strict=True)]
    all_parse, all_check = sum(each["parse_ns"] for each in found), sum(each["check_ns"] for each in found)
    rows.append(report.judged("one of each: checking / reading", all_check / all_parse, 1.0))
    report.print_rows(rows)
    return 1 if any(each.verdict == "MISS" for each in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
