"""Text shown to learners: invisible characters are written as their numbers, and lines end between
words.
"""

from typing import NamedTuple

import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from cognito_helpers.calls import retries
from cognito_helpers.challenge_lab.sending import why_unprepared
from cognito_helpers.text import visible, wrapped


class Neighbors(NamedTuple):
    """Characters on both sides of a boundary: `kept` are shown as they are, `numbered` aren't."""

    kept: str
    numbered: str


BOUNDARIES = {
    "control characters": Neighbors("\t\n ~\xa0", "\x00\x08\x0b\x0c\r\x1f\x7f\x9f"),
    "the Arabic letter mark": Neighbors("\u061b\u061d", "\u061c"),
    "the zero-width space, and the joiners": Neighbors("\u200a\u200c\u200d", "\u200b"),
    "the marks for left and right": Neighbors("\u200d\u2010", "\u200e\u200f"),
    "line and paragraph separators": Neighbors("\u2027", "\u2028\u2029"),
    "embeddings and overrides": Neighbors("\u202f", "\u202a\u202b\u202c\u202d\u202e"),
    "the word joiner": Neighbors("\u205f\u2061", "\u2060"),
    "isolates": Neighbors("\u2065\u206a", "\u2066\u2067\u2068\u2069"),
    "the byte order mark": Neighbors("\ufefe\uff00", "\ufeff"),
    "halves of a character": Neighbors("\ud7ff\ue000", "\ud800\udfff"),
}


@pytest.mark.parametrize("name", BOUNDARIES)
def test_only_invisible_characters_are_written_as_their_numbers(name):
    kept, numbered = BOUNDARIES[name]
    assert visible(kept) == kept
    assert visible(numbered) == "".join(f"[U+{ord(one):04X}]" for one in numbered)


def test_a_line_of_88_characters_stays_whole_and_one_of_89_is_broken():
    whole = f"{'x' * 40} {'y' * 47}"
    assert len(whole) == 88
    assert wrapped(whole) == whole
    assert wrapped(whole + "y").splitlines() == ["x" * 40, "y" * 48]


def test_an_indented_line_stays_indented_and_a_long_word_whole():
    assert wrapped(f"  {'x' * 60} {'y' * 60}").splitlines() == ["  " + "x" * 60, "  " + "y" * 60]
    assert wrapped("z" * 100) == "z" * 100
    assert wrapped(f"{'x' * 80} well-known") == f"{'x' * 80}\nwell-known"


HOSTILE, HARMLESS = "Bad\x1b[31m\u202e", "Bad[U+001B][31m[U+202E]"


def test_the_message_about_a_retry_quotes_no_control_characters(monkeypatch, capsys):
    monkeypatch.setattr(retries, "PATIENCE", -1.0)
    watcher = retries.RetryWatcher()
    watcher.response_received({}, {"Error": {"Code": HOSTILE}}, None)
    headers = {"amz-sdk-request": "attempt=2; max=3", "X-Amz-Target": "X.ListUserPools"}
    watcher.before_send(AWSRequest("POST", "http://localhost", headers=headers).prepare())
    assert f"the service said {HARMLESS}. Trying again, 2 of 3." in capsys.readouterr().out


def test_the_reason_nothing_was_sent_quotes_no_control_characters():
    said = why_unprepared(ClientError({"Error": {"Code": HOSTILE, "Message": HOSTILE}}, "SignUp"))
    assert said.endswith(f"Cognito rejected SignUp with {HARMLESS}: {HARMLESS}")
