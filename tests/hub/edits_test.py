# SPDX-License-Identifier: Apache-2.0
"""Live edits as takes: undo brings them back exactly, also after a restart; saving them as a layout."""
import unittest

from played import EDIT, HOLD, PREVIEW, RELEASE, TAKE, UNDO, SceneCase
from wall_of_one import until

SWAP = {"op": "swap", "pane": "a-T1", "other": "r-T1"}
FULL = {"op": "full", "pane": "b-T2"}
SHOW = {"op": "show", "pane": "r-T1", "shows": "camera/T-2"}
BACK = {"op": "back"}


class EditsTest(SceneCase):
    def setUp(self):
        super().setUp()
        self.hang_two_displays()

    def edit(self, *edits):
        for data in edits:
            reply = self.command(EDIT, **data)
            self.assertTrue(reply["ok"], reply)
        return reply

    def scene(self):
        return dict(self.compositor.shown["scene"], take=0)

    def rects(self):
        return {p["id"]: p["rect"] for p in self.compositor.shown["scene"]["panes"]}

    def test_each_edit_is_a_take_and_undo_goes_back_through_them(self):
        self.begin()
        scenes = [self.scene()]
        for n, data in enumerate((SWAP, SHOW, FULL), 2):
            self.assertEqual(self.edit(data)["take"], n)
            scenes.append(self.scene())
        self.assertEqual(self.panes(), ["a-T1", "b-T2"])
        self.assertEqual(len({s["hash"] for s in scenes}), 4)
        self.assertEqual([e["op"] for e in self.status()["layout"]["edits"]], ["swap", "show", "full"])
        for expected in reversed(scenes[:-1]):
            self.assertTrue(self.command(UNDO)["ok"])
            self.assertEqual(self.scene(), expected)
        self.assertEqual(self.command(UNDO)["code"], "refused")
        self.assertEqual(self.on_air(), (7, "one"))

    def test_swapped_panes_have_each_others_place(self):
        self.begin()
        before = self.rects()
        self.edit(SWAP)
        self.assertEqual((self.rects()["a-T1"], self.rects()["r-T1"]), (before["r-T1"], before["a-T1"]))

    def test_back_ends_the_full_screen_and_keeps_what_was_edited_since(self):
        self.begin()
        before = self.rects()
        self.edit(FULL)
        self.assertEqual(self.panes(), ["b-T2", "r-T1"])
        self.edit(SHOW, BACK)
        self.assertEqual(self.rects(), before)
        self.assertEqual([p["source"] for p in self.scene()["panes"] if p["id"] == "r-T1"], ["camera/T-2"])
        self.assertIn("full screen", self.command(EDIT, **BACK)["text"])

    def test_another_pane_full_screen_takes_its_place(self):
        self.begin()
        self.edit(FULL, {"op": "full", "pane": "c-T1"})
        self.assertEqual(self.panes(), ["c-T1", "r-T1"])
        self.edit(BACK)
        self.assertEqual(self.panes(), ["a-T1", "b-T2", "c-T1", "r-T1"])
        self.edit({"op": "full", "pane": "c-T1", "on": "wall"})
        self.assertEqual(self.panes(), ["c-T1"])

    def test_refused_edits(self):
        self.begin()
        for data, code, text in (({"op": "swap", "pane": "a-T1", "other": "x"}, "unknown", "a-T1, b-T2, c-T1, r-T1"),
                                 ({"op": "show", "pane": "a-T1", "shows": "camera/x"}, "unknown", "camera/T-1, camera/T-2"),
                                 ({"op": "show", "pane": "a-T1", "shows": "maps/x"}, "unknown", "panel"),
                                 ({"op": "full", "pane": "a-T1", "on": "zone"}, "unknown", "no zone"),
                                 ({"op": "full", "pane": "a-T1", "on": "moon"}, "invalid", 'allowed: "display", "zone", "wall"'),
                                 ({"op": "turn"}, "invalid", '"swap", "full", "back", "show", "save"'), ({"op": "swap", "pane": "a-T1"}, "invalid", "other"),
                                 ({"op": "show", "pane": "a-T1"}, "invalid", "shows"), (dict(SHOW, settings={"a": [None]}), "invalid", "null"),
                                 (dict(SWAP, if_take=9), "conflict", "take 1"), (dict(SWAP, fade_ms=-1), "invalid", "fade_ms")):
            reply = self.command(EDIT, **data)
            self.assertEqual((reply["ok"], reply["code"]), (False, code), data)
            self.assertIn(text, reply["text"])
        self.assertEqual(self.on_air(), (1, "one"))

    def test_an_edit_keeps_out_of_a_held_display(self):
        self.begin()
        self.command(HOLD, zone="right", **{"as": "Li"})
        for data in (SWAP, SHOW, dict(FULL, on="wall")):
            reply = self.command(EDIT, **data)
            self.assertEqual((reply["code"], reply["by"]), ("held", "Li"), data)
        self.edit(FULL)
        self.assertEqual(self.panes(), ["b-T2", "r-T1"])
        self.command(RELEASE, zone="right")
        self.edit(BACK, SWAP)

    def test_a_transition_of_its_own(self):
        self.begin()
        self.edit(dict(SWAP, transition={"kind": "push", "ms": 300}))
        self.assertEqual(self.compositor.shown["transition"], {"kind": "push", "ms": 300})

    def test_a_restarted_hub_has_the_edits_and_the_history(self):
        self.begin()
        scenes = [self.scene()]
        for data in (SWAP, FULL):
            self.edit(data)
            scenes.append(self.scene())
        self.command(TAKE, layout="two")
        self.restart()
        self.assertEqual(self.on_air(), (4, "two"))
        for expected in reversed(scenes):
            self.assertTrue(self.command(UNDO)["ok"])
            self.assertEqual(self.scene(), expected)
            self.restart()
        self.assertEqual(self.status()["layout"]["undo"], 0)

    def test_after_a_reboot_the_edited_layout_is_on_air(self):
        self.begin()
        self.edit(SWAP, SHOW)
        before = self.compositor.shown["hash"]
        self.wall.kill()
        self.compositor.close()
        self.begin()
        self.assertEqual((self.compositor.shown["take"], self.compositor.shown["hash"]), (3, before))
        self.assertEqual(len(self.status()["layout"]["edits"]), 2)

    def test_the_history_has_twenty(self):
        self.begin()
        for n in range(24):
            self.command(TAKE, layout=("two", "three")[n % 2])
        self.assertEqual(self.status()["layout"]["undo"], 20)

    def test_taking_the_layout_again_drops_its_edits_and_can_be_undone(self):
        self.begin()
        plain = self.scene()
        self.edit(SWAP)
        edited = self.scene()
        self.command(TAKE, layout="one")
        self.assertEqual(self.scene(), plain)
        self.command(UNDO)
        self.assertEqual(self.scene(), edited)

    def test_a_changed_file_keeps_the_edits_in_its_preview(self):
        self.begin()
        self.edit(SWAP)
        file = self.wall.site / "layouts/one.toml"
        file.write_text(file.read_text().replace('id = "b-T2"\nshows = "camera/T-2"', 'id = "b-T2"\nshows = "camera/T-1"'))
        until("the preview", lambda: self.status()["layout"]["preview"])
        before = self.rects()
        self.assertTrue(self.command(TAKE)["ok"])
        self.assertEqual(self.rects(), before)
        self.assertEqual({p["source"] for p in self.scene()["panes"]}, {"camera/T-1"})

    def test_saved_edits_are_a_layout_of_the_site(self):
        self.begin()
        self.edit(SWAP, FULL)
        panes = self.scene()["panes"]
        reply = self.command(EDIT, op="save", name="night", title={"zh": "夜间", "en": "Night"}, **{"as": "Li"})
        self.assertEqual((reply["layout"], reply["file"], reply["loaded"]), ("saved-night", "layouts/saved-night.toml", True))
        text = (self.wall.site / "layouts/saved-night.toml").read_text()
        self.assertIn('title = { zh = "夜间", en = "Night" }', text)
        self.assertRegex(text, r"# Saved by Li on \d{4}-\d\d-\d\d \d\d:\d\d from the layout one\.")
        self.assertEqual(self.on_air(), (3, "one"))
        self.assertTrue(self.command(TAKE, layout="saved-night")["ok"])
        self.assertEqual(self.scene()["panes"], panes)
        self.assertEqual(self.status()["layout"]["edits"], [])

    def test_a_camera_that_only_a_service_knows_can_be_shown_but_not_saved(self):
        self.begin()
        data = {"name": {"zh": "河", "en": "River"}, "kind": "river", "main": {"uri": "rtsp://192.0.2.9/1"}}
        entry = {"type": "beaconwall.source.v1", "subject": "camera/R-1", "data": data}
        self.assertTrue(self.service().ask("record", op="put", write="a", writes=[entry])["ok"])
        self.edit(dict(SHOW, shows="camera/R-1"))
        self.assertIn("camera/R-1", [p["source"] for p in self.scene()["panes"]])
        reply = self.command(EDIT, op="save", name="x")
        self.assertEqual(reply["code"], "refused")
        self.assertIn("camera/R-1 is known from a service alone", reply["text"])
        self.edit(dict(SHOW, shows="camera/T-2"))
        self.assertTrue(self.command(EDIT, op="save", name="x")["ok"])

    def test_saving_again_writes_over_its_own_file_but_not_over_a_persons(self):
        self.begin()
        self.edit(SWAP)
        self.assertTrue(self.command(EDIT, op="save", name="x")["ok"])
        self.edit(FULL)
        self.assertTrue(self.command(EDIT, op="save", name="saved-x")["ok"])
        file = self.wall.site / "layouts/saved-x.toml"
        file.write_text(file.read_text().replace("# ", "# mine: ", 1))
        mine = file.read_text()
        reply = self.command(EDIT, op="save", name="x")
        self.assertEqual(reply["code"], "conflict")
        self.assertIn("saved-x.toml was written or changed by a person", reply["text"])
        self.assertEqual(file.read_text(), mine)

    def test_what_cannot_be_saved_loses_nothing(self):
        self.begin()
        self.edit(SWAP)
        (self.wall.site / "layouts/.saved-x.toml.part").mkdir()  # as good as a folder that cannot be written
        reply = self.command(EDIT, op="save", name="x")
        self.assertEqual(reply["code"], "system")
        self.assertIn("layouts/saved-x.toml was not saved", reply["text"])
        for bad in ("", "../x", "a b", "x" * 59):
            self.assertEqual(self.command(EDIT, op="save", name=bad)["code"], "invalid", bad)
        self.assertEqual(self.command(EDIT, op="save", name="y", title={"zh": "a\nb"})["code"], "invalid")
        self.assertEqual(self.on_air(), (2, "one"))
        self.assertEqual(sorted(p.name for p in (self.wall.site / "layouts").glob("*.toml")), ["one.toml", "three.toml", "two.toml"])


if __name__ == "__main__":
    unittest.main()
