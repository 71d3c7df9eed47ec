# SPDX-License-Identifier: Apache-2.0
"""Any role may be killed, again and again: the others keep their pids and keep drawing, the dead one is back and its panes live."""
import io
import os
import signal
import sys
import time
import unittest
import urllib.request

from PIL import Image, ImageChops

import wall
import wire

KILLS = 10 if wall.THOROUGH else 3  # what a kill can corrupt shows in three; that it does not add up, in ten
SITE = {
    "wall.toml": wall.display(more="[restarts]\nbudget = 100\nwindow_s = 60\n"),
    "layouts/one.toml": wall.layout("screen", {"rivers": "flood_gauges/board", "stores": "supplies/stores", "cam": "camera/T-001"}),
    "cameras.toml": '[[camera]]\nid = "T-001"\nname = { zh = "试验", en = "Trial" }\nmain = "test://ball"\n',
}


def rows(status):
    return {(r["role"], r["name"]): r for r in status["roles"]}


def updates(status):
    return {p["id"]: p["updates"] for p in status["panes"]}


def sources_of(status, role, name):
    """The sources that this process plays; it says so itself."""
    return {s["id"] for s in status["sources"] if s["process"] == f"{role}/{name}"}


def made_by(status, role, name, sources):
    """{pane: updates} of the panes whose pictures come from this process, which plays `sources`."""
    return {p["id"]: p["updates"] for p in status["panes"] if p["shows"] in sources or role == "panel" and p["shows"].startswith(f"{name}/")}


def all_well(status):
    return wall.live(status) and all(r["state"] == "running" for r in status["roles"])


def difference(a, b):
    """Share of pixels that differ clearly: JPEG noise does not count."""
    changed = ImageChops.difference(a, b).convert("L").point(lambda v: 255 if v > 40 else 0)
    return changed.histogram()[255] / (a.width * a.height)


class Heal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = wall.site(SITE)
        folder = cls.site.__enter__()
        cls.wall = wall.Wall(folder).__enter__()
        cls.wall.wait(wall.live, 20, "every pane live")

    @classmethod
    def tearDownClass(cls):
        cls.wall.__exit__(*sys.exc_info())
        cls.site.__exit__(None, None, None)

    def killed(self, role, name=None):
        """Kills it KILLS times, each time once it is well again; prints how long healing took."""
        key = None
        def first(status):
            return next(k for k in rows(status) if k[0] == role and name in (None, k[1]))
        for turn in range(KILLS):
            # A process of media that has just begun shows its picture before it has reported which sources are its own.
            before = self.wall.wait(lambda s: all_well(s) and (role != "media" or sources_of(s, *(key or first(s)))), 20, "well")
            key = key or first(before)
            old = rows(before)[key]
            # One that dies at start waits longer each time (core/supervisor/budget.cpp); this is about those that were well.
            wall.until(lambda pid=old["pid"]: wall.age_s(pid) > 0.4, 5, f"{role} has lived a while")
            drawn, plays = {}, sources_of(before, *key)
            if role in ("panel", "media"):  # held first, so that no picture of the old process passes for one of the new
                os.kill(old["pid"], signal.SIGSTOP)
                drawn = made_by(self.wall.wait(lambda s: s["panes"], 5, "the panes"), *key, plays)
                self.assertTrue(drawn)
            began = time.monotonic()
            os.kill(old["pid"], signal.SIGKILL)
            after = self.wall.wait(lambda s, k=key, o=old, d=drawn: rows(s).get(k, o)["pid"] not in (o["pid"], 0) and
                                   rows(s)[k]["state"] == "running" and wall.live(s) and
                                   all(made_by(s, *k, plays).get(pane, 0) > count for pane, count in d.items()),
                                   20, f"{role} is back, turn {turn}")
            took = time.monotonic() - began
            print(f"heal {role}: {took * 1000:.0f} ms", flush=True)
            if role not in ("media", "compositor"):
                # 30 pictures a second; a third of them, less those of one status, on a busy machine.
                # In the status in which it is back, what the compositor says may be as old as the wait for the other reports.
                drawn_since = updates(self.wall.status())["cam"] - updates(before)["cam"]
                self.assertGreaterEqual(drawn_since, int(10 * took / wall.SLOW) - 3, "the others keep drawing")
            others = {k: r["pid"] for k, r in rows(before).items() if k != key}
            self.assertEqual({k: rows(after)[k]["pid"] for k in others}, others, f"only {role} may have died")
            self.assertEqual(rows(after)[key]["restarts"], old["restarts"] + 1)

    def test_panel(self):
        self.killed("panel", "flood_gauges")

    def test_service(self):
        self.killed("service", "supplies")

    def test_media(self):
        self.killed("media")

    def test_hub(self):
        self.killed("hub")

    def test_console(self):
        self.killed("console")

    def test_compositor(self):
        self.killed("compositor")

    def test_others_keep_drawing_while_a_panel_is_dead(self):
        before = self.wall.wait(wall.live, 20, "every pane live")
        self.wall.kill("panel", "flood_gauges")
        after = self.wall.wait(lambda s: updates(s)["cam"] > updates(before)["cam"] + 5, 5, "the camera goes on")
        self.assertEqual(self.wall.pid("compositor", status=after), self.wall.pid("compositor", status=before))
        self.wall.wait(wall.live, 10, "well again")

    def test_a_killed_hub_keeps_the_take_it_acknowledged(self):
        for _ in range(3):
            self.wall.ctl("take", "one")
            before = self.wall.status()["layout"]["take"]
            old = self.wall.kill("hub")
            after = self.wall.wait(lambda s, o=old: self.wall.pid("hub", status=s) != o and wall.live(s), 20, "the hub is back")
            self.assertGreaterEqual(after["layout"]["take"], before, "an acknowledged take is not forgotten")

    def test_no_durable_event_acknowledged_before_a_kill_is_missing(self):
        with wire.Publisher(self.wall.run_dir, "x.heal.v1") as publisher:
            for _ in range(KILLS):
                # In mid-stream: the hub acknowledges while it is killed.
                goal = len(publisher.acknowledged) + 50
                wall.until(lambda g=goal: len(publisher.acknowledged) >= g, 20, "fifty more events are acknowledged")
                self.wall.kill("hub")
            goal = len(publisher.acknowledged) + 50
            wall.until(lambda: len(publisher.acknowledged) >= goal, 20, "the last hub acknowledges, too")
            journal = publisher.events()
        self.wall.wait(all_well, 20, "well again")
        self.assertEqual(publisher.faults, [])
        sequences = [int(event["sequence"]) for event in journal]
        self.assertEqual(sequences, sorted(set(sequences)), "the sequence grows strictly")
        kept = {event["id"]: int(event["sequence"]) for event in journal}
        self.assertEqual(len(kept), len(journal), "nothing is kept twice")
        print(f"journal: {len(publisher.acknowledged)} acknowledged, {len(kept)} kept over {KILLS} kills")
        lost = {key: number for key, number in publisher.acknowledged.items() if kept.get(key) != int(number)}
        self.assertEqual(lost, {})

    def stores_tile(self):
        """The tile of the pane `stores` (top right of four) in the console's picture of the wall."""
        address = next(line.split()[1] for line in self.wall.lines if line.startswith("console "))
        with urllib.request.urlopen(address + "api/v1/wall.jpg", timeout=5 * wall.PATIENCE) as answer:
            picture = Image.open(io.BytesIO(answer.read())).convert("RGB")
        return picture.crop((picture.width // 2, 0, picture.width, picture.height // 2))

    def test_a_stopped_hub_marks_what_it_feeds_and_all_heals(self):
        before = self.wall.wait(wall.live, 20, "every pane live")
        hub, compositor = self.wall.pid("hub", status=before), self.wall.pid("compositor", status=before)
        quiet = self.stores_tile()
        os.kill(hub, signal.SIGSTOP)
        try:
            # No hub answers questions now, so the picture itself is looked at, by the console's mirror.
            began = time.monotonic()
            wall.until(lambda: difference(self.stores_tile(), quiet) > 0.002, 4, "the tile is marked")
            took = time.monotonic() - began
            print(f"marked after {took:.2f} s without a hub")
            self.assertLess(took, 2.0 + 1.0 * wall.SLOW, "two seconds, and one for the mirror")
            self.wall.run_for(max(0, 10 - took))
        finally:
            os.kill(hub, signal.SIGCONT)
        first = self.wall.wait(lambda s: "cam" in updates(s), 10, "the hub answers again, and the compositor it")
        self.assertEqual(self.wall.pid("hub", status=first), hub, "ten seconds are no reason to kill it")
        self.assertEqual(self.wall.pid("compositor", status=first), compositor)
        self.assertGreater(updates(first)["cam"], updates(before)["cam"] + 50, "pictures went on")
        self.wall.wait(wall.live, 10, "all heals")

    def test_a_wall_that_stood_still_says_nothing_of_it(self):
        """As when a virtual machine is held for its backup: no panel failed, no stream is damaged, nothing is late."""
        before = self.wall.wait(all_well, 20, "well")
        pids = [r["pid"] for _, r in sorted(rows(before).items(), key=lambda each: each[0][0] != "supervisor")]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        self.wall.run_for(4)
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)
        first = self.wall.wait(lambda s: s["panes"], 10, "the wall answers again")
        end = time.monotonic() + 2.5  # what is forgiven is forgiven for two seconds
        status = first
        while time.monotonic() < end:
            self.assertEqual([(p["id"], p["freshness"], p["reason"]) for p in status["panes"]],
                             [(p["id"], "live", None) for p in before["panes"]])
            status = self.wall.status()
        self.assertEqual({k: r["pid"] for k, r in rows(status).items()}, {k: r["pid"] for k, r in rows(before).items()}, "nobody was killed for it")


class Quarantine(unittest.TestCase):
    def test_a_plugin_past_its_budget_stays_down_until_a_person_restarts_it(self):
        site = {**SITE, "wall.toml": wall.display()}
        with wall.site(site) as folder, wall.Wall(folder) as w:
            before = w.wait(all_well, 20, "well")
            row = ("panel", "supplies")
            for turn in range(6):  # the default budget is five
                status = w.wait(lambda s: rows(s)[row]["state"] == "running" and rows(s)[row]["restarts"] == turn, 10, "runs")
                os.kill(rows(status)[row]["pid"], signal.SIGKILL)
            status = w.wait(lambda s: rows(s)[row]["state"] == "quarantined", 10, "quarantined")
            status = w.wait(lambda s: next(p for p in s["panes"] if p["id"] == "stores")["freshness"] == "error", 5, "an error card")
            hurt = next(p for p in status["panes"] if p["id"] == "stores")
            self.assertTrue(hurt["reason"], hurt)
            self.assertEqual({p["id"]: p["freshness"] for p in status["panes"] if p["id"] != "stores"}, {"rivers": "live", "cam": "live"})
            w.snapshot().save(os.path.join(wall.artifacts(), "quarantined.png"))
            others = {k: r["pid"] for k, r in rows(before).items() if r["name"] != "supplies"}
            self.assertEqual({k: rows(status)[k]["pid"] for k in others}, others)
            w.kill("compositor")
            w.wait(lambda s: s["panes"] and rows(s)[("compositor", "main")]["restarts"] == 1 and
                   next(p for p in s["panes"] if p["id"] == "stores")["freshness"] == "error", 10, "a new compositor knows it too")
            others.pop(("compositor", "main"))
            w.ctl("plugin", "restart", "supplies")
            after = w.wait(all_well, 10, "it is back")
            self.assertEqual({k: rows(after)[k]["pid"] for k in others}, others, "only the plugin was restarted")


if __name__ == "__main__":
    unittest.main()
