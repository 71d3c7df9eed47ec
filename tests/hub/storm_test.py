# SPDX-License-Identifier: Apache-2.0
"""Many takes in quick succession from two clients, each for the take it believes to be on air."""
import unittest

from played import TAKE, UNDO, SceneCase
from wall_of_one import event

ROUNDS = 150


class StormTest(SceneCase):
    def setUp(self):
        super().setUp()
        self.hang_two_displays()

    def storm(self):
        """Each client sends its next take at once when it has the answer to its last. Gives (client, if_take, layout, reply)."""
        clients = [self.peer("ctl-a"), self.peer("ctl-b")]
        asked, answered, believed = {}, [], {c.name: 1 for c in clients}
        def send(client):
            n = len(asked)
            layout = ("two", "three", "one")[n % 3]
            asked[client.start("command", event=event(TAKE, "wall", {"layout": layout, "if_take": believed[client.name]}))] = (client, believed[client.name], layout)
        def look():
            for client in clients:
                client.take_in(0)
                for id_ in list(client.replies):
                    reply = client.replies.pop(id_)
                    _, if_take, layout = asked[id_]
                    answered.append((client.name, if_take, layout, reply))
                    # A refused client looks what is on air, as a duty officer would.
                    believed[client.name] = reply["take"] if reply["ok"] else self.compositor.shown["take"]
                    if len(asked) < 2 * ROUNDS:
                        send(client)
            return len(answered) == 2 * ROUNDS
        for client in clients:
            send(client)
        self.until(self.compositor, look)
        return answered

    def test_exactly_the_right_takes_are_executed_in_order_without_gaps(self):
        self.begin()
        answered = self.storm()
        lives = [e["data"] for e in self.compositor.of("beaconwall.wall.live.v1")]
        shown = {live["take"]: live["layout"] for live in lives}
        executed = {reply["take"]: (if_take, layout) for _, if_take, layout, reply in answered if reply["ok"]}
        self.assertEqual(len(executed), sum(reply["ok"] for *_, reply in answered), "a number was given twice")
        self.assertGreater(len(executed), ROUNDS // 2)
        # Each took what it believed in to the next number, and that layout was shown under it.
        for take, (if_take, layout) in executed.items():
            self.assertEqual((if_take, shown[take]), (take - 1, layout))
        self.assertEqual(sorted(executed), list(range(2, 2 + len(executed))))
        self.assertEqual([live["take"] for live in lives], list(range(1, 2 + len(executed))))
        for _, if_take, _, reply in answered:
            if not reply["ok"]:  # somebody else was first
                self.assertIn(reply["code"], ("conflict", "refused"))
                self.assertIn(if_take + 1, shown)
        self.assertEqual(self.status()["layout"]["take"], 1 + len(executed))

    def test_of_a_burst_only_the_newest_is_shown_and_the_others_are_told(self):
        self.begin()
        bursts = 6
        for burst in range(bursts):
            layouts = [("two", "three", "one")[(burst + i) % 3] for i in range(5)]
            ids = [self.ctl.start("command", event=event(TAKE, "wall", {"layout": layout})) for layout in layouts]
            # The hub has read the whole burst when this is answered; the compositor says ready only from then on.
            self.assertTrue(self.ctl.ask("layouts")["ok"])
            def answered(ids=ids):
                self.ctl.take_in(5)
                return all(id_ in self.ctl.replies for id_ in ids)
            self.until(self.compositor, answered)
            replies = [self.ctl.replies.pop(id_) for id_ in ids]
            self.assertEqual([reply["ok"] for reply in replies], [False] * 4 + [True], replies)
            for reply in replies[:-1]:
                self.assertEqual(reply["code"], "refused")
                self.assertIn("newer", reply["text"])
            self.assertEqual(self.on_air(), (burst + 2, layouts[-1]))
        self.assertEqual(len(self.compositor.of("beaconwall.wall.live.v1")), 1 + bursts)
        for _ in range(bursts):  # undo knows nothing of what was never shown
            self.assertTrue(self.command(UNDO)["ok"])
        self.assertEqual(self.command(UNDO)["code"], "refused")


if __name__ == "__main__":
    unittest.main()
