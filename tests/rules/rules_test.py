# SPDX-License-Identifier: Apache-2.0
"""The built rules process at a real hub, with a compositor and a supervisor that are played: takes and ways back, deaths of both,
persons, holds, the gate, changed files, a storm, and what a rehearsal says of it all."""
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ["BEACONWALL_SOURCE"], "tests", "hub"))
from played import HOLD, PREVIEW, RELEASE, TAKE, SceneCase  # noqa: E402
from wall_of_one import BUILD, READY, START, STOP, control_message, event, until  # noqa: E402

ATTENTION, ACKNOWLEDGE = "beaconwall.wall.attention.v1", "beaconwall.attention.acknowledge.v1"
RULE = """
[[rule]]
name = "%(name)s"
priority = %(priority)d
%(more)s
[rule.when]
type = "x.alarm.v1"
subject = "%(subject)s"
level = "orange"
%(when)s
[rule.then]
%(does)s
"""


def rule(name="river", does='take = "two"\ndwell = "0s"', subject="gauge/", when="", more="", priority=50):
    return RULE % locals()


class RulesProcess:
    def __init__(self, wall):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        high = fcntl.fcntl(theirs.fileno(), fcntl.F_DUPFD, 50)
        with open(wall.root / "log", "ab") as log:
            self.process = subprocess.Popen(
                [BUILD / "libexec/beaconwall-rules", "--site", wall.site, "--run-dir", wall.run, "--state-dir", wall.state],
                preexec_fn=lambda: os.dup2(high, 3), pass_fds=(3,), stderr=log, env=dict(os.environ, BEACONWALL_PLUGIN_PATH=""))
        os.close(high)
        theirs.close()
        ours.settimeout(60)
        self.control = ours
        ours.send(control_message(START))
        while int.from_bytes(ours.recv(512)[4:8], "little") != READY:
            pass

    def end(self, number=None):
        if number:
            self.process.send_signal(number)
        else:
            self.control.send(control_message(STOP))
        code = self.process.wait(60)
        self.control.close()
        return code


class RulesCase(SceneCase):
    limits = '[limits]\ntakes = 3\nafter_person = "0s"\n'

    def setUp(self):
        super().setUp()
        self.rules = None

    def write_rules(self, *rules):
        (self.wall.site / "rules.toml").write_text(self.limits + "".join(rules))

    def begin_with(self, *rules):
        self.hang_two_displays()
        self.write_rules(*rules)
        self.begin()
        self.start_rules()

    def start_rules(self):
        heard = self.wall.log().count("rules listen to")
        self.rules = RulesProcess(self.wall)
        self.addCleanup(self.end_rules)
        self.until(self.compositor, lambda: self.wall.log().count("rules listen to") > heard)

    def end_rules(self, number=None):
        if self.rules:
            code, self.rules = self.rules.end(number), None
            return code
        return None

    def restart_rules(self):
        self.end_rules(signal.SIGKILL)
        self.start_rules()

    def say(self, subject="gauge/1", level=3, lane="durable"):
        reply = self.ctl.ask("publish", lane=lane, event=event("x.alarm.v1", subject, {"level": level}))
        self.assertTrue(reply["ok"], reply)

    def wait_for(self, layout):
        self.until(self.compositor, lambda: self.compositor.shown["layout"] == layout)

    def settle(self, takes=0):
        """The rules have worked through all that was said until now: they answer a command behind it, and one behind that. So
        many takes of theirs stand in the log then."""
        for _ in range(2):
            reply = self.command_to(ACKNOWLEDGE, "no/such")
            self.assertEqual(reply["code"], "unknown", reply)
        self.assertEqual(self.wall.log().count(": takes two, in place of"), takes)

    def command_to(self, type_, subject, **data):
        id_ = self.ctl.start("command", event=event(type_, subject, data))
        def look():
            self.ctl.take_in(5)
            return self.ctl.replies.pop(id_, None)
        return self.until(self.compositor, look)

    def items(self):
        return [e for e in self.ctl.ask("record", op="list", type=ATTENTION)["events"]]

    def taken(self):
        """[(layout, by)] of every take in the journal, without the wall's first."""
        events = self.ctl.ask("events", type="beaconwall.wall.taken.v1", since=0, limit=1000)["events"]
        return [(e["data"]["layout"], e["data"]["by"]) for e in events if e["data"]["by"] != "hub"]

    def wait_taken(self, count):
        self.until(self.compositor, lambda: len(self.taken()) >= count)
        return self.taken()


class TakesAndWaysBack(RulesCase):
    def test_an_alarm_takes_and_its_end_returns_to_what_was_before_edits_included(self):
        self.begin_with(rule())
        reply = self.command("beaconwall.wall.edit.v1", op="full", pane="a-T1")
        self.assertTrue(reply["ok"], reply)
        before = self.panes()
        self.say(level=3)
        self.wait_for("two")
        self.say(level=1)
        self.wait_for("one")
        self.assertEqual(self.panes(), before)
        self.assertEqual(self.wait_taken(3)[1:], [("two", "rule:river"), ("one", "rule:river")])

    def test_an_alarm_takes_the_wall_out_of_an_exercise_and_its_way_back_is_live(self):
        self.begin_with(rule())
        self.assertTrue(self.command("beaconwall.space.start.v1", name="drill", kind="exercise")["ok"])
        self.assertTrue(self.command(TAKE, layout="two", space="drill")["ok"])
        space = lambda: self.compositor.shown["scene"].get("space")
        # An alarm of the exercise moves no rule.
        reply = self.ctl.ask("publish", space="drill", lane="durable", event=event("x.alarm.v1", "gauge/1", {"level": 3}))
        self.assertTrue(reply["ok"], reply)
        self.settle()
        self.assertEqual(space()["name"], "drill")
        # A real one does, though its layout is on air: there, it does not show what is so.
        self.say(level=3)
        self.until(self.compositor, lambda: space() is None)
        self.assertEqual(self.on_air()[1], "two")
        self.say(level=1)
        self.wait_for("one")
        self.assertIsNone(space())

    def test_telemetry_and_records_move_rules_too(self):
        self.begin_with(rule())
        self.say(level=4, lane="telemetry")
        self.wait_for("two")
        self.say(level=0, lane="telemetry")
        self.wait_for("one")
        for level, layout in ((4, "two"), (0, "one")):
            self.assertTrue(self.ctl.ask("record", op="put", write="w%d" % level, writes=[
                {"type": "x.alarm.v1", "subject": "gauge/2", "data": {"level": level}}])["ok"])
            self.wait_for(layout)

    def test_a_person_takes_in_between_and_keeps_it(self):
        self.begin_with(rule())
        self.say(level=3)
        self.wait_for("two")
        self.assertTrue(self.command(TAKE, layout="three")["ok"])
        self.say(level=1)
        self.settle(takes=1)
        self.assertNotIn("returns to", self.wall.log())
        self.assertEqual(self.on_air()[1], "three")
        self.assertEqual(len(self.taken()), 2)

    def test_a_hold_of_all_is_waited_for(self):
        self.begin_with(rule())
        self.assertTrue(self.command(HOLD, zone="wall", **{"as": "li"})["ok"])
        self.say(level=3)
        self.until(self.compositor, lambda: "was refused: the wall is held by li" in self.wall.log())
        self.assertEqual(self.on_air()[1], "one")
        self.assertTrue(self.command(RELEASE, zone="wall")["ok"])
        self.wait_for("two")

    def test_a_held_display_stays_as_it_is(self):
        self.begin_with(rule())
        self.assertTrue(self.command(HOLD, zone="side")["ok"])
        self.say(level=3)
        self.wait_for("two")
        self.assertEqual(self.panes(), ["l-T2", "r-T1"])

    def test_a_preview_of_a_person_survives_a_take_and_a_preview_of_a_rule(self):
        self.begin_with(rule(), rule("quiet", 'preview = "two"', "rain/"))
        self.assertTrue(self.command(PREVIEW, layout="three")["ok"])
        self.say("rain/1")
        self.until(self.compositor, lambda: "prepares nothing" in self.wall.log())
        self.assertEqual(self.status()["layout"]["preview"], "three")
        self.say("gauge/1")
        self.wait_for("two")
        self.until(self.compositor, lambda: self.status()["layout"]["preview"] == "three")

    def test_a_rule_prepares_where_nothing_is_prepared(self):
        self.begin_with(rule("quiet", 'preview = "two"'))
        self.say()
        self.until(self.compositor, lambda: self.status()["layout"]["preview"] == "two")
        self.assertEqual(self.on_air()[1], "one")

    def test_a_pane_is_shown_in_full_and_given_back(self):
        self.begin_with(rule(does='focus = "a-T1"\ndwell = "0s"'))
        self.say(level=3)
        self.until(self.compositor, lambda: "b-T2" not in self.panes())
        self.say(level=1)
        self.until(self.compositor, lambda: "b-T2" in self.panes())


class Deaths(RulesCase):
    def test_a_rules_process_that_dies_takes_nothing_twice_and_finds_the_way_back(self):
        self.begin_with(rule())
        self.say(level=3)
        self.wait_for("two")
        self.restart_rules()
        self.say(level=4)
        self.settle(takes=1)
        self.say("gauge/1", level=1)
        self.wait_for("one")
        self.assertEqual(self.wait_taken(2), [("two", "rule:river"), ("one", "rule:river")])

    def test_what_happens_while_it_is_dead_is_not_missed(self):
        self.begin_with(rule())
        self.end_rules(signal.SIGKILL)
        self.say(level=3)
        self.start_rules()
        self.wait_for("two")
        self.end_rules(signal.SIGKILL)
        self.say(level=1)
        self.start_rules()
        self.wait_for("one")

    def test_a_last_value_from_before_the_first_start_takes_nothing_until_it_begins_anew(self):
        self.hang_two_displays()
        self.write_rules(rule(does='take = "two"\nattention = { title = "x" }'))
        self.begin()
        self.say(level=3, lane="telemetry")
        self.start_rules()
        self.until(self.compositor, self.items)
        self.say(level=4, lane="telemetry")
        self.settle()
        self.assertEqual(self.on_air()[1], "one")
        self.say(level=0, lane="telemetry")
        self.say(level=3, lane="telemetry")
        self.wait_for("two")

    def test_for_how_long_goes_on_over_a_death(self):
        self.begin_with(rule(when='for = "2s"'))
        self.say(level=3)
        self.settle()
        self.until(self.compositor, lambda: self.ctl.ask("record", op="get", type="beaconwall.rules.state.v1",
                                                         subject="rule/river")["ok"])
        self.assertEqual(self.on_air()[1], "one")
        self.restart_rules()
        self.wait_for("two")

    def test_a_hub_that_dies_is_joined_again_and_nothing_is_taken_twice(self):
        self.begin_with(rule())
        self.say(level=3)
        self.wait_for("two")
        self.wait_taken(1)
        self.restart()
        self.until(self.compositor, lambda: self.wall.log().count("hub there") >= 2)
        self.say(level=4)
        self.settle(takes=1)
        self.assertEqual(self.on_air()[1], "two")
        self.say(level=1)
        self.wait_for("one")
        self.assertEqual(self.wait_taken(2), [("two", "rule:river"), ("one", "rule:river")])

    def test_a_full_disk_forbids_no_take_and_no_way_back(self):
        self.hang_two_displays()
        self.write_rules(rule(does='take = "two"\ndwell = "0s"\nattention = { title = "x" }'))
        self.begin(file_size_limit=1)
        self.start_rules()
        self.say(level=3, lane="telemetry")
        self.wait_for("two")
        self.say(level=1, lane="telemetry")
        self.wait_for("one")

    def test_it_ends_when_it_is_told(self):
        self.begin_with(rule())
        self.assertEqual(self.end_rules(), 0)


class Gate(RulesCase):
    def audit(self):
        return [l for l in self.ctl.ask("audit", limit=500)["lines"] if l["what"] == TAKE]

    def test_a_rule_acts_under_its_name_and_is_written_down(self):
        self.begin_with(rule())
        self.say(level=3)
        self.wait_for("two")
        line = self.until(self.compositor, self.audit)[-1]
        self.assertEqual((line["who"], line["from"], line["action"], line["outcome"]), ("rule:river", "rules", "take", "passed"))
        # Commands are written behind what they do.
        commands = self.until(self.compositor, lambda: self.ctl.ask("events", type=TAKE, since=0)["events"])
        self.assertEqual([e["source"] for e in commands], ["rule:river"])

    def test_a_rule_may_no_more_than_its_role(self):
        (self.wall.site / "roles.toml").write_text(
            '[[role]]\nname = "side_desk"\n[[role.may]]\nactions = ["take", "undo"]\nzones = ["side"]\n')
        self.begin_with(rule(more='role = "side_desk"'))
        self.say(level=3)
        line = self.until(self.compositor, self.audit)[-1]
        self.assertEqual((line["who"], line["outcome"]), ("rule:river", "refused"))
        self.assertIn("rule:river (side_desk) may take in side alone", line["why"])
        self.assertEqual(self.on_air()[1], "one")

    def test_nobody_else_speaks_for_a_rule(self):
        self.begin_with(rule())
        refused = self.ctl.ask("hello", protocol=1, name="rule:river", cycle="x")
        self.assertEqual(refused["code"], "refused")
        id_ = self.ctl.start("command", rule="river", event=event(TAKE, "wall", {"layout": "three"}))
        self.wait_for("three")
        self.ctl.reply(id_)
        self.assertEqual(self.wait_taken(1)[0][1], "ctl")

    def test_a_rule_that_is_not_there_may_nothing(self):
        self.begin_with(rule())
        self.end_rules()
        peer = self.peer("rules")
        reply = peer.ask("command", rule="other", event=event(TAKE, "wall", {"layout": "two"}))
        self.assertEqual((reply["code"], reply["text"]), ("refused", "rules.toml has no rule other"))
        reply = peer.ask("command", rule="river", event=event(HOLD, "wall", {"zone": "wall"}))
        self.assertIn("rule:river (rule) may not hold", reply["text"])

    def test_undo_goes_several_steps_at_once_and_says_when_there_are_not_so_many(self):
        self.begin_with(rule())
        for layout in ("two", "three"):
            self.assertTrue(self.command(TAKE, layout=layout)["ok"])
        undo = "beaconwall.wall.undo.v1"
        self.assertEqual(self.command(undo, steps=3)["text"], "there are only 2 steps to undo")
        self.assertEqual(self.command(undo, steps=0)["code"], "invalid")
        self.assertEqual(self.command(undo, steps=2, if_take=1)["code"], "conflict")
        self.assertTrue(self.command(undo, steps=2)["ok"])
        self.assertEqual(self.on_air()[1], "one")
        self.assertEqual(self.command(undo)["text"], "there is nothing to undo")


class Files(RulesCase):
    def test_a_changed_file_is_taken_over_and_a_faulty_one_is_not(self):
        self.begin_with(rule())
        self.write_rules(rule(does='take = "nowhere"'))
        faults = self.until(self.compositor, lambda: self.status()["faults"])
        self.assertEqual([(f["number"], f["file"]) for f in faults], [("BW1702", "rules.toml")])
        self.say(level=3)
        self.wait_for("two")
        self.say(level=1)
        self.wait_for("one")
        heard = self.wall.log().count("rules listen to")
        self.write_rules(rule(does='take = "three"\ndwell = "0s"', subject="rain/"))
        self.until(self.compositor, lambda: self.wall.log().count("rules listen to") > heard)
        self.say("rain/1", level=3)
        self.wait_for("three")


class Recorded(RulesCase):
    """`rules test` with events of a file."""

    def rehearse(self, *lines, code=0, span=()):
        self.hang_two_displays()
        self.write_rules(rule())
        file = self.wall.root / "events.jsonl"
        file.write_text("".join(line + "\n" for line in lines))
        done = subprocess.run([BUILD / "bin/beaconwall", "rules", "test", self.wall.site, "--file", file, *span],
                              capture_output=True, text=True, timeout=60, check=False, env=dict(os.environ, BEACONWALL_PLUGIN_PATH=""))
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout + done.stderr

    def line(self, second, level):
        return json.dumps({**event("x.alarm.v1", "gauge/1", {"level": level}), "recordedtime": "2026-07-01T00:00:%02dZ" % second})

    def test_says_when_by_the_halls_clock(self):
        said = self.rehearse('{"beaconwall": "journal", "format": 1}', self.line(0, 1), self.line(10, 3), self.line(20, 0))
        self.assertRegex(said, r"(?m)^2026-07-01 08:00:10  river takes two, in place of one")
        self.assertRegex(said, r"(?m)^2026-07-01 08:00:20  river returns to one$")
        self.assertIn("3 events: 1 takes, 1 returns, 0 previews, 0 items of attention; one on air at the end", said)

    def test_names_the_line_that_is_no_event(self):
        self.assertRegex(self.rehearse(self.line(0, 1), '{"specversion": "1.0"}', code=1), r"events\.jsonl:2: no event: id is missing")

        self.assertRegex(self.rehearse('{"id": "1", "type": "x.alarm.v1"}', code=1), r"events\.jsonl:1: no event: specversion")
        self.assertRegex(self.rehearse(json.dumps(event("x.alarm.v1")), code=1), r"events\.jsonl:1: no event that says when it was")

    def test_hears_all_of_a_file_or_the_span_that_is_asked_for(self):
        lines = [self.line(10, 3), self.line(20, 0), self.line(30, 3)]
        self.assertIn("3 events: 2 takes", self.rehearse(*lines))
        self.assertIn("1 events: 1 takes", self.rehearse(*lines, span=("--since", "2026-07-01T00:00:25Z")))
        self.assertIn("2 events: 1 takes", self.rehearse(*lines, span=("--until", "2026-07-01T00:00:25Z")))

    def test_what_happened_in_an_exercise_and_a_command_are_no_alarm(self):
        alarm = json.loads(self.line(10, 3))
        rows = [{"lane": "durable", "recorded_ns": 1, "event": {**alarm, "space": "drill"}}, {"lane": "command", "recorded_ns": 1, "event": {**alarm, "reply": "{}"}}]
        self.assertIn("0 events: 0 takes", self.rehearse(*map(json.dumps, [{**alarm, "space": "drill"}, *rows])))
        self.assertIn("1 events: 1 takes", self.rehearse(json.dumps({"lane": "durable", "recorded_ns": 1, "event": {**alarm, "space": "live"}})))

    def test_names_the_faults_of_the_rules(self):
        self.limits = "[limits]\ntake = 3\n"
        self.assertIn("rules.toml:2:1: BW1003", self.rehearse(code=1))


class Attention(RulesCase):
    limits = '[limits]\ntakes = 2\nafter_person = "0s"\n'

    def test_an_item_is_raised_counted_ended_and_acknowledged(self):
        self.begin_with(rule(does='attention = { title = { zh = "水", en = "Water" }, level = "red" }'))
        self.say(level=3)
        self.say(level=4)
        def twice():
            items = self.items()
            return items and items[0]["data"]["count"] == 2 and items[0]
        item = self.until(self.compositor, twice)
        self.assertEqual((item["subject"], item["source"], item["data"]["state"], item["data"]["level"], item["data"]["title"]["en"]),
                         ("river/gauge/1", "rules", "active", 4, "Water"))
        self.say(level=0)
        self.until(self.compositor, lambda: self.items()[0]["data"]["state"] == "over")
        self.assertTrue(self.command_to(ACKNOWLEDGE, "river/gauge/1")["ok"])
        self.until(self.compositor, lambda: not self.items())

    def test_a_storm_takes_as_often_as_it_may_loses_nothing_and_returns(self):
        more = 'dwell = "0s"\nattention = { title = "x" }'
        self.begin_with(rule("river", 'take = "two"\n' + more, "gauge/", 'lasts = "3s"'),
                        rule("fire", 'take = "three"\n' + more, "camera/", 'lasts = "3s"', priority=60))
        self.compositor.send("credit", to=100_000)  # it is told of every item
        for i in range(500):
            self.ctl.send("publish", id="s%d" % i, lane="durable", event=event(
                "x.alarm.v1", ("gauge/%d" if i // 50 % 2 else "camera/%d") % i, {"level": 4}))
            if i % 50 == 0:
                self.compositor.work()
        def all_kept():
            self.ctl.take_in(5)
            return sum(1 for r in self.ctl.replies if r.startswith("s")) == 500
        self.until(self.compositor, all_kept)
        self.until(self.compositor, lambda: len(self.items()) == 500)
        self.assertEqual(len(self.ctl.ask("events", type="x.alarm.v1", since=0, limit=1000)["events"]), 500)
        self.until(self.compositor, lambda: self.taken() and self.taken()[-1][0] == "one")
        self.wait_for("one")
        takes = self.wall.log().count(": takes t")
        self.assertTrue(1 <= takes <= 2, takes)
        self.assertTrue(all(by.startswith("rule:") for _, by in self.taken()))
        self.assertEqual(self.on_air()[1], "one")
        self.rehearsal_agrees()

    def command_line(self, *words):
        done = subprocess.run([BUILD / "bin/beaconwall", *words], capture_output=True, text=True, timeout=60, check=False,
                              env=dict(os.environ, BEACONWALL_PLUGIN_PATH=""))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def rehearsal_agrees(self):
        self.end_rules()
        self.wall.stop()
        export = self.wall.root / "span.jsonl.gz"
        self.command_line("journal", "export", export, "--state-dir", self.wall.state)
        said = json.loads(self.command_line("rules", "test", self.wall.site, "--state-dir", self.wall.state, "--json"))
        exported = json.loads(self.command_line("rules", "test", self.wall.site, "--file", export, "--json"))
        self.assertEqual(said, exported)
        self.assertEqual((said["events"], said["attention"], said["on_air"]), (500, 500, "one"))
        self.assertTrue(1 <= said["takes"] <= 2, said)
        self.assertGreaterEqual(said["returns"], 1)


if __name__ == "__main__":
    unittest.main()
