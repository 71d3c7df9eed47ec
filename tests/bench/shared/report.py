# SPDX-License-Identifier: Apache-2.0
"""Rows of the table that `./dev bench wall` prints, and how long to measure."""
from dataclasses import dataclass

import measure


@dataclass
class Row:
    what: str
    value: str
    target: str = ""
    verdict: str = ""   # "ok", "MISS", "stretch", "?" (this build does not count it) or empty: for information


def judged(what, value, limit, form="{:.2f}", stretch=None, unit=""):
    """A row for a figure that must not exceed `limit`; `stretch`: what one would like."""
    target = f"<= {form.format(limit)}{unit}" + (f" ({form.format(stretch)})" if stretch is not None else "")
    verdict = "MISS" if value > limit else "stretch" if stretch is not None and value <= stretch else "ok"
    return Row(what, form.format(value) + unit, target, verdict)


def counted(what, good, of):
    """A row for something that must hold every time."""
    return Row(what, f"{good} of {of}", f"{of} of {of}", "ok" if good == of and of > 0 else "MISS")


def unknown(what, target, why):
    return Row(what, why, target, "?")


def print_rows(rows):
    measure.table(["", "", "measured", "target"], [[row.what, row.verdict, row.value, row.target] for row in rows])


class How:
    """How long and how often: full, or short for a look."""

    def __init__(self, quick):
        self.quick = quick

    def pick(self, full, quick):
        return quick if self.quick else full
