#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""bw::sdk::DurableFeed between a real hub and a service that may be killed (feed_service.cpp): in order, at least once, bounded."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "plugins"))
from bridge_wall import BUILD, BridgeCase, event, until  # noqa: E402

ORDER = "x.order.v1"


class FeedTest(BridgeCase):
    plugin, program = "http_bridge", BUILD / "tests/feed_service"  # whose manifest; x. is free for all

    def setUp(self):
        super().setUp()
        self.sender, self.fences = self.peer("sender"), 0
        self.state_folder = self.wall.root / "service-state"
        self.file = self.state_folder / "orders.position"

    # -- the service
    def begin(self, window=8, type_=ORDER, subject=""):
        """Started, greeted, and it has asked for what there is; what it tells is in self.handed from now on."""
        self.text, self.handed, self.answers = b"", [], {}
        self.start_service(type_, subject, str(window), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        os.set_blocking(self.service.stdout.fileno(), False)
        return self.fence()

    def take_in(self):
        self.text += self.service.stdout.read() or b""
        *lines, self.text = self.text.split(b"\n")
        for line in map(json.loads, lines):
            if "fence" in line:
                self.answers[line["fence"]] = line
            else:
                self.handed.append(line)

    def wait(self, what, condition):
        def look():
            self.take_in()
            return condition()
        return until(what, look)

    def say(self, *lines):
        self.service.stdin.write("".join(line + "\n" for line in lines).encode())
        self.service.stdin.flush()

    def fence(self):
        """{position, waiting}, after everything that the feed asked of the hub before was answered."""
        self.fences += 1
        self.say("fence %d" % self.fences)
        return self.wait("the fence", lambda: self.answers.get(str(self.fences)))

    def done(self, *indices):
        self.say(*("done %d" % i for i in indices))

    def values(self):
        return [line["data"]["value"] for line in self.handed]

    def wait_values(self, *expected):
        self.wait("the events %s, have %s" % (expected, self.values()), lambda: len(self.handed) >= len(expected))
        self.fence()  # and no more
        self.assertEqual(self.values(), list(expected))

    def remembered(self):
        return int(self.file.read_text()) if self.file.exists() else None

    def wait_remembered(self, sequence):
        until("position %s in the file" % sequence, lambda: self.remembered() == sequence)

    # -- those who send
    def publish(self, *values, type_=ORDER, subject="a"):
        """Durable, one after the other; their sequences."""
        return [self.publish_one(type_, subject, value) for value in values]

    def publish_one(self, type_, subject, value):
        reply = self.sender.ask("publish", lane="durable", event=event(type_, subject, {"value": value}))
        self.assertTrue(reply["ok"], reply)
        return reply["sequence"]

    def greet_again(self):
        self.sender.close()
        self.sender = self.peer("sender")

    # -- what holds
    def test_the_first_one_begins_with_what_happens_from_now_on(self):
        newest, = self.publish("before")
        self.begin()
        self.wait_remembered(newest)
        self.publish(1, 2)
        self.wait_values(1, 2)

    def test_where_it_began_is_remembered_before_anything_is_done(self):
        """Also at 0, in a journal that has nothing yet."""
        self.wait_remembered(self.begin()["position"])
        self.publish(1)
        self.wait_values(1)
        self.kill_service()
        self.publish(2)
        self.begin()
        self.wait_values(1, 2)

    def test_order_is_kept_and_what_does_not_fit_is_left_out(self):
        self.begin(subject="gauge/")
        for i in range(40):
            self.publish(i, subject="gauge/%d" % (i % 3))
            self.publish(-1, subject="other")
            self.publish(-2, type_="x.other.v1", subject="gauge/1")
            if i >= 8:
                self.wait("the next of them", lambda i=i: len(self.handed) >= i - 7)
                self.done(i - 8)
        self.wait_values(*range(40))
        sequences = [line["sequence"] for line in self.handed]
        self.assertEqual(sequences, sorted(sequences))

    def test_no_more_than_the_window_is_in_hand_and_the_rest_waits_in_the_journal(self):
        self.begin(window=4)
        self.publish(*range(12))
        self.wait_values(0, 1, 2, 3)
        self.assertEqual(self.fence()["waiting"], 4)
        self.done(0, 1)
        self.wait_values(*range(6))
        self.done(*range(2, 6))
        self.wait_values(*range(10))
        self.done(*range(6, 10))
        self.wait_values(*range(12))
        self.assertEqual(self.fence()["waiting"], 2)

    def test_it_is_as_far_as_the_first_that_is_not_done(self):
        begun = self.begin()["position"]
        first, second, third = self.publish(1, 2, 3)
        self.wait_values(1, 2, 3)
        self.done(1, 2)
        self.assertEqual(self.fence()["position"], max(begun, first - 1))
        self.done(0)
        self.assertEqual(self.fence()["position"], third)
        self.wait_remembered(third)

    def test_done_twice_is_done_once(self):
        self.begin(window=2)
        self.publish(1, 2, 3)
        self.wait_values(1, 2)
        self.done(0, 0, 0)
        self.wait_values(1, 2, 3)
        self.assertEqual(self.fence()["waiting"], 2)

    def test_a_killed_service_is_handed_again_what_was_not_done_and_no_less(self):
        self.begin(window=4)
        sequences = self.publish(*range(6))
        self.wait_values(0, 1, 2, 3)
        self.done(0, 2)
        self.wait_remembered(sequences[0])
        self.kill_service()
        self.publish(6)
        self.begin(window=8)
        self.wait_values(1, 2, 3, 4, 5, 6)

    def test_one_that_is_ended_remembers_the_last_that_was_done(self):
        self.begin()
        last = self.publish(1, 2)[-1]
        self.wait_values(1, 2)
        self.done(0, 1)
        self.fence()
        self.assertEqual(self.stop_service(), 0)
        self.assertEqual(self.remembered(), last)
        self.publish(3)
        self.begin()
        self.wait_values(3)

    def test_over_the_hubs_death_nothing_is_lost_and_nothing_comes_twice(self):
        self.begin(window=4)
        self.publish(*range(6))
        self.wait_values(0, 1, 2, 3)
        for death in range(3):
            self.restart_hub()
            self.greet_again()
            self.publish(6 + death)
            self.done(death)
            self.wait("the next one", lambda: len(self.handed) == 5 + death)
        self.done(*range(3, 7))
        self.wait_values(*range(9))

    def test_a_new_journal_is_all_news(self):
        self.begin()
        self.publish(*range(8))
        self.wait_values(*range(8))
        self.done(*range(8))
        self.wait("all done", lambda: self.fence()["waiting"] == 0)
        self.wall.kill()
        shutil.rmtree(self.wall.state)
        self.wall.start()
        self.greet_again()
        self.publish("new")
        self.plug()
        self.wait_values(*range(8), "new")

    def test_where_nothing_can_be_remembered_it_goes_on_and_remembers_later(self):
        self.begin()
        blocked = self.state_folder / "orders.position.new"
        blocked.mkdir()
        last, = self.publish(1)
        self.wait_values(1)
        self.done(0)
        until("the fault in the log", lambda: "how far it is cannot be remembered" in self.wall.log())
        self.assertNotEqual(self.remembered(), last)
        last, = self.publish(2)
        self.wait_values(1, 2)
        self.done(1)
        blocked.rmdir()
        self.wait_remembered(last)

    def test_a_damaged_file_is_told_and_loses_nothing(self):
        self.state_folder.mkdir()
        for damage in ("", "far\n", "-3\n", "99999999999999999999999\n", "12 13\n"):
            (last,), told = self.publish(damage), len(self.wall.log())
            self.file.write_text(damage)
            self.begin(window=100)
            self.wait("the event before %r" % damage, lambda: damage in self.values())
            self.assertIn("orders.position has no sequence", self.wall.log()[told:])
            self.done(*range(len(self.handed)))
            self.wait("all done", lambda: self.fence()["waiting"] == 0)
            self.assertEqual(self.stop_service(), 0)
            self.assertEqual(self.remembered(), last)


if __name__ == "__main__":
    unittest.main()
