"""Pagination tokens: the row a page begins after, and invalid tokens."""

import base64

import pytest

from cognito_helpers.local_cognito import paging
from cognito_helpers.local_cognito.errors import InvalidParameterException


def token(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


def test_without_a_token_the_first_page_comes():
    assert paging.after(None) == paging.after("") == ""
    assert paging.after_numbered(None) == paging.after_numbered("") == (0, "")


@pytest.mark.parametrize("last", ["x", "us-east-1_Abc", "ä b\n>>>???"])
def test_a_token_says_after_which_row_the_next_page_begins(last):
    assert paging.after(paging.token(last)) == last
    assert paging.after_numbered(paging.numbered_token(7, last)) == (7, last)


@pytest.mark.parametrize("number", [0, 9, 10**17, 10**18 - 1])
def test_a_number_has_at_most_eighteen_digits(number):
    assert paging.after_numbered(token(f"{number} key")) == (number, "key")


@pytest.mark.parametrize("text", [f"{10**18} key", "-1 key", " key", "7", "7key", "x key"])
def test_another_number_is_rejected(text):
    with pytest.raises(InvalidParameterException):
        paging.after_numbered(token(text))


@pytest.mark.parametrize("text", ["?", "YWJ", "YW=J", "____"])
def test_a_token_that_is_not_base64_of_a_text_is_rejected(text):
    with pytest.raises(InvalidParameterException):
        paging.after(text)
