"""A bug in a widget's callback: one sentence on the page, and a traceback to report."""

import io
import sys
import traceback
from contextlib import redirect_stdout

import ipywidgets
import pytest
from IPython.core.interactiveshell import InteractiveShell

from cognito_helpers.errors import LessonError
from cognito_helpers.ui.widget import Shown, View

SECRET = "planted-Passw0rd!"


class Broken(View):
    """A view whose button fails with `error`, if it's not None."""

    error: Exception | None = None

    def markup(self):
        if self.error:
            raise self.error
        return "<p>fine</p>"


@pytest.fixture(autouse=True)
def no_last_error():
    yield forget()
    forget()


def forget():
    for name in ("last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)


def told(view):
    return view.children[-1].value


def test_a_bug_in_a_callback_is_one_sentence_and_its_traceback_is_kept():
    view = Broken("text", "Look again")
    view.error = KeyError(SECRET)
    view._again.click()
    assert "Something went wrong in the lab itself (KeyError)." in told(view)
    assert "run %tb in a new cell" in told(view) and 'role="alert"' in told(view)
    assert SECRET not in told(view)
    kept = "".join(traceback.format_exception(sys.last_type, sys.last_value, sys.last_traceback))
    assert "in markup" in kept and "raise self.error" in kept


def test_the_magic_in_the_sentence_shows_the_traceback():
    view = Broken("text", "Look again")
    view.error = ZeroDivisionError("planted")
    view._again.click()
    shell, shown = InteractiveShell.instance(), io.StringIO()
    with redirect_stdout(shown):
        shell.run_line_magic("tb", "")
    InteractiveShell.clear_instance()
    assert "ZeroDivisionError" in shown.getvalue() and "markup" in shown.getvalue()


def test_a_message_for_learners_is_shown_and_no_traceback_is_kept():
    view = Broken("text", "Look again")
    view.error = LessonError("Sign up <first>.")
    view._again.click()
    assert "Sign up &lt;first&gt;." in told(view)
    assert not hasattr(sys, "last_value")


def test_the_sentence_disappears_when_a_callback_works_again():
    view = Broken("text", "Look again")
    view.error = ValueError()
    view._again.click()
    view.error = None
    view._again.click()
    assert told(view) == "" and "fine" in view._screen.value


def test_an_error_in_a_choice_is_shown_like_one_of_a_button():
    choice = ipywidgets.Dropdown(options=["a", "b"])
    box = Shown([choice], "text")

    def fail(_):
        raise ValueError

    choice.observe(box.safely(fail), names="value")
    choice.value = "b"
    assert "(ValueError)" in told(box)


def test_an_interrupt_is_not_a_bug():
    view = Broken("text", "Look again")

    def stopped():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        view.safely(stopped)()
