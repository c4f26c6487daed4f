"""The one stylesheet: each output includes only the rules it needs."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

import cognito_helpers
from cognito_helpers.explanations.service_errors import Explained
from cognito_helpers.ui import stylesheet
from cognito_helpers.ui.highlight import json_markup, message_markup, request_and_response
from cognito_helpers.ui.markup import card, state
from cognito_helpers.ui.stylesheet import rules, rules_for, styled, whole
from cognito_helpers.ui.widget import Shown
from cognito_helpers.views.response import ErrorResponse
from etc.tools.save_outputs import LOOK, SANITIZE, sanitized

PACKAGE = Path(cognito_helpers.__file__).parent
HIGHLIGHTED = ("name", "note", "text", "value", "word")
CLASS = re.compile(r"\.(cognito[\w-]*)")


def test_every_rule_is_read_and_written_back():
    source = Path(stylesheet.__file__).with_name("stylesheet.css").read_text(encoding="utf-8")
    plain = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    assert len(rules()) == len(re.findall(r"\{[^{}]*\}", plain))
    assert whole().count("{") == whole().count("}") and "/*" not in whole()


def test_an_output_includes_only_its_own_rules():
    css = rules_for('<div class="cognito"><div class="cognito-card">x</div></div>')
    assert set(CLASS.findall(css)) == {"cognito", "cognito-card"}
    assert "cognito-phone" in whole() and len(css) < 1200


def test_of_a_rule_with_two_selectors_only_the_matching_one_is_kept(monkeypatch):
    chosen = stylesheet.Rule("@media x", (".cognito-a", ".cognito-b"), "c:d")
    monkeypatch.setattr(stylesheet, "rules", lambda: (chosen,))
    assert rules_for('<p class="cognito-b other">') == "@media x{.cognito-b{c:d}}"
    assert rules_for('<p class="other">') == ""


def test_an_output_needs_nothing_else():
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


def test_request_and_response_are_separated_by_a_line():
    markup = request_and_response("POST / HTTP/1.1", "HTTP/1.1 400", "400", "bad")
    asked, _, answered = markup.partition("Response")
    assert "POST" in asked and 'class="cognito-is-bad">400' in answered


def test_saved_outputs_are_compared_by_their_content_and_not_their_style():
    rules = ConfigParser()
    rules.read(SANITIZE, encoding="utf-8")
    (pattern, mark) = rules[LOOK]["regex"], rules[LOOK]["replace"]
    error = ErrorResponse(Explained("CodeMismatchException", "Invalid code"), "Error")
    before = (
        "<table><tr><th>Error:</th><th>CodeMismatchException</th></tr>"
        "<tr><th style='x'>message</th><td>Invalid code</td></tr>"
    )
    now = re.sub(pattern, mark, error._repr_html_())
    assert now.startswith(re.sub(pattern, mark, before))
    assert not now.startswith(re.sub(pattern, mark, before.replace("Invalid", "Other")))
    assert sanitized("<b>a</b>") != sanitized("<i>a</i>"), "a new look is saved"


def test_every_class_the_package_uses_has_a_rule_and_every_rule_is_used():
    known = {name for rule in rules() for one in rule.selectors for name in CLASS.findall(one)}
    used = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r"\bcognito-[a-z][a-z-]*", path.read_text(encoding="utf-8"))
    }
    made = {f"cognito{kind}-{state}" for kind in ("", "-is") for state in ("good", "bad", "warn")}
    made |= {"cognito-short", "cognito-long", "cognito-compare"}
    made |= {"cognito", *(f"cognito-{part}" for part in HIGHLIGHTED)}
    assert known - used - made == set(), "a rule nothing uses"
