# SPDX-License-Identifier: Apache-2.0
"""What was frozen stays: the bytes of tests/abi/v1, and that today's header says nothing else where the frozen one speaks."""
import hashlib
import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["BEACONWALL_SOURCE"])
FROZEN = {"beaconwall/panel.h": "f31921884db56a1e0edbecc588423e8b487f5b3064e98454b82f95dba35e9cda", "panel.c": "af53a09ae4aa18fc061628a2fc6db8ea7e63b9c9b6d01f339c155a3119740fc6"}


def words(path):
    """Its tokens without comments and spaces."""
    text = re.sub(r"/\*.*?\*/", " ", path.read_text(encoding="utf-8"), flags=re.S)
    return re.findall(r"\w+|[^\w\s]", text)


class FrozenTest(unittest.TestCase):
    def test_nobody_has_touched_it(self):
        for name, digest in FROZEN.items():
            found = hashlib.sha256((SOURCE / "tests/abi/v1" / name).read_bytes()).hexdigest()
            self.assertEqual(found, digest, name + " is frozen: undo the change")

    def test_todays_header_has_all_of_it_in_its_order(self):
        """Additions are extensions: new words between the old ones, which all stand as they stood."""
        old, new = words(SOURCE / "tests/abi/v1/beaconwall/panel.h"), iter(words(SOURCE / "core/abi/beaconwall/panel.h"))
        missing = [word for word in old if word not in new]  # consumes `new` up to each word
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
