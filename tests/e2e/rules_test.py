# SPDX-License-Identifier: Apache-2.0
"""Rules on a whole wall: the supervisor starts them and brings them back, an alarm switches the wall, a storm is bounded and lost nowhere,
and `ctl rules test` knows what happened."""
import json
import os
import threading
import unittest

import wall
from hold_test import CAMERAS, DISPLAY, layout

WALL = """
title = { zh = "规则", en = "Rules" }
first_layout = "one"
viewing_distance_mm = 3000
""" + DISPLAY.format(name="left", x=0) + DISPLAY.format(name="right", x=610)
RULES = """
[limits]
takes = 3
after_person = "0s"
[[rule]]
name = "river"
[rule.when]
type = "x.alarm.v1"
subject = "gauge/"
level = "orange"
[rule.then]
take = "two"
dwell = "0s"
attention = { title = { zh = "水", en = "Water" } }
[[rule]]
name = "storm"
priority = 80
[rule.when]
type = "x.alarm.v1"
subject = "storm/"
level = "orange"
lasts = "5s"
[rule.then]
take = "three"
dwell = "0s"
attention = { title = { zh = "暴雨", en = "Storm" } }
"""
FILES = {"wall.toml": WALL, "cameras.toml": CAMERAS, "rules.toml": RULES, "layouts/one.toml": layout("grey", "grey"),
         "layouts/two.toml": layout("bars", "bars"), "layouts/three.toml": layout("grey", "bars")}


class WholeWall(unittest.TestCase):
    files = FILES

    def setUp(self):
        self.site = self.enter(wall.site(self.files))
        self.wall = self.enter(wall.Wall(self.site))
        self.wall.wait(wall.live, 30, "every pane live")

    def enter(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def listening(self, times):
        wall.until(lambda: self.wall.log().count("rules listen to") >= times, 20, "the rules listen")

    def say(self, level, subject="gauge/1"):
        self.wall.ctl("publish", "x.alarm.v1", "--subject", subject, "--data", json.dumps({"level": level}), "--durable")

    def on_air(self, layout_name):
        self.wall.wait(lambda s: s["layout"]["on_air"] == layout_name and wall.live(s), 20, f"{layout_name} is on air and live")

    def taken(self):
        """[(layout, by whom)] of every take but the hub's own first."""
        events = json.loads(self.wall.ctl("events", "--type", "beaconwall.wall.taken.v1", "--since", "0", "--json"))["events"]
        return [(e["data"]["layout"], e["data"]["by"]) for e in events if e["data"]["by"] != "hub"]

    def items(self):
        return json.loads(self.wall.ctl("record", "list", "beaconwall.wall.attention.v1", "--json"))["events"]


class FirstRules(WholeWall):
    files = {name: text for name, text in FILES.items() if name != "rules.toml"}

    def test_the_first_rules_of_a_site_count_at_once_and_over_every_death(self):
        self.assertFalse([r for r in self.wall.status()["roles"] if r["role"] == "rules"])
        with open(os.path.join(self.site, "rules.toml"), "w", encoding="utf-8") as file:
            file.write(RULES)
        self.listening(1)
        self.wall.kill("rules")
        self.listening(2)
        self.wall.kill("hub")
        self.wall.wait(lambda s: wall.live(s) and all(r["state"] == "running" for r in s["roles"]), 20, "all is well again")
        self.assertEqual(len([r for r in self.wall.status()["roles"] if r["role"] == "rules"]), 1)
        self.say(3)
        self.on_air("two")


class Rules(WholeWall):
    def setUp(self):
        super().setUp()
        self.listening(1)

    def test_an_alarm_switches_the_wall_over_every_death(self):
        self.say(3)
        self.on_air("two")
        self.wall.kill("rules")
        self.listening(2)
        self.wall.kill("hub")
        wall.until(lambda: self.wall.log().count("hub there") >= 3, 20, "the rules have joined the new hub")
        self.wall.wait(lambda s: wall.live(s) and all(r["state"] == "running" for r in s["roles"]), 20, "all is well again")
        self.assertEqual(self.wall.status()["layout"]["on_air"], "two")
        self.say(1)
        self.on_air("one")
        # What was taken is told when the disk has it, which may be after it is on air.
        by_rules = wall.until(lambda: (lambda taken: len(taken) > 1 and taken)(self.taken()), 20, "both takes are kept")
        self.assertEqual(by_rules, [("two", "rule:river"), ("one", "rule:river")])
        self.assertRegex(self.wall.ctl("attention"), r"(?m)^over +1 .* river/gauge/1 +水  Water$")
        self.wall.ctl("acknowledge", "river/gauge/1")
        wall.until(lambda: not self.items(), 10, "the item is gone")

    def test_a_storm_of_alarms_is_bounded_and_lost_nowhere(self):
        def publish(part):
            for i in range(part, 500, 4):
                self.say(4, f"storm/{i}")
        threads = [threading.Thread(target=publish, args=(part,)) for part in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall.until(lambda: len(self.items()) == 500, 30, "an item for each alarm")
        self.on_air("one")
        takes = self.wall.log().count("rule storm: takes three")
        self.assertTrue(1 <= takes <= 3, takes)
        said = json.loads(self.wall.ctl("rules", "test", "--since", "1h", "--json"))
        self.assertEqual((said["events"], said["attention"]), (500, 500))
        self.assertTrue(1 <= said["takes"] <= 3, said)


if __name__ == "__main__":
    unittest.main()
