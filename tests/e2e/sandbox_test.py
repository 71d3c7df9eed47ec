# SPDX-License-Identifier: Apache-2.0
"""A plugin that tries to get out of its process, on a whole wall: each call that it may not make stands in the log with its name, and the wall goes on."""
import os
import shutil
import tempfile
import unittest

import wall

MANIFEST = '''
name = "escape"
version = "1.0.0"
vendor = "Nobody"
title = { zh = "试验", en = "Escape" }
library = "escape.so"

[[panel]]
id = "any"
title = { zh = "试验", en = "Any" }
'''
SITE = {"wall.toml": wall.display(), "layouts/one.toml": wall.layout("screen", {"bad": "escape/any", "good": "supplies/stores"})}


@unittest.skipIf(os.environ.get("BEACONWALL_SANITIZE"), "a sanitizer needs what is refused here")
class Sandbox(unittest.TestCase):
    def test_what_a_plugin_may_not_do_is_in_the_log(self):
        with tempfile.TemporaryDirectory(prefix="bw-plugins-") as plugins, wall.site(SITE) as site:
            folder = os.path.join(plugins, "escape")
            os.mkdir(folder)
            shutil.copy(os.path.join(wall.BUILD, "tests", "panel", "escape.so"), folder)
            with open(os.path.join(folder, "plugin.toml"), "w", encoding="utf-8") as file:
                file.write(MANIFEST)
            with wall.Wall(site, env={"BEACONWALL_PLUGIN_PATH": plugins}) as w:
                w.wait(wall.live, 20, "both panes live")
                for call in ("socket", "connect", "clone", "execve", "ptrace", "kill", "setuid", "unshare", "memfd_create", "truncate"):
                    wall.until(lambda c=call: f"panel/escape may not: {c}\n" in w.log(), 10, f"{call} is told")
                self.assertNotIn("panel/supplies may not", w.log(), "our own need no more than they may")
                self.assertEqual(w.role("panel", "escape")["restarts"], 0)


if __name__ == "__main__":
    unittest.main()
