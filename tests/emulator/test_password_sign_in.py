"""Signing in with a password, client-side and server-side, and the lock after too many wrong ones.
BEHAVIOR.md, 1.7, 10.2 and section 8.
"""

import re

import pytest

from cognito_helpers.local_cognito.crypto import srp

from .flow import MINUTE, PASSWORD, PLANES, TUTORIAL_FLOWS, WRONG_PASSWORD, rejects

WRONG = "NotAuthorizedException", "Incorrect username or password."
LOCKED = "NotAuthorizedException", "Password attempts exceeded"
# The final full stop is open (9.6).
NOT_FOR_THIS_CALL = (
    "InvalidParameterException",
    re.compile(r"Initiate Auth method not supported\.?"),
)
REFRESH_ONLY = {"mfa": "OFF", "client": {"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]}}


def nothing(flow):
    pass


def missing(parameter):
    return "InvalidParameterException", f"Missing required parameter {parameter}"


def no_such_client(flow):
    flow.confirmed()
    flow.client_id = "nosuchclient"


def no_such_pool(flow):
    flow.confirmed()
    flow.pool_id = "us-east-1_nosuchone"


def wrong(flow, times=1):
    for _ in range(times):
        with rejects(flow, *WRONG):
            flow.sign_in(WRONG_PASSWORD)


# fact: (the pool, what happens first, the call, the error); each row is tried client-side and
# server-side
ERRORS = {
    "1.7 wrong password": (
        "tutorial",
        lambda f: f.confirmed(),
        lambda f: f.sign_in(WRONG_PASSWORD),
        WRONG,
    ),
    "1.7 password in other case": (
        "tutorial",
        lambda f: f.confirmed(),
        lambda f: f.sign_in(PASSWORD.upper()),
        WRONG,
    ),
    "1.7 password outside ASCII": (
        "tutorial",
        lambda f: f.confirmed(),
        lambda f: f.sign_in("Pässwort-7"),
        WRONG,
    ),
    "10.2 wrong password, name in capitals": (
        "tutorial",
        lambda f: f.confirmed(),
        lambda f: f.sign_in(WRONG_PASSWORD, username="ALICE"),
        WRONG,
    ),
    "1.7 unknown": (
        "tutorial",
        nothing,
        lambda f: f.sign_in(),
        ("UserNotFoundException", "User does not exist."),
    ),
    "10.2 unknown, the client hides who exists": ("hiding", nothing, lambda f: f.sign_in(), WRONG),
    "1.16 name in capitals, where the pool minds": (
        "case-sensitive",
        lambda f: f.confirmed(),
        lambda f: f.sign_in(username="ALICE"),
        ("UserNotFoundException", "User does not exist."),
    ),
    "1.7 unconfirmed": (
        "tutorial",
        lambda f: f.sign_up(),
        lambda f: f.sign_in(),
        ("UserNotConfirmedException", "User is not confirmed."),
    ),
    "12.3 unconfirmed comes before the password": (
        "tutorial",
        lambda f: f.sign_up(),
        lambda f: f.sign_in(WRONG_PASSWORD),
        ("UserNotConfirmedException", "User is not confirmed."),
    ),
    "1.7 disabled": (
        "tutorial",
        lambda f: f.confirmed().disable(),
        lambda f: f.sign_in(),
        ("NotAuthorizedException", "User is disabled."),
    ),
    "1.7 no such client": (
        "tutorial",
        no_such_client,
        lambda f: f.sign_in(),
        ("ResourceNotFoundException", "User pool client nosuchclient does not exist."),
    ),
    "1.7 no USERNAME": (
        "tutorial",
        lambda f: f.confirmed(),
        lambda f: f.sign_in(USERNAME=None),
        missing("USERNAME"),
    ),
    "choice: no PASSWORD": (
        "tutorial",
        lambda f: f.confirmed(),
        lambda f: f.sign_in(PASSWORD=None),
        missing("PASSWORD"),
    ),
    "choice: empty PASSWORD": (
        "tutorial",
        lambda f: f.confirmed(),
        lambda f: f.sign_in(PASSWORD=""),
        missing("PASSWORD"),
    ),
}


# User names or aliases with white space or an invisible character
WHITE_SPACE = ["alice ", " ", "al ice", "alice\u3000", "alice\n", "alice\0"]
PATTERN = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+"
UNFIT_NAME = (
    "InvalidParameterException",
    (
        "2 validation errors detected: Value at 'userAlias' failed to satisfy constraint: Member"
        f" must satisfy regular expression pattern: {PATTERN}; Value at 'userName' failed to"
        f" satisfy constraint: Member must satisfy regular expression pattern: {PATTERN}"
    ),
)
# None: the plane's own flow with a password.
FLOWS = [None, "USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"]


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("auth_flow", FLOWS)
@pytest.mark.parametrize("username", WHITE_SPACE)
def test_white_space_in_a_user_name_is_rejected_in_every_flow(
    make_flow, plane, auth_flow, username
):
    """12.5"""
    flow = make_flow(
        "no MFA", client={"ExplicitAuthFlows": [*TUTORIAL_FLOWS, "ALLOW_USER_SRP_AUTH"]}
    ).confirmed()
    with rejects(flow, *UNFIT_NAME):
        flow.sign_in(username=username, plane=plane, flow=auth_flow, SRP_A="abc")


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("username", WHITE_SPACE)
def test_white_space_in_a_user_name_is_rejected_in_a_response(flow, plane, username):
    """12.5 by analogy"""
    flow.challenged()
    with rejects(flow, *UNFIT_NAME):
        flow.send_code(USERNAME=username, plane=plane)


@pytest.mark.parametrize("plane", PLANES)
def test_a_sub_is_not_a_user_name(no_mfa, plane):
    """12.3: under LEGACY, in a pool with user names."""
    no_mfa.confirmed()
    with rejects(no_mfa, "UserNotFoundException", "User does not exist."):
        no_mfa.sign_in(username=no_mfa.attributes()["sub"], plane=plane)


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_signing_in_with_a_password_is_rejected(make_flow, plane, kind, before, call, error):
    flow = make_flow(kind)
    flow.plane = plane
    before(flow)
    with rejects(flow, *error):
        call(flow)


# fact: (the pool, the plane, the requested flow, the error)
FLOW_ERRORS = {
    "1.7 admin flow in the user plane": ({}, "user", "ADMIN_USER_PASSWORD_AUTH", NOT_FOR_THIS_CALL),
    "1.7 old admin flow in the user plane": ({}, "user", "ADMIN_NO_SRP_AUTH", NOT_FOR_THIS_CALL),
    "1.7 user flow in the admin plane": ({}, "admin", "USER_PASSWORD_AUTH", NOT_FOR_THIS_CALL),
    "1.7 user flow not enabled": (
        REFRESH_ONLY,
        "user",
        "USER_PASSWORD_AUTH",
        ("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"),
    ),
    "1.7 admin flow not enabled": (
        REFRESH_ONLY,
        "admin",
        "ADMIN_USER_PASSWORD_AUTH",
        ("InvalidParameterException", "Auth flow not enabled for this client"),
    ),
    "1.7, 11.14 custom flow not enabled": (
        {},
        "user",
        "CUSTOM_AUTH",
        ("InvalidParameterException", "CUSTOM_AUTH is not enabled for the client."),
    ),
    "1.7, 11.14 custom flow not enabled, admin": (
        {},
        "admin",
        "CUSTOM_AUTH",
        ("InvalidParameterException", "CUSTOM_AUTH is not enabled for the client."),
    ),
}


@pytest.mark.parametrize(
    ("variant", "plane", "auth_flow", "error"), FLOW_ERRORS.values(), ids=FLOW_ERRORS
)
def test_a_flow_is_rejected_in_the_other_plane(make_flow, variant, plane, auth_flow, error):
    flow = make_flow(**variant).confirmed()
    with rejects(flow, *error):
        flow.sign_in(plane=plane, flow=auth_flow)


def test_an_unknown_pool_is_rejected_before_the_client_is_checked(flow):
    """1.7"""
    no_such_pool(flow)
    with rejects(
        flow, "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."
    ):
        flow.sign_in(plane="admin")


def test_a_client_of_another_pool_is_unknown_in_this_one(make_flow):
    """1.7"""
    flow, other = make_flow().confirmed(), make_flow()
    flow.pool_id = other.pool_id
    with rejects(flow, "ResourceNotFoundException"):
        flow.sign_in(plane="admin")


@pytest.mark.parametrize("username", ["alice", "ALICE"])
@pytest.mark.parametrize(
    ("plane", "auth_flow"), [("user", None), ("admin", None), ("admin", "ADMIN_NO_SRP_AUTH")]
)
def test_if_mfa_is_off_the_password_is_enough_for_tokens(make_flow, plane, auth_flow, username):
    """1.7, 10.2: ChallengeParameters is present and empty; the old name of the admin flow still
    works; case doesn't matter here.
    """
    old = {"client": {"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH"]}} if auth_flow else {}
    flow = make_flow("no MFA", **old).confirmed()

    answer = flow.sign_in(username=username, plane=plane, flow=auth_flow)

    assert answer["ChallengeParameters"] == {}
    assert set(answer["AuthenticationResult"]) == {
        "AccessToken",
        "ExpiresIn",
        "TokenType",
        "RefreshToken",
        "IdToken",
    }
    assert answer["AuthenticationResult"]["ExpiresIn"] == 3600
    assert answer["AuthenticationResult"]["TokenType"] == "Bearer"
    assert "ChallengeName" not in answer
    assert "Session" not in answer


@pytest.mark.parametrize("plane", PLANES)
def test_a_disabled_user_signs_in_again_once_enabled(no_mfa, plane):
    """10.2"""
    no_mfa.confirmed().disable()
    with rejects(no_mfa, "NotAuthorizedException", "User is disabled."):
        no_mfa.sign_in(plane=plane)
    no_mfa.enable()
    assert no_mfa.sign_in(plane=plane)["AuthenticationResult"]


def test_the_work_does_not_reveal_who_exists(make_flow, monkeypatch):
    """Section 8. A client that hides who exists would reveal it by its speed, if it did less for an
    unknown name.
    """
    flow = make_flow("hiding").confirmed()
    reckoned = []
    original = srp.verifier
    monkeypatch.setattr(srp, "verifier", lambda *given: reckoned.append(given) or original(*given))
    for username in ("alice", "nobody"):
        with rejects(flow, *WRONG):
            flow.sign_in(WRONG_PASSWORD, username=username)
    names = [srp.user_identity(flow.pool_id, username) for username in ("alice", "nobody")]
    assert [given[:2] for given in reckoned] == [(name, WRONG_PASSWORD) for name in names]


# The lock

# The wrong password before it: how long it locks. From the fifth on, 2 to the power of (n - 5)
# seconds, to about 15 minutes.
LOCKS = {5: 1, 6: 2, 7: 4, 8: 8, 9: 16, 10: 32, 11: 64, 12: 128, 13: 256, 14: 512, 15: 15 * MINUTE}


def test_each_wrong_password_from_the_fifth_doubles_the_lock(no_mfa):
    """Section 8. The last moment of each lock beside the first after it. Attempts during a lock
    don't lengthen it.
    """
    no_mfa.confirmed()
    wrong(no_mfa, 4)
    for lock in LOCKS.values():
        wrong(no_mfa)
        for wait in (0, lock - 0.5):
            no_mfa.wait(wait)
            for password in (PASSWORD, WRONG_PASSWORD):
                with rejects(no_mfa, *LOCKED):
                    no_mfa.sign_in(password)
        no_mfa.wait(0.5)
    assert no_mfa.sign_in()["AuthenticationResult"]


def test_four_wrong_passwords_start_no_lock(no_mfa):
    """Section 8"""
    no_mfa.confirmed()
    wrong(no_mfa, 4)
    assert no_mfa.sign_in()["AuthenticationResult"]


def test_a_right_password_resets_the_count(no_mfa):
    """Section 8: after the lock has passed."""
    no_mfa.confirmed()
    wrong(no_mfa, 7 - 2)
    no_mfa.wait(1)
    no_mfa.sign_in()
    wrong(no_mfa, 4)
    no_mfa.sign_in()
    wrong(no_mfa, 5)
    with rejects(no_mfa, *LOCKED):
        no_mfa.sign_in()


def test_15_minutes_without_attempts_reset_the_count(no_mfa):
    """Section 8"""
    no_mfa.confirmed()
    wrong(no_mfa, 4)
    no_mfa.wait(15 * MINUTE)
    wrong(no_mfa, 4)
    assert no_mfa.sign_in()["AuthenticationResult"]


def test_one_second_less_does_not_reset_it(no_mfa):
    """Section 8"""
    no_mfa.confirmed()
    wrong(no_mfa, 4)
    no_mfa.wait(15 * MINUTE - 1)
    wrong(no_mfa)
    with rejects(no_mfa, *LOCKED):
        no_mfa.sign_in()


def test_after_the_longest_lock_the_count_begins_at_one(no_mfa):
    """Section 8: fifteen minutes without attempts"""
    no_mfa.confirmed()
    no_mfa.sql(
        "UPDATE users SET failed_passwords = 40, last_failure = ?", no_mfa.emulator.clock.now()
    )
    no_mfa.wait(15 * MINUTE - 1)
    with rejects(no_mfa, *LOCKED):
        no_mfa.sign_in()
    no_mfa.wait(1)
    wrong(no_mfa, 5)
    no_mfa.wait(1)
    assert no_mfa.sign_in()["AuthenticationResult"]


def test_client_side_and_server_side_attempts_share_one_count(no_mfa):
    """Section 8"""
    no_mfa.confirmed()
    for plane in ("user", "admin", "user", "admin", "user"):
        with rejects(no_mfa, *WRONG):
            no_mfa.sign_in(WRONG_PASSWORD, plane=plane)
    for plane in PLANES:
        with rejects(no_mfa, *LOCKED):
            no_mfa.sign_in(plane=plane)


def test_one_users_lock_does_not_affect_another(no_mfa):
    """Section 8"""
    no_mfa.confirmed().confirmed("bob")
    wrong(no_mfa, 5)
    assert no_mfa.sign_in(username="bob")["AuthenticationResult"]


def test_all_flows_of_the_tutorials_client_are_enabled(no_mfa):
    """1.7"""
    no_mfa.signed_in()
    assert no_mfa.client["ExplicitAuthFlows"] == TUTORIAL_FLOWS
    assert no_mfa.sign_in(plane="admin")["AuthenticationResult"]
    assert no_mfa.refresh()["AuthenticationResult"]
