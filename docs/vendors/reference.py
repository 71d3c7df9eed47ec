#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/vendors/reference.md from the headers' own comments: reference.py > reference.md. A test says when it is old."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = [
    ("The panel ABI", "beaconwall/panel.h", "core/abi/beaconwall/panel.h"),
    ("Textures of a panel's own", "beaconwall/textures.h", "core/abi/beaconwall/textures.h"),
    ("Panels in C++", "beaconwall/sdk/panel.h", "core/sdk/beaconwall/sdk/panel.h"),
    ("What a panel draws with", "beaconwall/sdk/ui.h", "core/sdk/beaconwall/sdk/ui.h"),
    ("Pictures of a panel's own", "beaconwall/sdk/texture.h", "core/sdk/beaconwall/sdk/texture.h"),
    ("Tables", "beaconwall/sdk/table.h", "core/sdk/beaconwall/sdk/table.h"),
    ("Time series", "beaconwall/sdk/plot.h", "core/sdk/beaconwall/sdk/plot.h"),
    ("Timelines", "beaconwall/sdk/timeline.h", "core/sdk/beaconwall/sdk/timeline.h"),
    ("Alarm cards", "beaconwall/sdk/alarm.h", "core/sdk/beaconwall/sdk/alarm.h"),
    ("Maps", "beaconwall/sdk/map.h", "core/sdk/beaconwall/sdk/map.h"),
    ("Numbers and times as written", "beaconwall/sdk/format.h", "core/sdk/beaconwall/sdk/format.h"),
    ("Rectangles", "beaconwall/sdk/geometry.h", "core/sdk/beaconwall/sdk/geometry.h"),
    ("Colours and levels", "beaconwall/sdk/tokens.h", "core/sdk/beaconwall/sdk/tokens.h"),
    ("JSON", "beaconwall/sdk/json.h", "core/sdk/beaconwall/sdk/json.h"),
    ("Services", "beaconwall/service/service.h", "core/sdk/service/service.h"),
    ("A service's records", "beaconwall/service/records.h", "core/sdk/service/records.h"),
    ("Durable events for somebody outside", "beaconwall/service/durable_feed.h", "core/sdk/service/durable_feed.h"),
    ("A service's settings", "beaconwall/service/settings.h", "core/sdk/service/settings.h"),
    ("Counts and faults of a bridge", "beaconwall/service/tally.h", "core/sdk/service/tally.h"),
    ("The wire's client", "beaconwall/service/wire.h", "core/events/client.h"),
    ("Events", "beaconwall/service/event.h", "core/events/event.h"),
    ("JSON of strangers", "beaconwall/service/json.h", "core/events/json.h"),
]


def head_and_body(text):
    """The comment at the top without its marks, and the declarations."""
    text = re.sub(r"^(//|/\*) SPDX.*\n", "", text)
    block = re.match(r"/\*(.*?)\*/\n", text, re.S) or re.match(r"((?://.*\n)+)", text)
    head = re.sub(r"(?m)^ ?(\* ?|// ?)", "", block.group(1)).strip() if block else ""
    return head, text[block.end():] if block else text


def declarations(body):
    """Without what only compilers read."""
    drop = re.compile(r"^(#(pragma|include|ifndef|ifdef|endif|define BEACONWALL_\w+_H).*|extern \"C\" \{|namespace .*\{|\}  // namespace.*)$")
    kept = [line for line in body.splitlines() if not drop.match(line)]
    if "extern \"C\" {" in body:
        kept = [line for line in kept if line != "}"]
    text = re.sub(r"(?ms)^  private:\n.*?^};", "};", "\n".join(kept))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def main():
    print("# Reference\n\nFrom the headers, by `reference.py`: change the comments there.")
    for title, name, path in HEADERS:
        head, body = head_and_body((ROOT / path).read_text(encoding="utf-8"))
        language = "c" if path.startswith("core/abi/") else "cpp"
        print(f"\n## {title}: `<{name}>`\n\n```text\n{head}\n```\n\n```{language}\n{declarations(body)}\n```")


if __name__ == "__main__":
    main()
