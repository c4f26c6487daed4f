"""The stylesheet of every view and output, and the part of it that one output needs.

Each saved output includes its own rules, a kilobyte or two. A stylesheet shown once, by the first
cell, would be missing when that output is cleared, scrolled away or not yet run. Views with
widgets, which no notebook saves, include all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

_CLASS = re.compile(r"\.(cognito[\w-]*)")


class Rule(NamedTuple):
    """One rule: its context (`@container …`, or nothing), its selectors, and what it sets."""

    within: str
    selectors: tuple[str, ...]
    sets: str


@cache
def rules() -> tuple[Rule, ...]:
    """The stylesheet's rules, in order, without comments and extra spaces."""
    text = (Path(__file__).with_name("stylesheet.css")).read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()
    found: list[Rule] = []
    open_: list[str] = []
    for before, mark in re.findall(r"([^{}]*)([{}])", text):
        if mark == "{":
            open_.append(before)
        else:
            head = open_.pop()
            if before:
                within = open_[-1] if open_ else ""
                sets = before.strip(" ;").replace(": ", ":")
                found.append(Rule(within, tuple(head.split(",")), sets))
    return tuple(found)


def rules_for(markup: str) -> str:
    """The rules that apply to something in `markup`, as CSS."""
    names = {
        name
        for given in re.findall(r'class="([^"]*)"', markup)
        for name in given.split()
        if name.startswith("cognito")
    }
    return _written(
        Rule(rule.within, selectors, rule.sets)
        for rule in rules()
        if (selectors := tuple(one for one in rule.selectors if _applies(one, names)))
    )


@cache
def whole() -> str:
    """The whole stylesheet, as CSS."""
    return _written(rules())


def _applies(selector: str, names: set[str]) -> bool:
    return set(_CLASS.findall(selector)) <= names


def _written(chosen: Iterable[Rule]) -> str:
    parts = []
    for within, together in groupby(chosen, key=lambda rule: rule.within):
        said = "".join(f"{','.join(rule.selectors)}{{{rule.sets}}}" for rule in together)
        parts.append(f"{within}{{{said}}}" if within else said)
    return "".join(parts)


def styled(markup: str, *kinds: str) -> str:
    """`markup`, already harmless, as an output that needs nothing else: framed, with its rules."""
    framed = f'<div class="{" ".join(("cognito", *kinds))}">{markup}</div>'
    return f"<style>{rules_for(framed)}</style>{framed}"
