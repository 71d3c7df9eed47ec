# SPDX-License-Identifier: Apache-2.0
"""Holds: what takes leave alone, for how long, and whose they are."""
import unittest

from played import EDIT, HOLD, PREVIEW, RELEASE, TAKE, UNDO, SceneCase
from wall_of_one import until


class HoldsTest(SceneCase):
    def setUp(self):
        super().setUp()
        self.hang_two_displays()

    def hold(self, zone, **how):
        reply = self.command(HOLD, zone=zone, **how)
        self.assertTrue(reply["ok"], reply)
        return reply

    def holds(self):
        return [(h["zone"], h["by"]) for h in self.status()["layout"]["holds"]]

    def told(self):
        """Each list that the wall strip was told, the newest last."""
        return [e["data"]["holds"] for e in self.compositor.of("beaconwall.wall.holds.v1")]

    def strip(self, *zones):
        """The strip's list as soon as it names these zones."""
        return self.until(self.compositor, lambda: [h["zone"] for h in (self.told() or [[]])[-1]] == list(zones) and self.told()[-1])

    def test_a_take_leaves_the_held_display_alone_and_says_so(self):
        self.begin()
        self.hold("left", **{"as": "Li"})
        self.assertEqual(self.holds(), [("left", "Li")])
        reply = self.command(TAKE, layout="two")
        self.assertEqual((reply["take"], reply["held"], reply["left_out"]), (2, ["left"], ["l-T2"]))
        self.assertEqual(self.panes(), ["a-T1", "b-T2", "c-T1", "s-T2"])
        self.assertEqual(self.on_air(), (2, "two"))
        # Over both displays: nothing of it is free.
        self.assertEqual(self.command(TAKE, layout="three")["left_out"], ["wide-T1"])
        self.assertEqual(self.panes(), ["a-T1", "b-T2", "c-T1"])
        self.assertEqual(self.command(RELEASE, zone="left")["by"], "Li")
        reply = self.command(TAKE, layout="two")
        self.assertNotIn("held", reply)
        self.assertEqual(self.panes(), ["l-T2", "s-T2"])

    def test_a_zone_is_held_under_its_title(self):
        self.begin()
        self.hold("side")
        self.assertEqual([(h["zone"], h["title"], h["until_ns"]) for h in self.strip("side")], [("side", {"zh": "侧屏", "en": "Side"}, 0)])
        self.assertEqual(self.command(TAKE, layout="two")["left_out"], ["s-T2"])
        self.assertEqual(self.command(HOLD, zone="right", **{"as": "Wang"})["code"], "conflict")

    def test_a_hold_that_ends_changes_nothing_by_itself(self):
        self.begin()
        self.hold("left")
        self.command(TAKE, layout="two")
        self.command(RELEASE, zone="left")
        status = self.status()["layout"]
        self.assertEqual((status["take"], status["preview"], status["holds"]), (2, None, []))
        self.assertEqual(self.panes(), ["a-T1", "b-T2", "c-T1", "s-T2"])
        # Nor does another file of the site.
        file = self.wall.site / "layouts/three.toml"
        file.write_text(file.read_text().replace('en = "three"', 'en = "Third"'))
        until("the reading", lambda: "Third" in [l["title"]["en"] for l in self.ctl.ask("layouts")["layouts"]])
        self.assertIsNone(self.status()["layout"]["preview"])

    def test_undo_and_preview_leave_it_alone_too(self):
        self.begin()
        self.command(TAKE, layout="two")
        self.hold("left")
        reply = self.command(PREVIEW, layout="one")
        self.assertEqual((reply["held"], reply["left_out"]), (["left"], ["a-T1", "b-T2", "c-T1"]))
        self.assertEqual(self.command(UNDO)["held"], ["left"])
        self.assertEqual(self.panes(), ["l-T2", "r-T1"])

    def test_a_preview_follows_the_holds(self):
        self.begin()
        plain = self.command(PREVIEW, layout="two")["hash"]
        self.hold("right")
        self.assertEqual(self.command(TAKE)["left_out"], ["s-T2"])
        self.assertEqual(self.panes(), ["l-T2", "r-T1"])
        self.command(PREVIEW, layout="two")
        self.command(RELEASE, zone="right")
        self.assertTrue(self.command(TAKE)["ok"])
        self.assertEqual(self.compositor.shown["hash"], plain)

    def test_a_take_that_waits_keeps_out_of_a_hold_that_comes(self):
        self.begin()
        self.compositor.prompt = False
        self.ctl.start("command", event={"specversion": "1.0", "id": "t", "source": "t", "type": TAKE, "subject": "wall", "data": {"layout": "two"}})
        self.ctl.ask("layouts")
        self.hold("left")
        self.until(self.compositor, lambda: self.on_air() == (2, "two"))
        self.assertEqual(self.panes(), ["a-T1", "b-T2", "c-T1", "s-T2"])

    def test_a_held_wall_refuses_with_the_name_of_its_holder(self):
        self.begin()
        self.command(TAKE, layout="two")
        self.hold("wall", **{"as": "Li", "for_ms": 3600_000})
        for type_, data in ((TAKE, {"layout": "one"}), (UNDO, {}), (PREVIEW, {"layout": "one"}), (EDIT, {"op": "swap", "pane": "l-T2", "other": "s-T2"})):
            reply = self.command(type_, **data)
            self.assertEqual((reply["ok"], reply["code"], reply["by"]), (False, "held", "Li"), type_)
            self.assertRegex(reply["text"], r"^the wall is held by Li until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
            self.assertRegex(reply["until"], r"^\d{4}-\d\d-\d\dT")
        self.assertTrue(self.command(PREVIEW, layout=None)["ok"])
        self.assertEqual(self.on_air(), (2, "two"))

    def test_every_display_held_is_the_wall_held(self):
        self.begin()
        self.hold("left")
        self.hold("right")
        self.assertEqual(self.command(TAKE, layout="two")["code"], "held")

    def test_one_place_has_one_holder(self):
        self.begin()
        self.hold("left", **{"as": "Li"})
        for zone in ("left", "wall"):
            reply = self.command(HOLD, zone=zone, **{"as": "Wang"})
            self.assertEqual(reply["code"], "conflict")
            self.assertIn("held by Li until it is released", reply["text"])
        self.hold("right", **{"as": "Wang"})
        self.hold("left", **{"as": "Li", "for_ms": 5000})  # one's own can be given another end
        self.assertEqual(self.holds(), [("left", "Li"), ("right", "Wang")])
        self.assertIsNotNone(self.status()["layout"]["holds"][0]["until"])

    def test_refused_holds(self):
        self.begin()
        self.assertIn("wall, side, left, right", self.command(HOLD, zone="middle")["text"])
        self.assertIn("`zone` is missing", self.command(HOLD)["text"])
        for bad in ({"for_ms": 0}, {"for_ms": "1h"}, {"for_ms": 10**12}, {"as": "a\nb"}, {"as": "x" * 65}):
            self.assertEqual(self.command(HOLD, zone="left", **bad)["code"], "invalid", bad)
        self.assertIn("not held", self.command(RELEASE, zone="left")["text"])
        self.assertEqual(self.holds(), [])

    def test_a_hold_ends_by_itself(self):
        self.begin()
        self.assertIsNotNone(self.hold("left", for_ms=1000)["until"])
        self.until(self.compositor, lambda: len(self.told()) >= 3 and self.told()[-1] == [])
        held = self.told()[-2][0]
        self.assertEqual((held["zone"], held["title"]["en"], held["by"]), ("left", "left", "ctl"))
        self.assertGreater(held["until_ns"], 0)
        self.assertEqual(self.holds(), [])
        self.assertNotIn("held", self.command(TAKE, layout="two"))

    def test_a_restarted_hub_still_has_them(self):
        self.begin()
        self.hold("left", **{"as": "Li", "for_ms": 3600_000})
        self.hold("right", **{"as": "Li"})
        self.command(RELEASE, zone="right")
        before = self.status()["layout"]["holds"]
        self.restart()
        self.assertEqual(self.status()["layout"]["holds"], before)
        self.strip("left")
        self.assertEqual(self.command(TAKE, layout="two")["left_out"], ["l-T2"])

    def test_after_a_restart_the_merged_picture_stays(self):
        self.begin()
        self.hold("left")
        self.command(TAKE, layout="two")
        shown = self.compositor.shown["hash"]
        self.wall.kill()
        self.compositor.close()
        self.begin()  # the machine too: no compositor knows anything
        self.assertEqual((self.compositor.shown["take"], self.compositor.shown["hash"]), (2, shown))
        self.command(RELEASE, zone="left")
        self.wall.kill()
        self.compositor.close()
        self.begin()
        self.assertEqual((self.compositor.shown["take"], self.compositor.shown["hash"]), (2, shown))

    def test_a_full_disk_forbids_no_hold(self):
        self.begin(file_size_limit=2048)
        self.assertFalse(self.hold("left")["recorded"])
        self.assertEqual(self.command(TAKE, layout="two")["left_out"], ["l-T2"])


if __name__ == "__main__":
    unittest.main()
