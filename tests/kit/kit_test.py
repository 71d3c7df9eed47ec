# SPDX-License-Identifier: Apache-2.0
"""The installed kit, as a vendor has it: a prefix and nothing else. The checkout and the build are out of sight where this may
mount (root), and merely not named where it may not."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE, BUILD = pathlib.Path(os.environ["BEACONWALL_SOURCE"]), pathlib.Path(os.environ["BEACONWALL_BUILD"])
SANITIZED = bool(os.environ.get("BEACONWALL_SANITIZE"))
LIMIT = 170
# What a vendor's shell does not have.
OURS = ("BEACONWALL_SOURCE", "BEACONWALL_BUILD", "BEACONWALL_SANITIZE", "BEACONWALL_PLUGIN_PATH")


def hidden(script):
    """`script` in a shell of its own, with an empty folder where the checkout is."""
    if os.geteuid() != 0:
        return ["bash", "-euc", script]
    away = "mount -t tmpfs none '%s'\n" % SOURCE
    return ["unshare", "--mount", "--propagation", "private", "bash", "-euc", away + script]


class Kit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="bw-kit-"))
        cls.prefix = cls.root / "beaconwall"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix], check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root, ignore_errors=True)

    def run_in(self, folder, script, code=0):
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        # Objects of the same text are had from the cache of the machine, if there is one.
        if shutil.which("ccache"):
            environment.update(CMAKE_CXX_COMPILER_LAUNCHER="ccache", CMAKE_C_COMPILER_LAUNCHER="ccache")
        done = subprocess.run(hidden(script), cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, code, done.stdout[-6000:] + done.stderr[-3000:])
        return done.stdout if code == 0 else done.stderr

    def folder(self, name):
        folder = self.root / name
        folder.mkdir()
        return folder

    def made(self, folder, *options):
        """A new plugin of that name, built and checked: the checker's report."""
        run = "%s/bin/beaconwall" % self.prefix
        self.run_in(folder, "%s plugin new gauge src %s\ncmake -S src -B build -DCMAKE_PREFIX_PATH='%s'\ncmake --build build" %
                    (run, " ".join(options), self.prefix))
        return json.loads(self.run_in(folder, "%s plugin check --json build/gauge" % run))

    def verdicts(self, report):
        return {rule["rule"]: rule["verdict"] for rule in report["plugins"][0]["rules"]}

    def test_a_panel_in_plain_c_links_nothing_of_ours(self):
        folder = self.folder("plain")
        report = self.made(folder, "--panel", "c")
        self.assertTrue(report["good"], report)
        # It has no words, so it draws the same in both languages.
        self.assertEqual([rule for rule, verdict in self.verdicts(report).items() if verdict != "pass"], ["panel.languages"])
        tags = subprocess.run(["readelf", "--dynamic", folder / "build/gauge/gauge.so"], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertLessEqual(set(re.findall(r"NEEDED.*\[(.*)\]", tags)), {"libc.so.6", "ld-linux-x86-64.so.2"})
        # And without CMake, by the pkg-config file alone.
        self.run_in(folder, "export PKG_CONFIG_PATH='%s/lib/pkgconfig'\n"
                    "cc -std=c11 -Wall -Wextra -Werror -shared -fPIC -fvisibility=hidden $(pkg-config --cflags --libs beaconwall-panel) -o other.so src/panel.c" % self.prefix)

    def test_a_panel_and_a_service_in_cpp(self):
        report = self.made(self.folder("cpp"), "--panel", "cpp", "--service", "cpp")
        self.assertTrue(report["good"], report)
        self.assertEqual(self.verdicts(report)["service.wire"], "pass")

    def test_a_service_in_python_alone(self):
        report = self.made(self.folder("python"), "--panel", "none", "--service", "python")
        self.assertTrue(report["good"], report)
        self.assertEqual(self.verdicts(report)["service.wire"], "pass")

    def test_the_tutorial_as_it_stands(self):
        text = (SOURCE / "docs/vendors/tutorial.md").read_text(encoding="utf-8")
        lines = [line[4:] if line.startswith("    ") else "" for line in text.splitlines() if line.startswith("    ") or not line.strip()]
        script = "\n".join(lines).replace("beaconwall ctl plugin reload river_gauge", "")
        self.assertIn("plugin new river_gauge", script)
        # The kit is there already; where it is installed from is out of sight.
        script = re.sub(r'cmake --install .*', "", script)
        folder = self.folder("tutorial")
        os.symlink(self.prefix, folder / "beaconwall")
        said = self.run_in(folder, script)
        self.assertIn("river_gauge/main", said)
        self.assertIn("no faults", said)
        self.assertNotRegex(said, r"(?m)^  (fail|crashed|warning)\s")

    def test_one_of_ours_builds_with_it(self):
        folder = self.folder("ours")
        shutil.copytree(SOURCE / "plugins/supplies", folder / "supplies")
        (folder / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(ours LANGUAGES C CXX)\nfind_package(beaconwall REQUIRED)\n"
            "function(bw_plugin name)\n  beaconwall_add_plugin(${name} ${ARGN})\nendfunction()\nadd_subdirectory(supplies)\n")
        self.run_in(folder, "cmake -S . -B build -DCMAKE_PREFIX_PATH='%s' && cmake --build build" % self.prefix)
        self.assertTrue((folder / "build/supplies/supplies/supplies.so").exists())

    def test_what_new_refuses(self):
        folder = self.folder("refused")
        (folder / "full").mkdir()
        (folder / "full" / "file").write_text("x")
        run = "%s/bin/beaconwall plugin new " % self.prefix
        for words, said in (("River dir", "allowed"), ("river full", "new or empty"), ("river dir --panel none", "at least one")):
            self.assertIn(said, self.run_in(folder, run + words, code=1))
        self.run_in(folder, run + "river dir --panel rust", code=2)


if __name__ == "__main__":
    unittest.main()
