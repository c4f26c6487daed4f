"""What interrupted lessons left: found in every Region, listed, and deleted only if selected."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from cognito_helpers import Leftovers, use_pool
from cognito_helpers.backends.local import EmulatorBackend
from cognito_helpers.errors import LessonError
from cognito_helpers.lab.lab import Lab
from cognito_helpers.lessons.leftovers import APP_CLIENT, POOL, PROTECTED_POOL, USER, find
from cognito_helpers.tutorial_pool.settings import POOL_NAME, POOL_SETTINGS, TAGS
from etc.tools.lessons import LESSONS, cells
from tests.test_guard import OtherPool, lab_at


@pytest.fixture(name="both", params=["in process", "over HTTP"])
def lab_and_other_pool(request, tmp_path, monkeypatch):
    with lab_at(request.param, tmp_path, monkeypatch) as both:
        yield both


def make(cognito: Any, **settings: Any) -> str:
    return cognito.create_user_pool(PoolName=POOL_NAME, **{**POOL_SETTINGS, **settings})[
        "UserPool"
    ]["Id"]


def kinds(left: Leftovers | Any) -> list[tuple[str, str]]:
    return sorted((thing.kind, thing.id) for thing in left.things)


def cell(start: str) -> str:
    """The cell of the lesson that cleans up that begins with `start`."""
    (found,) = (one.source for one in cells(LESSONS[-1], "code") if one.source.startswith(start))
    return found


def run(lab: Lab, left: Leftovers, *starts: str, lift: str = "no") -> None:
    """Run cells of that lesson unchanged."""
    answers = type("Answers", (), {"lift": lift})
    for start in starts:
        exec(
            cell(start),
            {"lab": lab, "left": left, "answers": answers, "TAGS": TAGS, "Leftovers": Leftovers},
        )  # noqa: S102 - the lesson's own


LIFT, DELETE_WITHIN, DELETE_POOLS = (
    'if answers.lift == "yes"',
    "for user in left.selected",
    "for pool in left.selected",
)


def test_everything_with_the_tag_is_found_and_nothing_else(both):
    lab, other = both
    mine = make(lab.cognito)
    protected = make(other, DeletionProtection="ACTIVE")
    elsewhere = make(lab.client_in("eu-west-1"))
    for tags in ({}, {"made-by": "somebody"}):
        make(other, UserPoolTags=tags)
    found = find(lab, ["us-east-1", "eu-west-1"])
    assert kinds(found) == sorted([(POOL, mine), (PROTECTED_POOL, protected), (POOL, elsewhere)])
    assert found.notes == [
        "us-east-1: 4 pools, 2 with the tutorial's tag.",
        "eu-west-1: 1 pool, 1 with the tutorial's tag.",
    ]
    said = {thing.id: thing.about for thing in found.things}
    assert re.fullmatch(
        r"created \d{4}-\d\d-\d\d, about 0 users, deletion protection off; created by this lab",
        said[mine],
    )
    assert (
        "deletion protection on; not created by this lab: on another computer, or by a colleague"
        in said[protected]
    )
    assert [call.operation for call in lab.requests.calls] == ["CreateUserPool"], (
        "the looks are the lab's own"
    )


def test_a_long_list_is_read_to_its_end(both):
    lab, other = both
    for _ in range(61):
        other.create_user_pool(PoolName="x")
    last = {make(other) for _ in range(3)}
    steps: list[str] = []
    found = find(lab, ["us-east-1"], steps.append)
    assert {thing.id for thing in found.things} == last
    assert (
        len(steps) == 64 and steps[-1] == "us-east-1: looking at pool 64 of 64; 15 a second at most"
    )


def test_only_selected_pools_are_deleted_and_a_protected_one_only_after_a_second_confirmation(
    both, capsys
):
    lab, other = both
    mine, kept, protected = (
        make(lab.cognito),
        make(lab.cognito),
        make(lab.cognito, DeletionProtection="ACTIVE"),
    )
    elsewhere = make(lab.client_in("eu-west-1"))
    theirs = OtherPool(other)
    before = theirs.everything()

    def there() -> set[str]:
        return {thing.id for thing in find(lab, ["us-east-1", "eu-west-1"]).things}

    left = Leftovers(lab, "us-east-1, eu-west-1")
    run(lab, left, LIFT, DELETE_WITHIN, DELETE_POOLS, lift="yes")
    assert there() == {mine, kept, protected, elsewhere}, "nothing was selected"
    left.select(mine, protected, elsewhere)
    run(lab, left, LIFT, DELETE_WITHIN, DELETE_POOLS)
    assert there() == {kept, protected}
    run(lab, left, LIFT, DELETE_WITHIN, DELETE_POOLS, lift="yes")
    assert there() == {kept}
    run(lab, left, LIFT, DELETE_WITHIN, DELETE_POOLS, lift="yes")
    assert there() == {kept}, "and once more is safe"
    assert capsys.readouterr().out.count("Deleted:") == 3
    assert theirs.everything() == before


def test_what_the_lab_created_in_another_persons_pool_is_found_and_deleted(both):
    lab, other = both
    theirs = OtherPool(other)
    before = theirs.everything()
    use_pool(lab, theirs.pool_id, theirs.client_id)
    lab.cognito.sign_up(
        ClientId=lab.client_id,
        Username="ana",
        Password="Passw0rd!",
        UserAttributes=[{"Name": "email", "Value": "ana@example.com"}],
    )
    secret = lab.cognito.create_user_pool_client(
        UserPoolId=theirs.pool_id, ClientName="secret", GenerateSecret=True
    )["UserPoolClient"]
    left = Leftovers(lab, "us-east-1")
    assert secret["ClientSecret"] not in repr(left)
    assert f"[ ] app client {secret['ClientId']}\n      “secret”, in pool" in repr(
        left
    ) and "with a secret; created by this lab" in repr(left)
    assert f"[ ] user ana\n      “ana”, sub {lab.inventory.users[0][2]}, in pool" in repr(left)
    left.select(secret["ClientId"], lab.inventory.users[0][2])
    assert [thing.name for kind in (APP_CLIENT, USER) for thing in left.selected(kind)] == [
        "secret",
        "ana",
    ]
    run(lab, left, DELETE_WITHIN, DELETE_WITHIN)
    assert (
        find(lab, ["us-east-1"]).things == [] and lab.inventory.users == lab.inventory.clients == []
    )
    assert theirs.everything() == before


def test_the_client_in_use_by_the_lessons_is_not_a_leftover(both):
    lab, _ = both
    pool_id = make(lab.cognito)
    lab.pool_id = pool_id
    lab.client_id = lab.cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="x")[
        "UserPoolClient"
    ]["ClientId"]
    (found,) = find(lab, ["us-east-1"]).things
    assert found.id == pool_id and found.about.endswith(
        "created by this lab; the pool of your lessons now"
    )


def denied(operation: str, pool_id: str | None = None) -> Any:
    """A handler that denies an operation as IAM does, for one pool or for all."""

    def refuse(params: Any, **_: Any) -> None:
        if pool_id is None or params.get("UserPoolId") == pool_id:
            raise ClientError(
                {
                    "Error": {
                        "Code": "AccessDeniedException",
                        "Message": "User: x is not authorized",
                    }
                },
                operation,
            )

    return refuse


def test_a_pool_without_read_permission_is_counted_and_left_alone(tmp_path):
    lab = Lab(EmulatorBackend(tmp_path))
    mine, hidden = make(lab.cognito), lab.cognito.create_user_pool(PoolName="x")["UserPool"]["Id"]
    lab.cognito.meta.events.register(
        "before-parameter-build.cognito-identity-provider.DescribeUserPool",
        denied("DescribeUserPool", hidden),
    )
    found = find(lab, ["us-east-1"])
    assert kinds(found) == [(POOL, mine)]
    assert found.notes == [
        "us-east-1: 2 pools, 1 with the tutorial's tag, 1 can't be read with these credentials."
    ]
    lab.cognito.delete_user_pool(UserPoolId=mine)
    assert repr(Leftovers(lab, "us-east-1")).endswith("was found in the places the lab could read.")


def no_answer(**_: Any) -> None:
    raise EndpointConnectionError(endpoint_url="https://x")


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (
            denied("ListUserPools"),
            (
                "us-east-1: ListUserPools was rejected (AccessDeniedException), so what's there"
                " isn't known."
            ),
        ),
        (
            no_answer,
            (
                "us-east-1: no answer (EndpointConnectionError), so what's there isn't known. Is"
                " that the name of a Region?"
            ),
        ),
    ],
)
def test_a_region_that_does_not_respond_does_not_hide_the_others(tmp_path, handler, words):
    lab = Lab(EmulatorBackend(tmp_path))
    elsewhere = make(lab.client_in("eu-west-1"))
    lab.cognito.meta.events.register(
        "before-parameter-build.cognito-identity-provider.ListUserPools", handler
    )
    found = find(lab, ["us-east-1", "eu-west-1"])
    assert (
        [thing.id for thing in found.things] == [elsewhere]
        and found.notes[0] == words
        and not found.everything
    )


def test_a_pool_that_lost_its_tag_after_it_was_selected_is_left_alone(tmp_path):
    lab = Lab(EmulatorBackend(tmp_path))
    pool_id = make(lab.cognito)
    left = Leftovers(lab, "us-east-1")
    left.select(pool_id)
    lab.client_in("us-east-1").update_user_pool(UserPoolId=pool_id, UserPoolTags={})
    assert left.selected(POOL) == []


def test_names_chosen_by_others_are_escaped_and_mistakes_are_a_sentence(tmp_path):
    lab = Lab(EmulatorBackend(tmp_path))
    pool_id = make(lab.cognito)
    left = Leftovers(lab, "us-east-1")
    boxes = [child for child in left.children if hasattr(child, "indent")]
    assert [(box.value, box.description) for box in boxes] == [(False, f"pool {pool_id}")]
    with pytest.raises(LessonError, match=f"“x” isn't in the list: it has {pool_id}"):
        left.select("x")
    with pytest.raises(LessonError, match="There's no kind “pools”"):
        left.selected("pools")
    empty = Leftovers(lab, "eu-west-1")
    assert (
        repr(empty) == "eu-west-1: 0 pools, 0 with the tutorial's tag.\n"
        "Nothing from the tutorial is left there."
    )
    with pytest.raises(LessonError, match="it has nothing"):
        empty.select(pool_id)
