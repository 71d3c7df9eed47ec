# SPDX-License-Identifier: Apache-2.0
"""docs/command.md has every verb of the built command with its options, and no other."""
import os
import re
import subprocess
import unittest
from pathlib import Path

COMMAND = Path(os.environ["BEACONWALL_BUILD"]) / "bin" / "beaconwall"
MANUAL = Path(os.environ["BEACONWALL_SOURCE"]) / "docs" / "command.md"


def help_of(words):
    done = subprocess.run([COMMAND, *words, "--help"], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def section(text, title):
    """The lines of one part of a help text."""
    found = re.search(rf"^{title}:\n((?:  .*\n?)*)", text, re.M)
    return found.group(1).splitlines() if found else []


def verbs(words=()):
    """{path: (options, number of words behind it)} of every verb that does something."""
    text = help_of(words)
    below = [line.split()[0] for line in section(text, "Subcommands") if re.match(r"  \S", line)]
    found = {}
    for name in below:
        found.update(verbs((*words, name)))
    if not below:
        options = set(re.findall(r"--[a-z-]+", " ".join(line.split("  ")[1] for line in section(text, "Options"))))
        positionals = [line for line in section(text, "Positionals") if re.match(r"  \S", line)]
        found[words] = (options - {"--help"}, len(positionals))
    return found


def manual():
    """The same, of the page's synopses."""
    found = {}
    for line in MANUAL.read_text().splitlines():
        match = re.match(r"    beaconwall ((?:[a-z]+ )*[a-z]+)(.*)$", line)
        if not match or "VERB" in line:
            continue
        rest = match.group(2)
        placed = re.findall(r"[A-Z][\w./]*", re.sub(r"\[?--[^\]]*\]|--\S+ \S+", "", rest))
        found[tuple(match.group(1).split())] = (set(re.findall(r"--[a-z-]+", rest)), len(placed))
    return found


class Manual(unittest.TestCase):
    def test_the_page_and_the_command_agree(self):
        self.maxDiff = None
        self.assertGreater(len(verbs()), 20)
        self.assertEqual(manual(), verbs())

    def test_the_page_names_every_exit_code(self):
        header = (MANUAL.parent.parent / "core/cli/commands.h").read_text()
        codes = re.search(r"enum Exit : int \{(.*?)\}", header).group(1)
        for code in re.findall(r"= (\d)", codes):
            self.assertIn(f"| {code} |", MANUAL.read_text())


if __name__ == "__main__":
    unittest.main()
