"""The one stylesheet: each output takes along what it needs of it, and no more."""

import re
from pathlib import Path

import pytest

from cognito_helpers.ui import stylesheet
from cognito_helpers.ui.highlight import json_markup, message_markup, request_and_response
from cognito_helpers.ui.markup import card, state
from cognito_helpers.ui.stylesheet import rules, rules_for, styled, whole
from cognito_helpers.ui.widget import Shown

CLASS = re.compile(r"\.(cognito[\w-]*)")


def test_every_rule_is_read_and_written_back():
    source = Path(stylesheet.__file__).with_name("stylesheet.css").read_text(encoding="utf-8")
    plain = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    assert len(rules()) == len(re.findall(r"\{[^{}]*\}", plain))
    assert whole().count("{") == whole().count("}") and "/*" not in whole()


def test_an_output_takes_its_own_rules_alone():
    css = rules_for('<div class="cognito"><div class="cognito-card">x</div></div>')
    assert set(CLASS.findall(css)) == {"cognito", "cognito-card"}
    assert "cognito-phone" in whole() and len(css) < 1200


def test_a_rule_of_two_selectors_keeps_the_one_that_fits(monkeypatch):
    chosen = stylesheet.Rule("@media x", (".cognito-a", ".cognito-b"), "c:d")
    monkeypatch.setattr(stylesheet, "rules", lambda: (chosen,))
    assert rules_for('<p class="cognito-b other">') == "@media x{.cognito-b{c:d}}"
    assert rules_for('<p class="other">') == ""


def test_an_output_stands_alone():
    output = styled(card("A", state("bad", "<b>")), "cognito-fit")
    assert output.startswith("<style>.cognito{") and "&lt;b&gt;" in output
    assert '<div class="cognito cognito-fit"><div class="cognito-card">' in output


def test_a_view_has_the_whole_sheet_once_and_its_class():
    shown = Shown([], "text", look="cognito-card")
    assert whole() in shown.children[0].value and shown.children[0].layout.display == "none"
    assert {"cognito", "cognito-card"} <= set(shown._dom_classes)


def test_names_and_values_of_json_are_told_apart():
    text = '{"a": "x: \\"y\\"", "n": -1.5e3, "t": true, "<b>": null}'
    markup = json_markup(text)
    assert '<span class="cognito-name">&quot;a&quot;</span>' in markup
    assert re.findall('cognito-value">([^<]*)<', markup) == ["-1.5e3", "true", "null"]
    assert "<b>" not in markup


@pytest.mark.parametrize("text", ["", "\n\n", "POST /", "a\n\n\n{", '"', "\\", '{"a'])
def test_nothing_of_a_message_is_lost(text):
    assert re.sub("<[^>]*>", "", message_markup(text)) == text.replace('"', "&quot;")


def test_a_line_stands_between_request_and_response():
    markup = request_and_response("POST / HTTP/1.1", "HTTP/1.1 400", "400", "bad")
    asked, _, answered = markup.partition("Response")
    assert "POST" in asked and 'class="cognito-is-bad">400' in answered
