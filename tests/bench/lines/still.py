# SPDX-License-Identifier: Apache-2.0
"""What a wall draws when nothing or little changes."""
import clips
import measure
import report
import sites
import wall

PANE = 476 * 268   # of 480x270: the picture within the tile's edge


def shown_on(status):
    """The display on which the first pane hangs: on the others the minute's clock may turn in the meantime."""
    return next(display for display in status["displays"] if display["name"] == status["panes"][0]["display"])


def still_rows(how):
    seconds = how.pick(60, 15)
    with sites.still() as site, wall.Wall(site, ready_timeout=60) as running:
        hub = measure.Hub(running.run_dir)
        hub.until(wall.live, 60, "every pane live")
        before = running.wait_settled(lambda s: [d["frames_drawn"] for d in s["displays"]], quiet_s=3, timeout=60)
        running.run_for(seconds)
        after = hub.until(wall.live, 10, "every pane live")
        hub.close()
    drawn = [b["frames_drawn"] - a["frames_drawn"] for a, b in zip(before["displays"], after["displays"])]
    # The clock changes at most twice in a minute and a little.
    return [report.judged(f"still wall: frames drawn on each of {len(drawn)} displays in {seconds} s", max(drawn), 2 if seconds >= 60 else 1, "{:.0f}")]


def one_pane_rows(how, folder):
    what = "one pane of 480x270 on 8x3"
    with sites.one_pane_of_many(clips.numbered(folder, 40)) as site, wall.Wall(site, ready_timeout=120) as running:
        hub = measure.Hub(running.run_dir)
        before = hub.until(wall.live, 60, "the pane live")
        if "pixels_written" not in before["displays"][0]:
            return [report.unknown(f"{what}: pixels written per changed pixel", "<= 1.30", "not counted by this build")]
        running.run_for(how.pick(20, 8))
        after = hub.until(wall.live, 10, "the pane live")
        hub.close()
    written, changed, frames = (shown_on(after)[key] - shown_on(before)[key] for key in ("pixels_written", "pixels_changed", "frames_drawn"))
    pictures = after["panes"][0]["updates"] - before["panes"][0]["updates"]
    full = frames * 1920 * 1080
    return [
        report.judged(f"{what}: pixels written per changed pixel", written / max(1, pictures * PANE), 1.3),
        report.Row(f"{what}: the same by the compositor's own count of changes", f"{written / max(1, changed):.2f}"),
        report.Row(f"{what}: pictures, frames", f"{pictures}, {frames}"),
        report.Row(f"{what}: the display drawn whole would be / all 24 would be", f"{full / max(1, written):.1f} x / {24 * full / max(1, written):.0f} x"),
    ]


def run(how, folder):
    return still_rows(how) + one_pane_rows(how, folder)
