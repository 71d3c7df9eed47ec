# SPDX-License-Identifier: Apache-2.0
"""Heavy headers stay out of our headers: each costs seconds in every file that sees it (and ten times that with ASan)."""
import os
import re
import unittest

SOURCE = os.environ["BEACONWALL_SOURCE"]
HEAVY = re.compile(r"#include <(nlohmann/json\.hpp|rapidjson/|CLI/|spdlog/|toml\+\+/|gst/|libsoup/)")

# Ownership of GStreamer's objects: included only by files, and by one header, that know GStreamer anyway.
KNOWN = {"core/media/gst.h"}


class HeavyHeaders(unittest.TestCase):
    def test_no_header_of_ours_includes_one(self):
        seen = 0
        for folder in ("core", "plugins"):
            for top, _, files in os.walk(os.path.join(SOURCE, folder)):
                for name in (n for n in files if n.endswith(".h")):
                    if os.path.relpath(os.path.join(top, name), SOURCE) in KNOWN:
                        continue
                    seen += 1
                    with open(os.path.join(top, name), encoding="utf-8") as header:
                        found = HEAVY.search(header.read())
                    self.assertIsNone(found, f"{top}/{name}: {found and found.group(0)}")
        self.assertGreater(seen, 20)


if __name__ == "__main__":
    unittest.main()
