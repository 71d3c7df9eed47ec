# SPDX-License-Identifier: Apache-2.0
"""The built command: check, run, plugin list, doctor, version, wrong usage."""
import ctypes
import errno
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["BEACONWALL_SOURCE"])
COMMAND = Path(os.environ["BEACONWALL_BUILD"]) / "bin" / "beaconwall"

# Stands where the supervisor stands: says what it was given.
SUPERVISOR = """#!/usr/bin/python3
import json, os, sys
fd = int(sys.argv[sys.argv.index("--plan-fd") + 1])
print(json.dumps({"arguments": sys.argv[1:], "plan": json.loads(os.read(fd, 1 << 20)), "pid": os.getpid()}))
"""


def on_a_kernel_without(*calls):
    """For preexec_fn: from here on, `calls` are such as this kernel does not know."""
    def lose_them():
        library = ctypes.CDLL("libseccomp.so.2")
        library.seccomp_init.restype = ctypes.c_void_p
        kernel = ctypes.c_void_p(library.seccomp_init(0x7FFF0000))  # all others are allowed
        for call in calls:
            number = library.seccomp_syscall_resolve_name(call.encode())
            if library.seccomp_rule_add(kernel, 0x00050000 | errno.ENOSYS, number, 0) != 0:
                raise OSError("no such call: " + call)
        if library.seccomp_load(kernel) != 0:
            raise OSError("seccomp_load")
    return lose_them


class Installed(unittest.TestCase):
    """The command in an installation of its own, with one plugin and one site."""

    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="bw-cli-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "bin").mkdir()
        self.command = shutil.copy(COMMAND, self.root / "bin/beaconwall")
        self.write("libexec/beaconwall-supervisor", SUPERVISOR, 0o755)
        self.plugin = "lib/beaconwall/plugins/maps"
        self.write(f"{self.plugin}/plugin.toml", 'name = "maps"\nversion = "1.0"\nlibrary = "maps.so"\n'
                   '[[panel]]\nid = "board"\n')
        self.write(f"{self.plugin}/maps.so", "")
        self.write("hall/wall.toml", 'first_layout = "one"\n[[display]]\nname = "d"\n'
                   'width_mm = 1920\nheight_mm = 1080\n')
        self.write("hall/layouts/one.toml", '[[grid]]\ncolumns = ["1fr"]\nrows = ["1fr"]\nareas = ["p"]\n'
                   '[[pane]]\nid = "p"\nshows = "maps/board"\n')

    def write(self, name, text, mode=0o644):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def run_command(self, *words, without=(), **environment):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "BEACONWALL_PLUGIN"))}
        env.update(environment)
        return subprocess.run([self.command, *map(str, words)], capture_output=True, text=True,
                              timeout=60, cwd=self.root, env=env, check=False,
                              preexec_fn=on_a_kernel_without(*without) if without else None)

    def test_check_sums_up_a_good_site_and_says_what_each_layout_costs(self):
        got = self.run_command("check", "hall")
        self.assertEqual((got.returncode, got.stderr), (0, ""))
        lines = got.stdout.splitlines()
        self.assertIn("hall: no faults", lines[0])
        self.assertEqual(lines[1].split(), ["layout", "panes", "cameras", "main", "sub", "decode", "draw", "verdict"])
        self.assertRegex(lines[2], r"^one +1 +0 +0 +0 +0\.00 +0\.00 +fits in \d+ cores$")

    def test_check_warns_of_what_is_allowed_and_looks_bad(self):
        self.write("hall/layouts/two.toml", '[[grid]]\ncolumns = ["1fr"]\nrows = ["1fr"]\nareas = ["p"]\n'
                   '[[pane]]\nid = "p"\nshows = "sources"\nsources = { kind = "forest", columns = 1, rows = 1 }\n')
        got = self.run_command("check", "hall")
        self.assertEqual(got.returncode, 0, got.stderr)
        self.assertRegex(got.stderr, r"^warning: layouts/two\.toml: BW2201: pane p finds no camera")
        self.assertEqual(len(got.stderr.splitlines()), 1)
        self.assertIn("\ntwo ", got.stdout)
        plan = self.run_command("check", "hall", "--plan")
        self.assertEqual((plan.returncode, plan.stderr), (0, ""))
        json.loads(plan.stdout)

    def test_check_prints_the_plan(self):
        got = self.run_command("check", "hall", "--plan")
        self.assertEqual(got.returncode, 0, got.stderr)
        plan = json.loads(got.stdout)
        self.assertEqual(plan["folder"], str(self.root / "hall"))
        self.assertEqual(plan["plugins"], [{"name": "maps", "service": "", "version": plan["plugins"][0]["version"], "network": [], "files": [],
                                            "library": str(self.root / self.plugin / "maps.so")}])

    def test_check_names_all_ten_seeded_faults(self):
        got = self.run_command("check", SOURCE / "tests/config/sites/ten_faults")
        self.assertEqual((got.returncode, got.stdout), (1, ""))
        lines = got.stderr.splitlines()
        self.assertEqual(len(lines), 10, got.stderr)
        for line in lines:
            self.assertRegex(line, r"^[a-z/]+\.toml:\d+:\d+: BW1\d{3}: found .*")
        self.assertNotIn("secret@", got.stderr)

    def test_check_of_nothing_is_refused(self):
        got = self.run_command("check", "nowhere")
        self.assertEqual(got.returncode, 1)
        self.assertIn("BW1010", got.stderr)

    def test_faulty_plugin_is_a_fault_only_where_it_is_used(self):
        self.write("lib/beaconwall/plugins/other/plugin.toml", 'name = "other"\n')
        got = self.run_command("check", "hall")
        self.assertEqual(got.returncode, 0, got.stderr)
        self.assertRegex(got.stderr, "^warning: .*other/plugin.toml: BW1508")
        (self.root / self.plugin / "maps.so").unlink()
        got = self.run_command("check", "hall")
        self.assertEqual(got.returncode, 1)
        self.assertRegex(got.stderr, r"(?m)^/.*maps/plugin.toml:3:\d+: BW1503")
        self.assertIn("BW1211", got.stderr)

    def test_run_becomes_the_supervisor_with_the_plan(self):
        process = subprocess.Popen(
            [self.command, "run", "hall", "--headless", "--run-dir", "run"], cwd=self.root,
            stdout=subprocess.PIPE, text=True)
        told = json.loads(process.communicate(timeout=60)[0])
        self.assertEqual(told["pid"], process.pid)  # exec, not a child
        words = told["arguments"]
        self.assertEqual(words[0], "--plan-fd")
        self.assertEqual(words[2:], ["--site", str(self.root / "hall"), "--run-dir",
                                     str(self.root / "run"), "--state-dir",
                                     str(self.root / "run/state"), "--headless"])
        self.assertEqual(told["plan"]["site"], "hall")

    def test_run_folders_come_from_the_environment(self):
        got = self.run_command("run", "hall", XDG_RUNTIME_DIR="/tmp/r", XDG_STATE_HOME="/tmp/s")
        words = json.loads(got.stdout)["arguments"]
        self.assertEqual(words[4:], ["--run-dir", "/tmp/r/beaconwall", "--state-dir",
                                     "/tmp/s/beaconwall/hall"])

    def test_run_refuses_a_faulty_site(self):
        self.write("hall/wall.toml", "x = 1\n")
        got = self.run_command("run", "hall")
        self.assertEqual((got.returncode, got.stdout), (1, ""))
        self.assertIn("BW1003", got.stderr)

    def test_run_refuses_a_run_folder_that_is_too_long(self):
        got = self.run_command("run", "hall", "--run-dir", self.root / ("x" * 60))
        self.assertEqual((got.returncode, got.stdout), (1, ""))
        self.assertIn("x" * 60, got.stderr)

    def test_run_without_supervisor_says_so(self):
        (self.root / "libexec/beaconwall-supervisor").unlink()
        got = self.run_command("run", "hall", "--run-dir", "run")
        self.assertEqual(got.returncode, 1)
        self.assertIn("beaconwall-supervisor", got.stderr)

    def test_plugin_list(self):
        got = self.run_command("plugin", "list")
        self.assertEqual(got.returncode, 0, got.stderr)
        self.assertIn("maps/board", got.stdout)
        listed = json.loads(self.run_command("plugin", "list", "--json").stdout)
        self.assertEqual(listed["plugins"][0]["panels"], ["maps/board"])

    def test_plugin_path_comes_first(self):
        self.write("mine/maps/plugin.toml", 'name = "maps"\nversion = "2.0"\nlibrary = "m.so"\n')
        self.write("mine/maps/m.so", "")
        got = self.run_command("plugin", "list", "--json",
                               BEACONWALL_PLUGIN_PATH=str(self.root / "mine"))
        self.assertEqual([p["version"] for p in json.loads(got.stdout)["plugins"]], ["2.0"])

    def test_plugin_install_copies_the_folder_whole(self):
        self.write("gauges/plugin.toml", 'name = "gauges"\nversion = "1.0"\nlibrary = "g.so"\n')
        self.write("gauges/g.so", "")
        self.write("gauges/web/page.txt", "x" * 200_000, 0o751)
        got = self.run_command("plugin", "install", "gauges", "--yes", BEACONWALL_PLUGIN_PATH=str(self.root / "mine"))
        self.assertEqual(got.returncode, 0, got.stderr)
        installed = self.root / "mine/gauges"
        self.assertEqual((installed / "web/page.txt").read_text(), "x" * 200_000)
        self.assertEqual((installed / "web/page.txt").stat().st_mode & 0o777, 0o751)
        self.assertEqual([path.name for path in (self.root / "mine").iterdir()], ["gauges"])

    def test_plugin_install_says_that_a_disk_is_full_and_which(self):
        disk = self.root / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("mounting a small disk needs the privilege to mount")
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=True)
        self.write("gauges/plugin.toml", 'name = "gauges"\nversion = "1.0"\nlibrary = "g.so"\n')
        self.write("gauges/g.so", "x" * (3 << 20))
        got = self.run_command("plugin", "install", "gauges", "--yes", BEACONWALL_PLUGIN_PATH=str(disk))
        self.assertEqual(got.returncode, 1)
        self.assertEqual(got.stderr, f"no space is left on the disk of {disk}: 3.0 MiB are needed, 1.0 MiB are free; "
                         "make room there\n")
        self.assertEqual(list(disk.iterdir()), [])

    def test_doctor_names_each_lack_and_what_to_do(self):
        got = self.run_command("doctor")
        self.assertEqual(got.returncode, 1)  # six programs are not installed here
        lines = [line for line in got.stdout.splitlines() if line.startswith("MISSING")]
        self.assertGreaterEqual(len(lines), 6)
        for line in lines:
            self.assertIn("→", line)
        supervisor = [line for line in got.stdout.splitlines() if "program: supervisor" in line]
        self.assertTrue(supervisor[0].startswith("ok"), supervisor)

    def doctor_of_sandboxes(self, *without):
        got = self.run_command("doctor", without=without)
        lines = {what: line for line in got.stdout.splitlines() for what in ("panels", "services")
                 if f" sandbox of {what} " in line}
        self.assertEqual(len(lines), 2, got.stdout + got.stderr)
        return lines["panels"], lines["services"]

    def test_doctor_tries_the_sandbox_of_services(self):
        panels, services = self.doctor_of_sandboxes()
        for line in (panels, services):
            if line.startswith("ok"):
                self.assertIn("refused calls stand in the log, refused files ", line)
            else:
                self.assertRegex(line, "^lacking .*: a (plugin|service) .* → ")

    def test_doctor_says_what_is_not_kept_without_landlock(self):
        panels, services = self.doctor_of_sandboxes("landlock_create_ruleset")
        self.assertRegex(panels, "^lacking .*no Landlock: a plugin may read any file")
        self.assertRegex(services, "^lacking .*no Landlock: a service may write what its user may")
        self.assertIn("→ use Linux 5.13", services)

    def test_doctor_says_what_is_not_kept_without_seccomp_notification(self):
        panels, services = self.doctor_of_sandboxes("seccomp")
        self.assertRegex(panels, "^lacking .*a plugin may make any call")
        self.assertRegex(services, "^lacking .*no seccomp notification: a service may connect to anything")

    def test_doctor_says_what_is_not_kept_where_a_child_cannot_be_looked_into(self):
        panels, services = self.doctor_of_sandboxes("process_vm_readv")
        self.assertNotIn(" a plugin may", panels)
        self.assertRegex(services, r"^lacking .*\(ptrace_scope\): a service may connect to anything")
        self.assertRegex(services, "→ .* kernel.yama.ptrace_scope 0 or 1$")

    def test_doctor_says_that_services_reach_nothing_where_their_calls_cannot_be_had(self):
        _, services = self.doctor_of_sandboxes("pidfd_getfd")
        self.assertRegex(services, "^lacking .*: a service can connect to nothing  → ")

    def test_version(self):
        got = self.run_command("version")
        self.assertEqual(got.returncode, 0)
        self.assertRegex(got.stdout, r"^beaconwall \d+\.\d+\.\d+$")

    def test_wrong_usage(self):
        for words in ([], ["bogus"], ["run"], ["check"], ["check", "hall", "--bogus"], ["ctl"],
                      ["ctl", "record"], ["ctl", "take", "a", "--fade", "-1"],
                      ["ctl", "undo", "--cut", "--push", "1"],
                      ["ctl", "snapshot", "f", "--pane", "a", "--display", "b"]):
            got = self.run_command(*words)
            self.assertEqual(got.returncode, 2, words)
            self.assertNotEqual(got.stderr, "", words)
        self.assertEqual(self.run_command("--help").returncode, 0)

    def test_an_unknown_verb_is_named_with_those_there_are(self):
        for words, said in ((["bogus"], 'beaconwall: unknown verb "bogus"; allowed: run, check, ctl'),
                            (["ctl", "bogus", "x"], 'ctl: unknown verb "bogus"; allowed: status'),
                            (["ctl", "record", "bogus"], 'record: unknown verb "bogus"; allowed: get'),
                            (["ctl", "events", "--since", "x"], '--since: found "x"; allowed: a whole number from 0, or a day'),
                            (["ctl", "events", "--until", "7"], '--until: found "7"; allowed: a day or a time'),
                            (["ctl", "events", "--since", "2026-07-01", "--follow"], "--follow goes on from now")):
            got = self.run_command(*words)
            self.assertEqual(got.returncode, 2, words)
            self.assertIn(said, got.stderr)


if __name__ == "__main__":
    unittest.main()
