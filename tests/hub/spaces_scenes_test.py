# SPDX-License-Identifier: Apache-2.0
"""What is on air, and the spaces: takes into one and back, ends, rules, holds, restarts, and who may."""
import json
import time
import unittest

from played import HOLD, PREVIEW, RELEASE, TAKE, UNDO, SceneCase
from wall_of_one import event, until

START, END, EDIT = "beaconwall.space.start.v1", "beaconwall.space.end.v1", "beaconwall.wall.edit.v1"
RULES = """
[[rule]]
name = "alarm"
[rule.when]
type = "x.alarm"
[rule.then]
take = "three"
"""


class SpacesOnAirTest(SceneCase):
    def shown(self):
        scene = self.compositor.shown["scene"]
        spaces = {pane["space"] for pane in scene["panes"]}
        self.assertEqual(len(spaces), 1, scene)
        name = scene["space"]["name"] if scene.get("space") else "live"
        self.assertEqual(spaces, {name})
        return scene["layout"], name

    def ok(self, type_, **data):
        reply = self.command(type_, **data)
        self.assertTrue(reply["ok"], reply)
        return reply

    def exercise(self, name="drill"):
        return self.ok(START, name=name, kind="exercise", title={"zh": "演练", "en": "Drill"})

    def replay(self, name="then", speed=60):
        self.ctl.ask("publish", lane="durable", event=event("x.mark", "m"))
        mark = self.ctl.ask("events", type="x.mark", limit=1)["events"][0]["recordedtime"]
        until("the clock to go on", lambda: self.ctl.ask("publish", lane="durable", event=event("x.mark", "m"))["ok"] and
              self.ctl.ask("events", type="x.mark", limit=1)["events"][0]["recordedtime"] > mark)
        return self.ok(START, name=name, kind="replay", since=mark, speed=speed)

    def test_into_it_on_in_it_and_back_to_what_was(self):
        self.begin()
        self.ok(TAKE, layout="two")
        self.exercise()
        reply = self.ok(TAKE, space="drill")
        self.assertEqual((reply["layout"], reply["space"], self.shown()), ("two", "drill", ("two", "drill")))
        space = self.compositor.shown["scene"]["space"]
        its = self.ctl.ask("spaces")["spaces"][0]
        self.assertEqual((space["kind"], space["title"], space["wall_ns"], space["space_ns"], space["rate"]),
                         ("exercise", {"zh": "演练", "en": "Drill"}, its["wall_ns"], its["space_ns"], 1))
        self.assertEqual(self.status()["space"]["name"], "drill")
        self.ok(TAKE, layout="three")  # stays there
        self.assertEqual(self.shown(), ("three", "drill"))
        self.ok(UNDO)
        self.assertEqual(self.shown(), ("two", "drill"))
        self.ok(TAKE, space="live")
        self.assertEqual(self.shown(), ("two", "live"))
        self.assertIsNone(self.status()["space"])
        self.ok(UNDO)
        self.assertEqual(self.shown(), ("two", "drill"))
        self.ok(TAKE, layout="one", space="live")
        self.assertEqual(self.shown(), ("one", "live"))

    def test_what_was_edited_in_live_is_what_comes_back(self):
        self.hang_two_displays()
        self.begin()
        self.ok(TAKE, layout="one")
        self.ok(EDIT, op="swap", pane="a-T1", other="b-T2")
        before = self.compositor.shown["hash"]
        self.exercise()
        self.ok(TAKE, layout="two", space="drill")
        self.ok(END, name="drill")
        self.assertEqual((self.compositor.shown["hash"], self.shown()), (before, ("one", "live")))
        # From an exercise to a replay and back: what was on air in live, not in the exercise.
        self.exercise("drill-2")
        self.ok(TAKE, layout="three", space="drill-2")
        self.replay()
        self.ok(TAKE, layout="two", space="then")
        self.assertEqual(self.shown(), ("two", "then"))
        self.ok(TAKE, space="live")
        self.assertEqual(self.compositor.shown["hash"], before)

    def test_refused(self):
        self.begin()
        self.exercise()
        self.assertIn("live, drill", self.command(TAKE, layout="two", space="other")["text"])
        self.assertIn("live, drill", self.command(PREVIEW, layout="two", space="other")["text"])
        self.assertEqual(self.command(TAKE, space="live")["code"], "refused")
        self.assertIn("one, three, two", self.command(TAKE, layout="none", space="drill")["text"])
        self.ok(TAKE, space="drill")
        self.assertEqual(self.command(TAKE, space="drill")["code"], "refused")
        self.assertEqual(self.shown(), ("one", "drill"))

    def test_a_preview_has_its_space(self):
        self.begin()
        self.exercise()
        self.ok(PREVIEW, layout="three", space="drill")
        self.assertEqual(self.shown(), ("one", "live"))
        self.ok(TAKE)
        self.assertEqual(self.shown(), ("three", "drill"))
        self.ok(PREVIEW, layout="two")
        self.ok(TAKE)
        self.assertEqual(self.shown(), ("two", "drill"))

    def test_an_end_takes_the_wall_back_and_forgets_its_steps_and_its_preview(self):
        self.begin()
        self.ok(TAKE, layout="two")
        self.exercise()
        self.ok(TAKE, layout="three", space="drill")
        self.ok(PREVIEW, layout="one", space="drill")
        self.ok(END, name="drill")
        self.assertEqual(self.shown(), ("two", "live"))
        status = self.status()
        self.assertEqual((status["space"], status["spaces"], status["layout"]["preview"]), (None, [], None))
        self.ok(UNDO)
        self.assertEqual(self.shown(), ("one", "live"))
        self.exercise()
        self.ok(END, name="drill")  # it never was on air
        self.assertEqual(self.shown(), ("one", "live"))

    def test_an_end_over_a_hold_and_no_way_between_spaces_while_one_is_held(self):
        self.hang_two_displays()
        self.begin()
        self.exercise()
        self.ok(HOLD, zone="side")
        refused = self.command(TAKE, layout="two", space="drill")
        self.assertEqual(refused["code"], "held")
        self.ok(RELEASE, zone="side")
        self.ok(TAKE, layout="two", space="drill")
        self.ok(HOLD, zone="side")
        self.assertEqual(self.command(TAKE, space="live")["code"], "held")
        self.ok(END, name="drill")
        self.assertEqual(self.shown(), ("one", "live"))

    def test_a_rule_takes_in_live_whatever_is_on_air(self):
        (self.wall.site / "rules.toml").write_text(RULES)
        self.begin()
        self.ok(TAKE, layout="two")
        self.exercise()
        self.ok(TAKE, layout="two", space="drill")
        rules = self.peer("rules")
        def command(type_, **data):
            id_ = rules.start("command", rule="alarm", event=event(type_, "wall", data))
            def look():
                rules.take_in(5)
                return rules.replies.pop(id_, None)
            return self.until(self.compositor, look)
        for type_ in (TAKE, PREVIEW):
            self.assertEqual(command(type_, layout="three", space="drill")["code"], "refused")
            lines = until("the audit", lambda t=type_: [l for l in self.ctl.ask("audit", limit=500)["lines"] if (l["what"], l["who"]) == (t, "rule:alarm")])
            self.assertEqual([(l["outcome"], l.get("why")) for l in lines], [("refused", "what a rule takes is live, and no exercise or replay")])
        self.assertEqual(self.shown(), ("two", "drill"))
        taken = command(TAKE, layout="three")
        self.assertTrue(taken["ok"], taken)
        self.assertEqual(self.shown(), ("three", "live"))
        # Its way back is to what was on air in live, and never into the exercise.
        back = command(UNDO, if_take=taken["take"])
        self.assertTrue(back["ok"], back)
        self.assertEqual(self.shown(), ("two", "live"))
        self.ok(TAKE, layout="two", space="drill")
        self.assertTrue(command(PREVIEW, layout="three")["ok"])
        taken = command(TAKE, layout="one")
        self.assertEqual((taken["ok"], self.shown()), (True, ("one", "live")))

    def test_a_restarted_hub_goes_on_in_the_exercise(self):
        self.begin()
        self.ok(TAKE, layout="two")
        self.exercise()
        self.ok(TAKE, layout="three", space="drill")
        shown = self.compositor.shown
        self.restart()
        self.assertEqual((self.shown(), self.compositor.shown["hash"], self.status()["space"]["name"]), (("three", "drill"), shown["hash"], "drill"))
        self.ok(TAKE, space="live")
        self.assertEqual(self.shown(), ("two", "live"))
        self.ok(TAKE, layout="three", space="drill")
        # The machine starts anew: nobody says what is on air.
        self.wall.kill()
        self.compositor.close()
        self.begin()
        self.assertEqual(self.shown(), ("three", "drill"))
        self.ok(END, name="drill")
        self.assertEqual(self.shown(), ("two", "live"))

    def test_after_a_restart_a_replay_is_over_and_the_wall_live(self):
        self.begin()
        self.ok(TAKE, layout="two")
        self.replay(speed=1)
        self.ok(TAKE, layout="three", space="then")
        take = self.compositor.shown["take"]
        self.restart()
        self.until(self.compositor, lambda: self.compositor.shown["take"] > take)
        self.assertEqual((self.shown(), self.status()["space"]), (("two", "live"), None))
        self.replay(speed=1)
        self.ok(TAKE, layout="three", space="then")
        self.wall.kill()
        self.compositor.close()
        self.begin()
        self.assertEqual(self.shown(), ("two", "live"))

    def test_a_replay_at_its_end_stands_still_on_the_wall(self):
        self.begin()
        self.replay(speed=1)
        self.ok(TAKE, space="then")
        until("its end", lambda: self.ctl.ask("spaces")["spaces"][0]["state"] == "ended")
        self.until(self.compositor, lambda: self.compositor.shown["scene"]["space"]["rate"] == 0)
        its = self.ctl.ask("spaces")["spaces"][0]
        self.assertEqual(self.compositor.shown["scene"]["space"]["space_ns"], its["space_ns"])
        self.assertEqual(self.shown(), ("one", "then"))
        self.assertEqual(self.status()["layout"]["undo"], 1)  # it is no step of its own


class WhoMayTest(SceneCase):
    """By keys of roles: an operator's token would need the command line."""

    def test_bringing_a_space_onto_the_wall_is_more_than_a_take(self):
        role = '\n[[role]]\nname = "desk"\ntitle = { zh = "台", en = "Desk" }\n[[role.may]]\nactions = ["see", "preview", "take", "undo", "edit"]\n'
        (self.wall.site / "roles.toml").write_text(role)
        (self.wall.site / "rules.toml").write_text(RULES + '\n[[rule]]\nname = "desk"\nrole = "desk"\n[rule.when]\ntype = "x.b"\n[rule.then]\ntake = "two"\n')
        self.begin()
        self.assertTrue(self.command(START, name="drill", kind="exercise")["ok"])
        rules = self.peer("rules")
        reply = rules.ask("command", rule="desk", event=event(START, "space/x", {"name": "x", "kind": "exercise"}))
        self.assertEqual((reply["code"], "space" in reply["text"]), ("refused", True))
        reply = rules.ask("command", rule="desk", event=event(END, "space/drill", {"name": "drill"}))
        self.assertEqual(reply["code"], "refused")
        audit = [json.loads(line) for line in (self.wall.state / "audit.jsonl").read_text().splitlines()] if (self.wall.state / "audit.jsonl").exists() else []
        self.assertTrue(all(line["action"] != "" for line in audit))


if __name__ == "__main__":
    unittest.main()
