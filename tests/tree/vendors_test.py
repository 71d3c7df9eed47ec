# SPDX-License-Identifier: Apache-2.0
"""What vendors read is what there is: the reference, and the extensions that a manifest may name."""
import os
import pathlib
import re
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["BEACONWALL_SOURCE"])


class VendorsTest(unittest.TestCase):
    def test_the_reference_is_as_the_headers_are(self):
        written = (SOURCE / "docs/vendors/reference.md").read_text(encoding="utf-8")
        made = subprocess.run(["/usr/bin/python3", "-B", SOURCE / "docs/vendors/reference.py"], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertEqual(written, made, "run docs/vendors/reference.py > docs/vendors/reference.md")

    def test_every_extension_may_be_named_and_is_explained(self):
        headers = "".join(path.read_text(encoding="utf-8") for path in (SOURCE / "core/abi/beaconwall").glob("*.h"))
        there = sorted(re.findall(r'#define BW_EXT_\w+ "([^"]+)"', headers))
        self.assertGreater(len(there), 5)
        manifest = (SOURCE / "core/config/plugin_file.cpp").read_text(encoding="utf-8")
        self.assertEqual(sorted(set(re.findall(r'"(beaconwall\.\w+/\d+)"[,}]', manifest))), there)
        page = (SOURCE / "docs/vendors/abi.md").read_text(encoding="utf-8")
        self.assertEqual(sorted(set(re.findall(r"^\| `(beaconwall\.\w+/\d+)`", page, re.M))), there)


if __name__ == "__main__":
    unittest.main()
