# SPDX-License-Identifier: Apache-2.0
"""Takes that come faster than they can be prepared: each is answered, the last of a burst wins, both displays change in one frame."""
import unittest

import client
import wall

TAKEN = "beaconwall.compositor.taken.v1"
BURSTS, BURST, LAYOUTS = 8, 3, 5
PANELS = ["flood_gauges/board", "supplies/stores", "dispatch/teams", "fire_watch/danger"]


def site_files():
    left = wall.display("left", first_layout="l0")
    right = wall.display("right")
    files = {"wall.toml": left + right[right.index("[[display]]"):].replace("x_mm = 0", "x_mm = 1220"),
             "cameras.toml": "".join(f'[[camera]]\nid = "T-{i}"\nname = {{ zh = "试验", en = "Trial" }}\nmain = "test://ball"\n' for i in range(3))}
    for k in range(LAYOUTS):
        shown = [f"camera/T-{k % 3}", PANELS[k % 4], f"camera/T-{(k + 1) % 3}", PANELS[(k + 1) % 4]]
        grids = [wall.layout(name, {f"{name}-{i}": shows for i, shows in enumerate(part)}) for name, part in (("left", shown[:2]), ("right", shown[2:]))]
        files[f"layouts/l{k}.toml"] = grids[0] + grids[1][grids[1].index("[[grid]]"):]
    return files


def pids(status):
    return {(row["role"], row["name"]): row["pid"] for row in status["roles"]}


class Storm(unittest.TestCase):
    def setUp(self):
        self.wall = self.enterContext(wall.Wall(self.enterContext(wall.site(site_files()))))
        self.before = self.wall.wait(wall.live, 30, "every pane live")
        self.hub = client.Hub(self.wall.run_dir, [TAKEN + "/"])
        self.addCleanup(self.hub.close)
        self.hub.until(lambda s: True, 20, "the hub answers")

    def blow(self):
        takes = client.Takes(self.hub)
        for _ in range(BURSTS):
            for _ in range(BURST):
                takes.send(f"l{(len(takes.sent) + 1) % LAYOUTS}")
            wall.until(takes.all_answered, 20, "every take of the burst is answered")
        return sorted(takes.replies, key=lambda row: row[0])

    def test_each_is_answered_and_the_last_of_a_burst_is_on_air(self):
        replies = self.blow()
        done = [(number, layout, reply["take"]) for number, layout, reply in replies if reply["ok"]]
        self.assertLessEqual(set(range(BURST - 1, BURSTS * BURST, BURST)), {number for number, _, _ in done}, "the last of each burst is taken")
        # Two of three are superseded; one of them may be ready before the next one comes, where a machine stands still.
        self.assertLessEqual(len(done), BURSTS * (BURST - 1), "the newest of a burst supersedes those that wait")
        print(f"{len(done)} of {len(replies)} taken, the others superseded")
        first = done[0][2]
        self.assertEqual([take for _, _, take in done], list(range(first, first + len(done))), "numbered in the order they were sent")
        for number, layout, reply in replies:
            if not reply["ok"]:
                self.assertEqual(reply["code"], "refused", (number, layout, reply))
                self.assertIn("newer", reply["text"])
        after = self.wall.wait(wall.live, 30, "every pane live after the storm")
        self.assertEqual((after["layout"]["on_air"], after["layout"]["take"]), (done[-1][1], done[-1][2]))
        self.assertEqual(pids(after), pids(self.before), "every process lived")
        told = [event["data"] for event in self.hub.events if event["type"] == TAKEN]
        self.assertEqual([taken["take"] for taken in told][-1], done[-1][2])
        self.assertLessEqual({taken["take"] for taken in told}, {take for _, _, take in done}, "nothing is shown that was not taken")
        for taken in told:
            self.assertEqual({display["name"] for display in taken["displays"]}, {"left", "right"})
            self.assertEqual({display["frame_id"] for display in taken["displays"]}, {taken["frame_id"]})
        frames = [taken["frame_id"] for taken in told]
        self.assertEqual(frames, sorted(set(frames)), "one frame after the other")


if __name__ == "__main__":
    unittest.main()
