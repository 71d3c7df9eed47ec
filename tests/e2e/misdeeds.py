# SPDX-License-Identifier: Apache-2.0
"""Walls with plugins that must fail (tests/plugins/must_fail): a plugin of its own for each misdeed, beside panes that must not notice."""
import contextlib
import json
import os
import shutil
import tempfile

import wall

_OF_TESTS = next(build for build in (wall.BUILD, os.path.join(os.path.dirname(wall.BUILD), "dev"))   # a release has no tests
                 if os.path.exists(os.path.join(build, "tests", "plugins", "must_fail")) or build != wall.BUILD)
LIBRARY = os.path.join(_OF_TESTS, "tests", "plugins", "must_fail", "must_fail.so")
EVENT = "x.must_fail.v1"
GOOD = {"stores": "supplies/stores", "cam": "camera/T-001"}
COLOUR = 0x2040C0   # of the rectangle that they draw: 0xBBGGRR, kept in the view record
MANIFEST = '''
name = "{name}"
version = "1.0.0"
vendor = "Nobody"
title = {{ zh = "试验", en = "{name}" }}
library = "must_fail.so"
subscribes = ["x.must_fail.v1"]

[[panel]]
id = "{panel}"
title = {{ zh = "试验", en = "{panel}" }}
'''


@contextlib.contextmanager
def plugins(panels):
    """A folder with these plugins, {name: misdeed}, as BEACONWALL_PLUGIN_PATH names it."""
    with tempfile.TemporaryDirectory(prefix="bw-plugins-") as top:
        for name, panel in panels.items():
            folder = os.path.join(top, name)
            os.mkdir(folder)
            shutil.copy(LIBRARY, folder)
            with open(os.path.join(folder, "plugin.toml"), "w", encoding="utf-8") as file:
                file.write(MANIFEST.format(name=name, panel=panel))
        yield top


@contextlib.contextmanager
def running(panels, columns, more="", env=None):
    """A wall of GOOD and a pane for each plugin of `panels`, which is called as the plugin. `more`: of its wall.toml."""
    shown = {**GOOD, **{name: f"{name}/{panel}" for name, panel in panels.items()}}
    files = {
        "wall.toml": wall.display(more=more),
        "layouts/one.toml": wall.layout("screen", shown, columns=columns),
        "cameras.toml": '[[camera]]\nid = "T-001"\nname = { zh = "试验", en = "Trial" }\nmain = "test://ball"\n',
    }
    with plugins(panels) as folder, wall.site(files) as site, wall.Wall(site, env={"BEACONWALL_PLUGIN_PATH": folder, **(env or {})}) as started:
        yield started


def tell(where, misdeed, **data):
    """{"colour": N}, {"fail": true}: see must_fail.h."""
    where.ctl("publish", EVENT, "--subject", misdeed, "--data", json.dumps(data, separators=(",", ":")))


def pane(status, name):
    return next(row for row in status["panes"] if row["id"] == name)


def code(status, name):
    """Why the pane is not live, in a word; None without a reason."""
    return (pane(status, name)["reason"] or {}).get("code")


def row(status, name):
    """The process of that plugin's panels."""
    return next(each for each in status["roles"] if (each["role"], each["name"]) == ("panel", name))
