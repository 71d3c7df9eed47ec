# SPDX-License-Identifier: Apache-2.0
"""Takes by the event wire, as the benches make them."""
import time

READY, TAKEN = "beaconwall.compositor.ready.v1", "beaconwall.compositor.taken.v1"
PREFIXES = [READY + "/", TAKEN + "/"]


def prepare(hub, layout, patience=20):
    """Previews, then waits until the compositor has every pane of it; gives the milliseconds."""
    hub.events.clear()
    began = time.monotonic()
    scene = hub.command("beaconwall.wall.preview.v1", {"layout": layout})["hash"]
    while time.monotonic() - began < patience:
        if any(event["type"] == READY and event["data"]["hash"] == scene for event in hub.events):
            return (time.monotonic() - began) * 1000
        hub.turn()
    raise SystemExit(f"{layout} was not prepared within {patience} s")


def take(hub):
    """Takes the preview; gives (milliseconds from sending to hearing of the frame, what the compositor says of it)."""
    hub.events.clear()
    began = time.monotonic()
    number = hub.command("beaconwall.wall.take.v1", {})["take"]
    while time.monotonic() - began < 10:
        for event in hub.events:
            if event["type"] == TAKEN and event["data"]["take"] == number:
                return (time.monotonic() - began) * 1000, event["data"]
        hub.turn()
    raise SystemExit(f"no display told of take {number} within 10 s")
