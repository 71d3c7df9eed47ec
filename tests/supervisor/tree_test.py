# SPDX-License-Identifier: Apache-2.0
"""The real supervisor with fake roles: start order, links, restarts, quarantine, missed beats, the end, and what a kill leaves."""
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

BUILD = os.environ["BEACONWALL_BUILD"]
sys.path.insert(0, os.path.join(os.environ["BEACONWALL_SOURCE"], "tests", "e2e"))
import wall  # noqa: E402  (alive, until)

ROLES = ("hub", "compositor", "media", "panel", "console", "glyphs")
START, LINK, UNLINK, PLUG, UNPLUG, ROLE, STOP = range(1, 8)
RETIRE = 9
STARTING, RUNNING, BACKOFF, QUARANTINED = range(1, 5)
FIELDS = re.compile(r"^(\d+) (\d+) name=(.*) text=(.*) incarnation=(\d+) value=(-?\d+),(-?\d+),(-?\d+) inodes=(.*)$")


class Line:
    """A control message as a fake role noted it."""

    def __init__(self, match):
        pid, kind, self.name, self.text, incarnation, a, b, c, inodes = match.groups()
        self.pid, self.kind, self.incarnation = int(pid), int(kind), int(incarnation)
        self.value = (int(a), int(b), int(c))
        self.inodes = [int(i) for i in inodes.split(",") if i]


class Tree:
    """A prefix with the real supervisor and fake roles, a scratch folder for orders, and one running tree."""

    def __init__(self, **plan):
        self.top = tempfile.mkdtemp(prefix="bw-tree-")
        libexec = os.path.join(self.top, "prefix", "libexec")
        os.makedirs(libexec)
        shutil.copy(os.path.join(BUILD, "libexec", "beaconwall-supervisor"), libexec)
        fake = os.path.join(BUILD, "tests", "fake_role")
        for role in ROLES:
            shutil.copy(fake, os.path.join(libexec, "beaconwall-" + role))
        service = os.path.join(self.top, "supplies-service")
        shutil.copy(fake, service)
        self.program = os.path.join(libexec, "beaconwall-supervisor")
        self.folder = os.path.join(self.top, "fake")
        os.makedirs(self.folder)
        self.run_dir = os.path.join(self.top, "run")
        self.plan = {"site": "test", "folder": "/sites/test", "language": "zh", "glyph_scale": 1.5, "console_port": 9, "media": 1,
                     "restart_budget": 2, "restart_window_s": 60,
                     "plugins": [{"name": "supplies", "library": "/x/supplies.so", "service": service, "files": [self.top]}], **plan}
        self.process, self.out = None, None

    def start(self, run_dir=None):
        with open(os.path.join(self.top, "plan.json"), "w+", encoding="utf-8") as plan:
            json.dump(self.plan, plan)
        plan = os.open(os.path.join(self.top, "plan.json"), os.O_RDONLY)
        if self.out:
            self.out.close()
        self.out = open(os.path.join(self.top, "out"), "w+", encoding="utf-8")
        with open(self.top + "/log", "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "--plan-fd", str(plan), "--run-dir", run_dir or self.run_dir, "--state-dir",
                 os.path.join(self.top, "state"), "--headless"], stdout=self.out, stderr=log,
                stdin=subprocess.DEVNULL, pass_fds=[plan], env={**os.environ, "FAKE_DIR": self.folder})
        os.close(plan)
        return self

    def output(self):
        with open(os.path.join(self.top, "out"), encoding="utf-8") as out:
            return out.read()

    def log(self):
        with open(self.top + "/log", encoding="utf-8", errors="replace") as log:
            return log.read()

    def __enter__(self):
        try:
            self.begin()
        except BaseException:  # nobody else would end it
            self.__exit__(*sys.exc_info())
            raise
        return self

    def begin(self):
        self.start()
        wall.until(lambda: "ready\n" in self.output() or self.process.poll() is not None, 30, "ready")
        wall.until(lambda: all(map(self.started, ("hub", "compositor", "media", "panel", "console", "service supplies"))) and
                   "console " in self.output() or self.process.poll() is not None, 30, "everything started")

    def __exit__(self, kind, *_):
        pids = {int(line.split()[0]) for role in os.listdir(self.folder) if role.endswith(".log") for line in self.raw(role[:-4])}
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        for pid in pids:
            if wall.alive(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if kind:
            print(self.log(), file=sys.stderr)
        self.out.close()
        shutil.rmtree(self.top)

    # -- what fake roles noted
    def raw(self, role):
        with contextlib.suppress(FileNotFoundError):
            with open(os.path.join(self.folder, role + ".log"), encoding="utf-8") as log:
                return log.read().splitlines()
        return []

    def lines(self, role, kind=None, pid=None):
        found = [Line(m) for m in map(FIELDS.match, self.raw(role)) if m]
        return [line for line in found if kind in (None, line.kind) and pid in (None, line.pid)]

    def started(self, role):
        """Pids of the role's incarnations in order."""
        if role.startswith("service "):
            return [int(line.split()[0]) for line in self.raw(role.split()[1] + "-service") if " service " in line]
        return [line.pid for line in self.lines(role, START)]

    def pid(self, role):
        return self.started(role)[-1]

    def order(self, text, content=""):
        path = os.path.join(self.folder, text)
        with open(path + ".new", "w", encoding="utf-8") as out:
            out.write(content)
        os.rename(path + ".new", path)

    def withdraw(self, text):
        os.unlink(os.path.join(self.folder, text))

    def kill(self, role, number=signal.SIGKILL):
        """Kills the newest incarnation and waits for the next; gives both pids."""
        old = self.pid(role)
        os.kill(old, number)
        wall.until(lambda: self.pid(role) != old, 30, f"{role} comes back")
        return old, self.pid(role)

    def spare(self):
        """The panel process that waits for work; None: none does."""
        with open(os.path.join(self.run_dir, "processes"), encoding="utf-8") as noted:
            return next((int(line.split()[0]) for line in noted if line.endswith(" panel/spare\n")), None)

    def state(self, row):
        rows = [line for line in self.lines("hub", ROLE, self.pid("hub")) if line.name == row]
        return rows[-1].value[1] if rows else None


class Starting(unittest.TestCase):
    def test_everyone_is_started_with_what_it_needs(self):
        with Tree() as tree:
            self.assertIn("console http://127.0.0.1:1/\n", tree.output())
            for role, fds in (("hub", 0), ("compositor", 2), ("media", 0), ("panel", 2), ("console", 0)):
                self.assertEqual(len(tree.lines(role, START)[0].inodes), fds, role)
            panel = tree.lines("panel", START)[0]
            self.assertEqual((panel.name, panel.text, panel.value[0]), ("supplies", "/x/supplies.so", 1))
            self.assertEqual(panel.inodes[0], tree.lines("compositor", START)[0].inodes[0], "one atlas for all")
            self.assertEqual(tree.lines("media", START)[0].name, "media:0")
            self.assertEqual(tree.lines("console", START)[0].value[0], 9)
            service = tree.raw("supplies-service")
            self.assertTrue(any("listening=1 fd=3 path=" + tree.run_dir in line for line in service), service)
            self.assertEqual(tree.raw("glyphs"), [f"{tree.raw('glyphs')[0].split()[0]} bake 1.5"])

    def test_the_compositor_alone_asks_for_large_pages_beside_what_the_environment_asks_for(self):
        def tunables(role):
            with open(f"/proc/{tree.pid(role)}/environ", encoding="utf-8") as environ:
                lines = environ.read().split("\0")
            # glibc ends each of them in place, where the colon was
            return [line.removeprefix("GLIBC_TUNABLES=") for line in lines if line.startswith(("GLIBC_TUNABLES=", "glibc."))]

        ours, theirs = "glibc.malloc.hugetlb=1", "glibc.malloc.arena_max=4"
        for given, wanted in (({}, []), ({"GLIBC_TUNABLES": theirs}, [theirs])):
            with unittest.mock.patch.dict(os.environ, given), Tree() as tree:
                self.assertEqual(tunables("compositor"), [*wanted, ours])
                self.assertEqual(tunables("media"), wanted)

    def test_links_join_both_ends_over_the_same_memory(self):
        with Tree() as tree:
            wall.until(lambda: len(tree.lines("compositor", LINK)) == 3, 20, "three links")
            at_compositor = {line.name: line for line in tree.lines("compositor", LINK)}
            for role, name, direction in (("panel", "panel:supplies", 1), ("media", "media:0", 1), ("console", "console", 2)):
                theirs = wall.until(lambda r=role: tree.lines(r, LINK), 20, "its link")[0]
                self.assertEqual(theirs.name, "compositor:main")
                self.assertEqual(theirs.inodes[1:], at_compositor[name].inodes[1:], "one arena, one page")
                self.assertEqual((at_compositor[name].value[0], theirs.value[0]), (direction, 3 - direction))
                self.assertEqual(theirs.incarnation, at_compositor[name].incarnation)

    def test_the_hub_hears_of_plugins_and_of_the_table(self):
        with Tree() as tree:
            wall.until(lambda: len(tree.lines("hub", PLUG)) == 2, 20, "both halves plugged")
            plugs = {line.name: line for line in tree.lines("hub", PLUG)}
            self.assertEqual(set(plugs), {"panel:supplies", "service:supplies"})
            wall.until(lambda: all(tree.state(row) == RUNNING for row in (
                "supervisor/main", "hub/main", "compositor/main", "media/0", "panel/supplies", "service/supplies", "console/main")),
                20, "all rows say running")

    def test_ready_is_said_after_ten_seconds_at_the_latest(self):
        tree = Tree()
        tree.order("unready-compositor")
        began = time.monotonic()
        with tree:
            self.assertIn("ready\n", tree.output())
            self.assertGreater(time.monotonic() - began, 9.5)

    def test_a_cached_atlas_is_used_again(self):
        with Tree() as tree:
            tree.process.terminate()
            self.assertEqual(tree.process.wait(30), 0)
            tree.start()
            wall.until(lambda: "ready\n" in tree.output(), 30, "ready again")
            self.assertEqual(len(tree.raw("glyphs")), 1)

    def test_a_state_folder_that_takes_no_atlas_keeps_no_wall_from_starting(self):
        tree = Tree()
        state = os.path.join(tree.top, "state")
        os.mkdir(state, mode=0o700)
        os.mkdir(os.path.join(state, "glyphs-1.5000.atlas.new"))  # in the baker's way
        with tree:
            self.assertIn("ready\n", tree.output())
            self.assertIn("trying again in " + tree.run_dir, tree.log())
            self.assertEqual(len(tree.raw("glyphs")), 2)
            self.assertEqual([name for name in os.listdir(tree.run_dir) if "atlas" in name], [], "it lives in memory")

    def test_without_an_atlas_it_says_so_and_starts_nothing(self):
        tree = Tree()
        tree.order("die-glyphs")
        try:
            tree.start()
            self.assertEqual(tree.process.wait(30), 1)
            self.assertIn("could not bake the glyph atlas (exit 1)", tree.log())
            self.assertEqual(tree.raw("hub"), [])
            self.assertEqual(os.listdir(tree.run_dir), [])
        finally:
            tree.__exit__(None)

    def test_a_second_tree_on_the_same_folder_is_refused(self):
        with Tree() as tree:
            second = Tree()
            try:
                second.start(run_dir=tree.run_dir)
                self.assertEqual(second.process.wait(30), 1)
                self.assertIn("another wall runs in " + tree.run_dir, second.log())
            finally:
                second.__exit__(None)
            self.assertIsNone(tree.process.poll())


class Healing(unittest.TestCase):
    def test_each_role_comes_back_and_the_others_keep_their_pids(self):
        with Tree(restart_budget=50) as tree:
            roles = ("hub", "compositor", "media", "panel", "console", "service supplies")
            for role in roles:
                before = {other: tree.pid(other) for other in roles if other != role}
                tree.kill(role)
                self.assertEqual({other: tree.pid(other) for other in before}, before)

    def test_a_panel_process_that_waits_takes_the_place_of_one_that_dies(self):
        with Tree(restart_budget=50) as tree:
            for _ in range(2):
                waiting = wall.until(tree.spare, 20, "a spare one")
                self.assertTrue(wall.alive(waiting))
                self.assertNotIn(waiting, tree.started("panel"), "it has no work yet")
                _, new = tree.kill("panel")
                self.assertEqual(new, waiting)
                wall.until(lambda w=waiting: tree.spare() not in (None, w), 20, "the next one waits")

    def test_a_spare_one_that_is_gone_holds_nobody_up(self):
        with Tree() as tree:
            waiting = wall.until(tree.spare, 20, "a spare one")
            os.kill(waiting, signal.SIGKILL)
            _, new = tree.kill("panel")
            self.assertNotEqual(new, waiting)
            wall.until(lambda: f"(pid {waiting}) ended by signal 9" in tree.log() or tree.spare() != waiting, 20, "it is not counted on")
            wall.until(lambda: tree.state("panel/supplies") == RUNNING, 20, "all is well")

    def test_the_spare_one_ends_with_the_wall_and_with_a_killed_supervisor(self):
        with Tree() as tree:
            waiting = wall.until(tree.spare, 20, "a spare one")
            tree.process.terminate()
            self.assertEqual(tree.process.wait(30), 0)
            self.assertFalse(wall.alive(waiting))
            tree.start()
            waiting = wall.until(lambda: os.path.exists(os.path.join(tree.run_dir, "processes")) and tree.spare(), 20, "a spare one")
            tree.process.kill()
            tree.process.wait(30)
            wall.until(lambda: not wall.alive(waiting), 20, "it ends with its supervisor")

    def test_without_panels_nobody_waits(self):
        tree = Tree(plugins=[])
        try:
            tree.start()
            wall.until(lambda: "ready\n" in tree.output() and tree.started("media"), 30, "ready")
            tree.kill("media")  # it has had turns enough since
            self.assertIsNone(tree.spare())
        finally:
            tree.__exit__(None)

    def test_a_restarted_end_gets_new_links_and_its_partners_too(self):
        with Tree() as tree:
            wall.until(lambda: len(tree.lines("compositor", LINK)) == 3, 20, "three links")
            first = tree.lines("panel", LINK)[0]
            _, new = tree.kill("panel")
            wall.until(lambda: tree.lines("panel", LINK, new), 20, "its link")
            second = tree.lines("panel", LINK, new)[0]
            self.assertFalse(set(first.inodes) & set(second.inodes), "nothing is used twice")
            self.assertGreater(second.incarnation, first.incarnation)
            wall.until(lambda: len(tree.lines("compositor", LINK)) == 4, 20, "the compositor's end")
            self.assertEqual([line.name for line in tree.lines("compositor", UNLINK)], ["panel:supplies"])
            _, compositor = tree.kill("compositor")
            wall.until(lambda: len(tree.lines("compositor", LINK, compositor)) == 3, 20, "all links anew")
            told = wall.until(lambda: tree.lines("panel", UNLINK, new), 20, "the panel is told")
            self.assertEqual(told[-1].name, "compositor:main")
            wall.until(lambda: len(tree.lines("panel", LINK, new)) == 2, 20, "the panel's second link")

    def test_plugs_follow_incarnations_and_a_new_hub_hears_of_all(self):
        with Tree() as tree:
            wall.until(lambda: len(tree.lines("hub", PLUG)) == 2, 20, "plugs")
            old = next(line for line in tree.lines("hub", PLUG) if line.name == "panel:supplies")
            tree.kill("panel")
            wall.until(lambda: len(tree.lines("hub", PLUG)) == 3, 20, "plugged anew")
            gone, new = tree.lines("hub", UNPLUG)[0], tree.lines("hub", PLUG)[-1]
            self.assertEqual((gone.text, gone.incarnation), (old.text, old.incarnation))
            self.assertNotEqual(new.text, old.text)
            self.assertFalse(os.path.exists(old.text))
            self.assertTrue(os.path.exists(new.text))
            _, hub = tree.kill("hub")
            wall.until(lambda: len(tree.lines("hub", PLUG, hub)) == 2, 20, "plugs for the new hub")
            self.assertIn(new.text, [line.text for line in tree.lines("hub", PLUG, hub)])
            wall.until(lambda: tree.state("panel/supplies") == RUNNING, 20, "rows for the new hub")

    def test_grandchildren_of_a_service_go_with_it(self):
        with Tree() as tree:
            grandchild = wall.until(lambda: [int(line.split()[0]) for line in tree.raw("supplies-service")
                                             if line.endswith("grandchild")], 20, "a grandchild")[0]
            tree.kill("service supplies")
            wall.until(lambda: not wall.alive(grandchild), 20, "the grandchild is gone")

    def test_a_plugin_past_its_budget_stays_down_until_a_restart_is_asked(self):
        with Tree(restart_budget=2) as tree:
            for _ in range(2):
                tree.kill("panel")
            last = tree.pid("panel")
            os.kill(last, signal.SIGKILL)
            wall.until(lambda: tree.state("panel/supplies") == QUARANTINED, 20, "quarantine")
            self.assertIn("it stays down", tree.log())
            self.assertEqual(tree.state("service/supplies"), RUNNING)
            tree.order("restart", "panel/supplies")
            wall.until(lambda: tree.pid("panel") != last, 20, "restarted as asked")
            wall.until(lambda: tree.state("panel/supplies") == RUNNING, 20, "running again")

    def test_a_restart_of_a_running_plugin_takes_both_halves_and_no_budget(self):
        with Tree(restart_budget=1) as tree:
            for _ in range(4):
                panel, service = tree.pid("panel"), tree.pid("service supplies")
                tree.order("restart", "plugin/supplies")
                wall.until(lambda p=panel, s=service: tree.pid("panel") != p and tree.pid("service supplies") != s, 20, "both anew")

    def test_a_core_role_is_never_given_up(self):
        with Tree(restart_budget=1) as tree:
            for _ in range(6):
                tree.kill("media")

    def grown(self, **plan):
        tree = Tree(media_memory_mib=64, **plan)
        tree.order("grow", "100")
        return tree

    def test_media_that_outgrows_its_budget_plays_on_until_its_successor_has_taken_over(self):
        with self.grown() as tree:
            wall.until(lambda: len(tree.started("media")) == 2, 20, "a successor")
            old, new = tree.started("media")
            self.assertTrue(tree.lines("media", RETIRE, old))
            wall.until(lambda: tree.state("media/0") == RUNNING, 20, "it is ready")
            self.assertTrue(wall.alive(old), "the old one plays on")
            links = [line for line in tree.lines("compositor", LINK) if line.name == "media:0"]
            self.assertEqual(len({line.incarnation for line in links}), 2)
            tree.order("left")
            wall.until(lambda: not wall.alive(old), 20, "the old one may go")
            wall.until(lambda: "has handed over" in tree.log(), 20, "it is told")
            self.assertFalse([line for line in tree.lines("compositor", UNLINK) if line.name == "media:0"])
            self.assertEqual(tree.started("media"), [old, new])
            self.assertIn("more than its 64", tree.log())

    def test_media_that_grow_again_at_once_are_left_alone(self):
        tree = self.grown()
        tree.order("again-media")
        tree.order("left")
        with tree:
            wall.until(lambda: "has handed over" in tree.log(), 20, "one was replaced")
            # Two more looks at its memory: the supervisor looks every 2 s.
            until = time.monotonic() + 5
            wall.until(lambda: len(tree.started("media")) > 2 or time.monotonic() > until, 20, "the span has passed")
            self.assertEqual(len(tree.started("media")), 2)

    def test_a_retired_process_ends_with_the_wall(self):
        tree = self.grown()
        with tree:
            wall.until(lambda: len(tree.started("media")) == 2, 20, "a successor")
            pids = tree.started("media")
            tree.process.terminate()
            self.assertEqual(tree.process.wait(30), 0)
            wall.until(lambda: not any(map(wall.alive, pids)), 5, "both are gone")

    def test_a_panel_without_a_beat_is_killed_and_comes_back(self):
        with Tree() as tree:
            old = tree.pid("panel")
            began = time.monotonic()
            os.kill(old, signal.SIGSTOP)
            wall.until(lambda: tree.pid("panel") != old, 30, "the stopped panel is replaced")
            self.assertGreater(time.monotonic() - began, 4)
            self.assertFalse(wall.alive(old))
            self.assertIn("gave no sign of life", tree.log())

    def test_a_supervisor_that_was_stopped_blames_nobody(self):
        with Tree() as tree:
            before = {role: tree.started(role) for role in ("hub", "panel", "media")}
            os.kill(tree.process.pid, signal.SIGSTOP)
            time.sleep(7)  # the span under test: longer than a panel's deadline
            os.kill(tree.process.pid, signal.SIGCONT)
            tree.kill("console")  # a full turn has passed
            self.assertEqual({role: tree.started(role) for role in before}, before)


class Ending(unittest.TestCase):
    def pids(self, tree):
        return [int(line.split()[0]) for role in ("hub", "compositor", "media", "panel", "console", "supplies-service")
                for line in tree.raw(role)]

    def ends(self, tree, number=signal.SIGTERM):
        pids = self.pids(tree)
        began = time.monotonic()
        tree.process.send_signal(number)
        self.assertEqual(tree.process.wait(30), 0)
        took = time.monotonic() - began
        # The supervisor waits for its children; what those started was killed with them, but is nobody's to wait for.
        wall.until(lambda: not any(map(wall.alive, pids)), 2, "all are gone")
        self.assertEqual(os.listdir(tree.run_dir), [], "the run directory is emptied")
        return took

    def test_everything_is_gone_and_the_run_directory_is_empty(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Tree() as tree:
                self.assertLess(self.ends(tree, number), 2 * wall.SLOW)
                self.assertTrue(tree.lines("hub", STOP))
                self.assertTrue([f for f in os.listdir(os.path.join(tree.top, "state")) if f.endswith(".atlas")])

    def test_deaf_and_stopped_children_are_killed_in_time(self):
        tree = Tree()
        tree.order("deaf-panel")
        tree.order("deaf-supplies-service")
        with tree:
            os.kill(tree.pid("media"), signal.SIGSTOP)
            self.assertLess(self.ends(tree), 2 * wall.SLOW)

    def test_after_a_kill_the_children_end_and_the_compositor_waits_for_its_successor(self):
        with Tree() as tree:
            compositor = tree.pid("compositor")
            others = [tree.pid(role) for role in ("hub", "media", "panel", "console", "service supplies")]
            stopped = tree.pid("media")
            os.kill(stopped, signal.SIGSTOP)
            tree.process.kill()
            tree.process.wait()
            wall.until(lambda: not any(wall.alive(pid) for pid in others if pid != stopped), 20, "children end with it")
            wall.until(lambda: any(line.endswith("orphan") for line in tree.raw("compositor")), 20, "the compositor knows")
            self.assertTrue(wall.alive(compositor))
            tree.start()
            wall.until(lambda: "ready\n" in tree.output(), 30, "ready again")
            wall.until(lambda: not wall.alive(compositor), 20, "the old compositor leaves")
            self.assertTrue(any(line.endswith(f"{compositor} left") for line in tree.raw("compositor")))
            self.assertFalse(wall.alive(stopped), "what no signal of the kernel reached is ended by the successor")
            self.assertLess(self.ends(tree), 2 * wall.SLOW)


if __name__ == "__main__":
    unittest.main()
