# SPDX-License-Identifier: Apache-2.0
"""The permission table: every command and verb that a running hub knows, its plugins' among them, by every role of the wall, built in and
of the site's own, inside and outside of the role's limits. What the hub knows and this table does not fails it, and so does a command that
reached nobody's line of the audit."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from played import EDIT, HOLD, PREVIEW, RELEASE, TAKE, UNDO, SceneCase, layout_text
from wall_of_one import BUILD, Peer, Wall, event, until

START, END = "beaconwall.space.start.v1", "beaconwall.space.end.v1"
ROLES = """
[[role]]
name = "side_desk"
[[role.may]]
actions = ["see", "take", "preview", "undo", "edit", "hold", "release", "plugin.drill.*"]
zones = ["side"]
[[role.may]]
actions = ["retry"]
groups = ["river"]

[[role]]
name = "river_chief"
[[role.may]]
actions = ["*"]
zones = ["side"]
groups = ["river"]

[[role]]
name = "machinist"
[[role.may]]
actions = ["see", "restart", "reload", "publish", "record", "handle", "journal"]
"""
RULES = """
[[rule]]
name = "drill"
[rule.when]
type = "x.drill.v1"
[rule.then]
take = "one"
"""
MANIFEST = """name = "drill"
version = "1.0.0"
library = "panel.so"
[[panel]]
id = "main"
title = { zh = "甲", en = "A" }
commands = ["drill.pump.v1", "beaconwall.wall.take.v1"]
"""
# On air is always "one". The others differ from it inside of the limits (right display, camera of the river), on the other display, and
# on the right one with a camera that is not of the river.
LEFT, RIGHT = ("left", ["a-T1 b-T2"]), ("right", ["r-T1 q-T2"])
LAYOUTS = {"one": [LEFT, RIGHT], "inside": [LEFT, ("right", ["n-T1"])], "place": [("left", ["n-T1"]), RIGHT], "source": [LEFT, ("right", ["n-T2"])]}

# Who may, a letter for each column: A whatever it touches, p limited in place, s in sources, b in both; - not at all; a blank:
# there is no such thing, because what a rule does is live whatever it says (tests/hub/spaces_scenes_test.py).
ASKERS = ["viewer", "duty_officer", "leader", "administrator", "side_desk", "river_chief", "machinist", "rule"]
COMMANDS = {
    TAKE: "-AAApb-A", PREVIEW: "-AAApb-A", UNDO: "-AAApb-A", EDIT: "-AAApb-A",
    TAKE + " space": "--AA-b- ", PREVIEW + " space": "--AA-b- ", UNDO + " space": "--AA-b- ",
    START: "--AA----", END: "--AA----",
    EDIT + " save": "--AA-A--",
    HOLD: "-AAApb--", RELEASE: "-AAApb--",
    "beaconwall.attention.acknowledge.v1": "-AAA-A--",
    "beaconwall.source.retry.v1": "-AAAsb--",
    "beaconwall.plugin.restart.v1": "--AA--A-",
    "beaconwall.plugin.reload.v1": "---A--A-",
    "beaconwall.compositor.snapshot.v1": "AAAA-A--",
    "drill.pump.v1": "-AAAAA--",
}
VERBS = {
    "status": "AAAAAAA", "layouts": "AAAAAAA", "spaces": "AAAAAAA", "commands": "AAAAAAA", "events": "AAAAAAA", "subscribe": "AAAAAAA", "record": "AAAAAAA",
    "blob get": "AAAAAAA", "record put": "---A--A", "blob": "---A--A", "publish": "---A--A", "handle": "---A--A", "journal": "---A--A",
    "audit": "--AA-A-",
}
# The same command inside of the limits, on another display, and with another camera: subject, data, and what was taken before for undo.
CASES = {
    TAKE: {where: ("wall", {"layout": where}) for where in ("inside", "place", "source")},
    PREVIEW: {where: ("wall", {"layout": where}) for where in ("inside", "place", "source")},
    UNDO: {where: ("wall", {}) for where in ("inside", "place", "source")},
    EDIT: {where: ("wall", {"op": "full", "pane": pane, "on": "display"}) for where, pane in (("inside", "r-T1"), ("place", "a-T1"), ("source", "q-T2"))},
    TAKE + " space": {"place": ("wall", {"layout": "one", "space": "drill"})},
    PREVIEW + " space": {"place": ("wall", {"layout": "one", "space": "drill"})},
    UNDO + " space": {"place": ("wall", {})},
    START: {"inside": ("space/other", {"name": "other", "kind": "exercise"})},
    END: {"inside": ("space/other", {"name": "other"})},
    EDIT + " save": {"inside": ("wall", {"op": "save", "name": "kept"})},
    HOLD: {"inside": ("wall", {"zone": "right"}), "place": ("wall", {"zone": "left"})},
    RELEASE: {"inside": ("wall", {"zone": "right"}), "place": ("wall", {"zone": "left"})},
    "beaconwall.attention.acknowledge.v1": {"inside": ("no/such", {})},
    "beaconwall.source.retry.v1": {"inside": ("camera/T-1", {}), "source": ("camera/T-2", {})},
    "beaconwall.plugin.restart.v1": {"inside": ("plugin/nothing", {})},
    "beaconwall.plugin.reload.v1": {"inside": ("plugin/nothing", {})},
    "beaconwall.compositor.snapshot.v1": {"inside": ("main", {})},
    "drill.pump.v1": {"inside": ("pump/1", {})},
}
PLACES = {"nothing": {"inside"}, "wall": {"inside"}, "scene": {"inside", "place", "source"}, "zone": {"inside", "place"}, "source": {"inside", "source"}}
BODIES = {
    "subscribe": {"prefixes": ["x.t"]}, "record": {"op": "list", "type": "x.r"}, "blob get": {"op": "get", "digest": "0" * 64, "offset": 0},
    "record put": {"op": "put", "write": "w", "writes": [{"type": "x.r", "subject": "s"}]}, "blob": {"op": "put", "digest": "0" * 64, "size": 1, "offset": 0},
    "publish": {"event": event("x.t")}, "handle": {"prefixes": ["x.handled/"]}, "journal": {"op": "import", "rows": []},
}


def name_of(entry):
    return " ".join([entry.get("type") or entry["verb"]] + ([entry["op"]] if entry.get("op") else []))


def may(letter, where):
    return {"A": True, "-": False, "p": where != "place", "s": where != "source", "b": where == "inside"}[letter]


class PermissionsTest(SceneCase):
    def setUp(self):
        self.plugins = pathlib.Path(tempfile.mkdtemp(prefix="bw-plugins-"))
        self.addCleanup(shutil.rmtree, self.plugins)
        folder = self.plugins / "drill"
        (folder / "schemas").mkdir(parents=True)
        (folder / "schemas/drill.pump.v1.json").write_text('{"type": "object"}')
        (folder / "plugin.toml").write_text(MANIFEST)
        (folder / "panel.so").write_text("")
        self.wall = Wall(plugins=self.plugins)
        self.addCleanup(self.wall.close)
        self.hang_two_displays()
        for layout in (self.wall.site / "layouts").iterdir():
            layout.unlink()
        for name, grids in LAYOUTS.items():
            (self.wall.site / "layouts" / (name + ".toml")).write_text(layout_text(*grids, title=name))
        (self.wall.site / "roles.toml").write_text(ROLES)
        (self.wall.site / "rules.toml").write_text(RULES)
        cameras = self.wall.site / "cameras.toml"
        cameras.write_text(cameras.read_text().replace('id = "T-1"', 'id = "T-1"\ngroups = ["river"]'))
        self.wall.state.mkdir(exist_ok=True)
        tokens = {role: self.operator(role) for role in ASKERS if role != "rule"}
        self.begin()
        self.askers = {role: self.asker(role, token) for role, token in tokens.items()}
        self.askers["rule"] = self.peer("rules")
        self.assertTrue(self.command(START, name="drill", kind="exercise")["ok"])
        self.noted = []

    def operator(self, role):
        """One of that name and role; their token."""
        for words, stdin in ((("add", role, "--role", role), "correct horse\n"), (("token", role), "")):
            done = subprocess.run([BUILD / "bin/beaconwall", "operator", *words, "--state-dir", self.wall.state, "--site", self.wall.site],
                                  input=stdin, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout.strip()

    def asker(self, role, token):
        peer = Peer(self.wall, "script-" + role)
        self.addCleanup(peer.close)
        reply = peer.ask("hello", protocol=1, name=peer.name, cycle="c", token=token)
        self.assertTrue(reply["ok"], reply)
        return peer

    def reply_of(self, peer, id_):
        def look():
            peer.take_in(1)
            return peer.replies.pop(id_, None)
        return self.until(self.compositor, look)

    def send(self, role, type_, subject, data):
        peer, more = self.askers[role], {"rule": "drill"} if role == "rule" else {}
        return self.reply_of(peer, peer.start("command", event=event(type_, subject, data), **more))

    def stopped(self, reply, role):
        """The gate did it, not whoever would have done what was asked."""
        who = "rule:drill (rule)" if role == "rule" else f"{role} ({role})"
        return reply["ok"] is False and reply["code"] == "refused" and reply["text"].startswith(who + " may ")

    def prepare(self, key, where):
        """On air is "one" again, nothing is prepared or held, and an undo would bring back what lies there."""
        if key.startswith("beaconwall.wall."):
            self.command(TAKE, layout="one", space="live")
        if key in (UNDO, UNDO + " space"):
            self.assertTrue(self.command(TAKE, layout="one" if "space" in key else where, space="drill" if "space" in key else "live")["ok"])
            self.assertTrue(self.command(TAKE, layout="one", space="live")["ok"])
        if key == START:
            self.command(END, name="other")
        if PREVIEW in key:
            self.command(PREVIEW, layout=None)
        if key in (HOLD, RELEASE):
            self.command(RELEASE, zone=CASES[key][where][1]["zone"])

    def known(self, kind):
        return {name_of(entry): entry for entry in self.ctl.ask("commands")[kind]}

    def test_every_command_by_every_role_inside_and_outside_of_its_limits(self):
        known = self.known("commands")
        self.assertEqual(set(known), set(COMMANDS), "a command without a row in this table, or a row without a command")
        for key, entry in known.items():
            self.assertNotEqual(entry["action"], "", f"{key} has no rule in core/access/rules.cpp")
            # Whatever brings a space onto the wall changes all of it: nobody's limits hold it.
            self.assertEqual(set(CASES[key]), {"place"} if key.endswith(" space") else PLACES[entry["touches"]], key)
        for key, letters in COMMANDS.items():
            type_ = key.split()[0]
            for where, (subject, data) in CASES[key].items():
                self.prepare(key, where)
                for role, letter in zip(ASKERS, letters, strict=True):
                    if letter == " ":
                        continue
                    reply = self.send(role, type_, subject, data)
                    passed = not self.stopped(reply, role)
                    self.assertEqual(passed, may(letter, where), (key, role, where, reply))
                    self.noted.append((role, type_, known[key]["action"], "" if passed else reply["text"]))
                    if not passed and letter != "-":
                        self.assertRegex(reply["text"], r"may [a-z_]+ (in side|with sources of river|in side with sources of river) alone; "
                                         r"(this changes left|camera/T-2 is not among them)$")
                    if passed:
                        self.prepare(key, where)
        self.assertEqual(self.audited(), self.noted)

    def audited(self):
        """Who asked for which command, and what came of it, once all of it is on the disk."""
        def lines():
            found, after, more = [], 0, True
            while more:
                page = self.ctl.ask("audit", after=after, limit=500)
                found, after, more = found + page["lines"], page["next"], page["more"]
            found = [l for l in found if l["who"].startswith(("operator:", "rule:")) and not l["what"].startswith(("verb:", "operator:"))]
            return found if len(found) >= len(self.noted) else None
        found = until("the audit to be written", lines)
        for line in found:
            role = line["who"].removeprefix("operator:").replace("rule:drill", "rule")
            self.assertRegex(line["from"], "^rules$" if role == "rule" else f"^script-{role} token [0-9a-f]{{8}}$")
            self.assertEqual(line["outcome"], "refused" if line["why"] else "passed")
            self.assertRegex(line["time"], r"^20\d\d-")
        return [(l["who"].removeprefix("operator:").replace("rule:drill", "rule"), l["what"], l["action"], l["why"]) for l in found]

    def test_every_verb_by_every_role(self):
        known = self.known("verbs")
        self.assertEqual(set(known), set(VERBS), "a verb without a row in this table, or a row without a verb")
        for key, letters in VERBS.items():
            for role, letter in zip(ASKERS, letters):
                peer = self.askers[role]
                reply = self.reply_of(peer, peer.start(key.split()[0], **BODIES.get(key, {})))
                self.assertEqual(not self.stopped(reply, role), may(letter, "inside"), (key, role, reply))

    def test_a_manifest_that_is_new_brings_its_commands_along(self):
        self.assertEqual(self.known("commands")["drill.pump.v1"]["action"], "plugin.drill.command")
        self.assertEqual(self.known("commands")["drill.pump.v1"]["touches"], "nothing")

    def test_a_command_that_nobody_knows_is_nobodys(self):
        """Of ours without a rule: for nobody at all, the machine's user among them."""
        for role in ("administrator", "viewer"):
            self.assertFalse(self.send(role, "beaconwall.wall.explode.v1", "wall", {})["ok"])
        reply = self.command("beaconwall.wall.explode.v1")
        self.assertEqual((reply["code"], reply["text"]), ("refused", "there is no rule that says who may do this"))
        self.assertIn("viewer (viewer) may not plugin.-.command", self.send("viewer", "nobody.knows.v1", "x", {})["text"])


if __name__ == "__main__":
    unittest.main()
