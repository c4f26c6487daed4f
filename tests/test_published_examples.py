"""The six published programs beside the flow: each call is the operation's, each step is the
lesson's, and nothing is said of them by guessing.
"""

import ast
import re
from types import SimpleNamespace

import pytest
from botocore import xform_name
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from cognito_helpers import SixPrograms
from cognito_helpers.calls.aws_cli import Variable
from cognito_helpers.calls.published_examples import LEFT_OUT, STEPS, beside
from cognito_helpers.calls.sdk_syntax import SDKS
from cognito_helpers.tutorial_pool.lessons import Lesson
from etc.tools.lessons import LESSONS, MODEL, cells

SERVICE = ServiceModel(MODEL, "cognito-idp")
LAB = SimpleNamespace(requests=SimpleNamespace(model=SERVICE))
WITH_CALL = [step for step in STEPS if step.operation]
# Steps that come after the lesson, or at no one place of it.
ELSEWHERE = ["Meet a refusal", "Clean up"]


def filled(value):
    """A request with some text where the reader has the value."""
    if isinstance(value, Variable):
        return "x" * 40
    return (
        {name: filled(member) for name, member in value.items()}
        if isinstance(value, dict)
        else [*map(filled, value)]
        if isinstance(value, list)
        else value
    )


@pytest.mark.parametrize("step", WITH_CALL, ids=lambda step: step.title)
def test_what_a_step_sends_is_what_the_operation_takes(step):
    for operation, request in [(step.operation, step.request), *step.instead.values()]:
        report = ParamValidator().validate(
            filled(request), SERVICE.operation_model(operation).input_shape
        )
        assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("step", WITH_CALL, ids=lambda step: step.title)
def test_each_program_has_the_call_in_its_own_language(step):
    shown = {cell.sdk: cell for cell in beside(step, SERVICE)}
    assert list(shown) == list(SDKS) and step.programs.keys() <= SDKS.keys()
    for sdk, cell in shown.items():
        operation = step.instead.get(sdk, (step.operation,))[0]
        assert operation.lower() in cell.call.lower().replace("_", ""), sdk
        assert cell.remark
    python = ast.parse(shown["Python"].call).body[0].value
    assert (
        python.func.attr == xform_name(step.operation)
        and {keyword.arg for keyword in python.keywords} == step.request.keys()
    )


def test_a_step_without_a_call_shows_none():
    steps = [step for step in STEPS if not step.operation]
    assert steps and all(not cell.call for step in steps for cell in beside(step, SERVICE))


# step: the programs that take it; all of them where it is not here
TAKEN_BY = {
    "List the pools": {".NET", "Python"},
    "Look at the user": {".NET", "C++", "Java", "Kotlin", "Python"},
    "Ask for another code": {".NET", "C++", "Java", "Kotlin", "Python"},
    "List the users": {".NET", "Python"},
    "Finish the first sign-in": set(),
    "Have the device remembered": {".NET", "Python"},
    "List the devices": set(),
    "Sign in with the device": {"Python"},
    "Prove the device, first answer": {"Python"},
    "Prove the device, second answer": {"Python"},
    "Refresh the tokens": set(),
    "Revoke the tokens": set(),
    "Leave": {"C++"},
    "Clean up": set(),
}


@pytest.mark.parametrize("step", WITH_CALL, ids=lambda step: step.title)
def test_who_leaves_a_step_out(step):
    assert TAKEN_BY.keys() <= {step.title for step in WITH_CALL}
    taken = {cell.sdk for cell in beside(step, SERVICE) if not cell.remark.startswith(LEFT_OUT)}
    assert taken == TAKEN_BY.get(step.title, set(SDKS))


def test_the_steps_are_those_of_the_lesson_in_its_order():
    (lesson,) = (path for path in LESSONS if path.stem == Lesson.BUILD_AN_APP.stem)
    headings = re.findall(
        r"^##+ (.*)$", "\n".join(cell.source for cell in cells(lesson, "markdown")), re.MULTILINE
    )
    titles = list(
        dict.fromkeys(step.title.partition(",")[0] for step in STEPS if step.title not in ELSEWHERE)
    )
    assert [heading for heading in headings if heading in titles] == titles


def test_page_and_text_say_the_same():
    table = SixPrograms(LAB)
    page, text = table._repr_html_(), repr(table)
    assert page.count("<details>") == len(STEPS) == len(re.findall(r"^\d+\. ", text, re.MULTILINE))
    for step in STEPS:
        for cell in beside(step, SERVICE):
            assert f"{cell.sdk}: {cell.remark}" in text and " ".join(cell.call.split()) in text
    assert (
        "List<AttributeType>" in text
        and "List<AttributeType>" not in page
        and "List&lt;AttributeType&gt;" in page
    )
