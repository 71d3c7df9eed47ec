# SPDX-License-Identifier: Apache-2.0
"""Several media processes: one that dies takes only its share, one that grows too big is replaced while it plays on."""
import os
import re
import signal
import unittest

import wall

CAMERAS = ["T-001", "T-002", "T-004", "T-005"]   # core/surface/spread.h gives two to each process


def site(memory_mib):
    camera = '[[camera]]\nid = "{0}"\nname = {{ zh = "试验 {0}", en = "Trial {0}" }}\nmain = "test://ball"\n'
    return wall.site({
        "wall.toml": wall.display(more=f"[media]\nprocesses = 2\nmemory_mib = {memory_mib}\n"),
        "layouts/one.toml": wall.layout("screen", {each.lower(): f"camera/{each}" for each in CAMERAS}),
        "cameras.toml": "".join(camera.format(each) for each in CAMERAS)})


def updates(status):
    return {pane["shows"]: pane["updates"] for pane in status["panes"]}


def shares(status):
    """{process: its sources}"""
    found = {}
    for source in status["sources"]:
        found.setdefault(source["process"], set()).add(source["id"])
    return found


def pids(status):
    return {f"media/{row['name']}": row["pid"] for row in status["roles"] if row["role"] == "media"}


class Media(unittest.TestCase):
    def test_a_dead_one_takes_only_its_share(self):
        with site(1024) as folder, wall.Wall(folder) as w:
            status = w.wait(lambda s: wall.live(s) and len(shares(s)) == 2 and len(s["panes"]) == 4, 20, "two processes play")
            self.assertEqual({len(each) for each in shares(status).values()}, {2})
            for process, mine in shares(status).items():
                # Held first, so that no picture of the old process passes for one of the new.
                os.kill(pids(status)[process], signal.SIGSTOP)
                held = w.wait(lambda s: len(s["panes"]) == 4, 20, "the panes")
                os.kill(pids(status)[process], signal.SIGKILL)
                while True:
                    now = w.wait(lambda s: len(s["panes"]) == 4, 20, "the panes")
                    hurt = {pane["shows"] for pane in now["panes"] if pane["freshness"] != "live"}
                    self.assertLessEqual(hurt, mine, f"{process} was killed")
                    if wall.live(now) and all(updates(now)[each] > updates(held)[each] for each in mine):
                        break
                self.assertNotEqual(pids(now)[process], pids(status)[process])
                for other in pids(now).keys() - {process}:
                    self.assertEqual(pids(now)[other], pids(status)[other])
                self.assertTrue(all(updates(now)[each] > updates(held)[each] for each in updates(now)), "the others went on")
                status = now

    def test_one_that_outgrows_its_memory_is_replaced_without_a_gap(self):
        # Less than media take with nothing to do: each of them is replaced, once.
        with site(4) as folder, wall.Wall(folder) as w:
            status = w.wait(lambda s: wall.live(s) and len(s["panes"]) == 4, 20, "all live")
            seen = [updates(status)]

            def replaced(now):
                self.assertTrue(wall.live(now), "no pane is late while its process is replaced")
                seen.append(updates(now))
                rows = {f"media/{row['name']}": row for row in now["roles"] if row["role"] == "media"}
                return (all(row["restarts"] == 1 and row["state"] == "running" for row in rows.values()) and
                        w.log().count("has handed over") == 2)
            after = w.wait(replaced, 20, "both are replaced")
            # By the log: on a busy machine a first status may already tell of their successors.
            grown = [(process, int(pid)) for process, pid in re.findall(r"(media/\d) \(pid (\d+)\) has grown", w.log())]
            self.assertEqual(sorted(process for process, _ in grown), sorted(pids(status)), "each once")
            for process, pid in grown:
                self.assertNotEqual(pids(after)[process], pid)
                self.assertFalse(wall.alive(pid), "the old one has ended")
            for before, now in zip(seen, seen[1:]):
                self.assertTrue(all(now[each] >= before[each] for each in now), "counters only grow")
            last = updates(after)
            w.wait(lambda s: all(updates(s)[each] > last[each] + 20 for each in last), 20, "the new ones play")
            self.assertEqual(shares(after), shares(status))


if __name__ == "__main__":
    unittest.main()
