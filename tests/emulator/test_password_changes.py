"""Forgotten passwords, changes, and passwords set by an administrator. BEHAVIOR.md, sections 3 and
8, 10.2 and 10.7.

"O" marks words that were observed, "D" what AWS documents: the model, and the developer guide's
page on user existence errors.
"""

import re
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from .flow import (
    DAY,
    EMAIL,
    HOUR,
    MASKED,
    PASSWORD,
    STEP,
    UNTRACKED,
    WRONG_PASSWORD,
    pairs,
    plain,
    rejects,
    unchanged,
)

NEW = "Another-Horse-8"
MISMATCH = "CodeMismatchException", "Invalid verification code provided, please try again."
EXPIRED = "ExpiredCodeException", "Invalid code provided, please request a code again."
TOO_OFTEN = "LimitExceededException", "Attempt limit exceeded, please try after some time."
WRONG = "NotAuthorizedException", "Incorrect username or password."
DISABLED = "NotAuthorizedException", "User is disabled."
NOBODY = "UserNotFoundException", "Username/client id combination not found."
NO_USER = "UserNotFoundException", "User does not exist."
NO_CLIENT = "ResourceNotFoundException", "User pool client nosuchclient does not exist."
NO_POOL = "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."
NOWHERE_TO_SEND = (
    "InvalidParameterException",
    "Cannot reset password for the user as there is no registered/verified email or phone_number",
)
NOT_IN_THIS_STATE = "NotAuthorizedException", "User password cannot be reset in the current state."
TOO_SHORT = (
    "InvalidPasswordException",
    "Password did not conform with policy: Password not long enough",
)
# The final full stop is open (9.6).
EXPIRED_TEMPORARY = re.compile(
    r"Temporary password has expired and must be reset by an administrator\.?"
)
TOO_SHORT_TO_RESET = (
    "InvalidPasswordException",
    "Password does not conform to policy: Password not long enough",
)
NO_DIGIT = (
    "InvalidPasswordException",
    "Password did not conform with policy: Password must have numeric characters",
)
HIDING = {"client": {"PreventUserExistenceErrors": "ENABLED"}}


def recovery(*names):
    """A pool that recovers passwords in these ways, the first one preferred."""
    mechanisms = [
        {"Priority": priority, "Name": name} for priority, name in enumerate(names, start=1)
    ]
    return {"pool": UNTRACKED | {"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}}}


# Changes to a pool without MFA.
OWN_POOLS = {
    "no MFA, hiding": HIDING,
    "administrators recover": recovery("admin_only"),
    "phones recover": recovery("verified_phone_number"),
}


def nothing(flow):
    pass


def unknown_client(flow):
    """The call comes from a client that doesn't exist."""
    flow.client_id = "nosuchclient"


def no_such_pool(flow):
    flow.pool_id = "us-east-1_nosuchone"


def forgotten(flow):
    flow.reading_mail().confirmed().forgot()


def forgotten_by_two(flow):
    flow.reading_mail().confirmed().confirmed("bob")
    flow.forgot()
    flow.forgot("bob")


def asked_twice(flow):
    forgotten(flow)
    flow.first_code = flow.email_code()
    while flow.forgot() and flow.email_code() == flow.first_code:
        pass


def with_temporary_password(flow):
    flow.confirmed().set_password(NEW, permanent=False)


def forgotten_then_given_a_temporary_one(flow):
    forgotten(flow)
    flow.set_password(NEW, permanent=False)


# fact: (the pool, what happens first, the call, the error)
ERRORS = {
    "1.7 no such client, ForgotPassword": (
        "no MFA",
        unknown_client,
        lambda f: f.forgot(),
        NO_CLIENT,
    ),
    "1.7 no such client, ConfirmForgotPassword": (
        "no MFA",
        unknown_client,
        lambda f: f.reset(NEW, "123456"),
        NO_CLIENT,
    ),
    "1.7 no such pool, AdminSetUserPassword": (
        "no MFA",
        no_such_pool,
        lambda f: f.set_password(NEW),
        NO_POOL,
    ),
    "1.4 unknown, AdminSetUserPassword": (
        "no MFA",
        nothing,
        lambda f: f.set_password(NEW),
        NO_USER,
    ),
    "1.4 unknown, AdminSetUserPassword, the client hides": (
        "no MFA, hiding",
        nothing,
        lambda f: f.set_password(NEW),
        NO_USER,
    ),
    "1.2 unknown, ForgotPassword": ("no MFA", nothing, lambda f: f.forgot(), NOBODY),
    "1.2 unknown, ConfirmForgotPassword": (
        "no MFA",
        nothing,
        lambda f: f.reset(NEW, "123456"),
        NOBODY,
    ),
    "O no verified address": (
        "no MFA",
        lambda f: f.sign_up(),
        lambda f: f.forgot(),
        NOWHERE_TO_SEND,
    ),
    "O no address at all": (
        "bare",
        lambda f: (f.sign_up(UserAttributes=[]), f.set_password(NEW)),
        lambda f: f.forgot(),
        NOWHERE_TO_SEND,
    ),
    "O a temporary password, ForgotPassword": (
        "no MFA",
        with_temporary_password,
        lambda f: f.forgot(),
        NOT_IN_THIS_STATE,
    ),
    "O disabled, ForgotPassword": (
        "no MFA",
        lambda f: f.confirmed().disable(),
        lambda f: f.forgot(),
        DISABLED,
    ),
    "D hiding, a temporary password": (
        "no MFA, hiding",
        with_temporary_password,
        lambda f: f.forgot(),
        NOT_IN_THIS_STATE,
    ),
    "D hiding, unknown, ConfirmForgotPassword": (
        "no MFA, hiding",
        nothing,
        lambda f: f.reset(NEW, "123456"),
        MISMATCH,
    ),
    "D hiding, disabled, ConfirmForgotPassword": (
        "no MFA, hiding",
        lambda f: (forgotten(f), f.disable()),
        lambda f: f.reset(NEW),
        MISMATCH,
    ),
    "D hiding, no code was asked for": (
        "no MFA, hiding",
        lambda f: f.confirmed(),
        lambda f: f.reset(NEW, "123456"),
        EXPIRED,
    ),
    "1.3 wrong code": (
        "no MFA",
        forgotten,
        lambda f: f.reset(NEW, f.wrong_email_code()),
        MISMATCH,
    ),
    "1.3 code outside ASCII": (
        "no MFA",
        forgotten,
        lambda f: f.reset(NEW, "４８２９１３"),
        MISMATCH,
    ),
    "1.3 code of another user": (
        "no MFA",
        forgotten_by_two,
        lambda f: f.reset(NEW, "77" + f.email_code("bob")),
        MISMATCH,
    ),
    "1.3 no code was asked for": (
        "no MFA",
        lambda f: f.confirmed(),
        lambda f: f.reset(NEW, "123456"),
        EXPIRED,
    ),
    "1.3 a code that was used": (
        "no MFA",
        lambda f: (forgotten(f), f.reset(NEW)),
        lambda f: f.reset(PASSWORD),
        EXPIRED,
    ),
    "section 3 code an hour old": (
        "no MFA",
        lambda f: (forgotten(f), f.wait(HOUR)),
        lambda f: f.reset(NEW),
        EXPIRED,
    ),
    "12.2 policy, ConfirmForgotPassword": (
        "no MFA",
        forgotten,
        lambda f: f.reset("Short-1"),
        TOO_SHORT_TO_RESET,
    ),
    "1.1 policy, ChangePassword": (
        "no MFA",
        lambda f: f.signed_in(),
        lambda f: f.change_password("No-Digit-Here"),
        NO_DIGIT,
    ),
    "1.1 policy, AdminSetUserPassword": (
        "no MFA",
        lambda f: f.confirmed(),
        lambda f: f.set_password("Short-1"),
        TOO_SHORT,
    ),
    "1.1 policy, a temporary password": (
        "no MFA",
        lambda f: f.confirmed(),
        lambda f: f.set_password("Short-1", permanent=False),
        TOO_SHORT,
    ),
    "1.7 wrong previous password": (
        "no MFA",
        lambda f: f.signed_in(),
        lambda f: f.change_password(NEW, previous=WRONG_PASSWORD),
        WRONG,
    ),
    "choice: disabled, ConfirmForgotPassword": (
        "no MFA",
        lambda f: (forgotten(f), f.disable()),
        lambda f: f.reset(NEW),
        DISABLED,
    ),
    "choice: a temporary password since, ConfirmForgotPassword": (
        "no MFA",
        forgotten_then_given_a_temporary_one,
        lambda f: f.reset(PASSWORD),
        NOT_IN_THIS_STATE,
    ),
    "choice: the code before the last": (
        "no MFA",
        asked_twice,
        lambda f: f.reset(NEW, f.first_code),
        MISMATCH,
    ),
    "choice: a sign-up code": ("no MFA", lambda f: f.sign_up(), lambda f: f.reset(NEW), EXPIRED),
    "choice: the code before the policy": (
        "no MFA",
        forgotten,
        lambda f: f.reset("Short-1", f.wrong_email_code()),
        MISMATCH,
    ),
    "choice: no previous password": (
        "no MFA",
        lambda f: f.signed_in(),
        lambda f: f.aws.change_password(AccessToken=f.tokens["AccessToken"], ProposedPassword=NEW),
        ("InvalidParameterException", None),
    ),
    "choice: recovery by an administrator alone": (
        "administrators recover",
        lambda f: f.confirmed(),
        lambda f: f.forgot(),
        NOWHERE_TO_SEND,
    ),
    "choice: recovery by phone alone": (
        "phones recover",
        lambda f: f.confirmed(),
        lambda f: f.forgot(),
        NOWHERE_TO_SEND,
    ),
}


@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_changing_a_password_is_rejected(make_flow, kind, before, call, error):
    flow = make_flow("no MFA", **OWN_POOLS[kind]) if kind in OWN_POOLS else make_flow(kind)
    before(flow)
    with rejects(flow, *error):
        call(flow)


# The only ways to a new password: (how to get before it, the call). Old and new change places at
# once.
WAYS = {
    "section 3 ConfirmForgotPassword": (forgotten, lambda f: f.reset(NEW)),
    "10.2 ChangePassword": (lambda f: f.signed_in(), lambda f: f.change_password(NEW)),
    "D AdminSetUserPassword": (lambda f: f.confirmed(), lambda f: f.set_password(NEW)),
}
EACH_WAY = pytest.mark.parametrize(("before", "call"), WAYS.values(), ids=WAYS)


@EACH_WAY
def test_the_new_password_works_and_the_old_one_does_not(no_mfa, before, call):
    before(no_mfa)
    assert call(no_mfa) == {}
    with rejects(no_mfa, *WRONG):
        no_mfa.sign_in(PASSWORD)
    assert no_mfa.sign_in(NEW)["AuthenticationResult"]


@EACH_WAY
def test_a_new_password_changes_the_users_second_date(no_mfa, before, call):
    """10.7"""
    before(no_mfa)
    no_mfa.wait(10)
    call(no_mfa)
    user = no_mfa.look()
    assert user["UserLastModifiedDate"] - user["UserCreateDate"] == timedelta(seconds=10)
    assert user["UserStatus"] == "CONFIRMED"


@EACH_WAY
def test_the_authenticator_app_stays_after_a_new_password(make_flow, before, call):
    """10.2: the next sign-in asks for its code."""
    flow = make_flow("untracked").enrolled().wait(STEP)
    flow.confirmed = flow.signed_in = lambda: flow
    before(flow)
    call(flow)
    assert flow.sign_in(NEW)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert flow.send_code()["AuthenticationResult"]


@EACH_WAY
def test_a_new_password_signs_no_one_out(no_mfa, before, call):
    """Choice: nothing is known to revoke the tokens."""
    before(no_mfa)
    no_mfa.sign_in()
    call(no_mfa)
    assert no_mfa.get_user()["Username"] == "alice"
    assert no_mfa.refresh()["AuthenticationResult"]


def test_the_verifier_has_a_new_salt_each_time(no_mfa):
    """Setting the same password again can't be recognized."""
    no_mfa.confirmed()
    (before,) = no_mfa.state()["users"]
    no_mfa.set_password(PASSWORD)
    (after,) = no_mfa.state()["users"]
    assert after["salt"] != before["salt"]
    assert after["verifier"] != before["verifier"]


# Forgotten


def test_the_code_is_emailed_to_the_verified_address(no_mfa):
    """1.1 for how it is shown"""
    no_mfa.confirmed()
    assert no_mfa.forgot() == {
        "CodeDeliveryDetails": {
            "Destination": MASKED,
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
    }
    message = no_mfa.emulator.inbox("alice")[-1]
    assert message.destination == EMAIL
    assert len(message.code) == 6 and message.code.isdecimal()
    assert message.code in message.body


@pytest.mark.parametrize("age", [0, HOUR - 1], ids=["at once", "in the hour's last second"])
def test_the_emailed_code_is_valid_for_an_hour_and_once(no_mfa, age):
    """Section 3"""
    forgotten(no_mfa)
    no_mfa.wait(age)
    assert no_mfa.reset(NEW) == {}
    assert no_mfa.state()["codes"] == [], "the code was not used up"


def test_a_password_that_breaks_the_policy_does_not_use_up_the_code(no_mfa):
    """Choice."""
    forgotten(no_mfa)
    with rejects(no_mfa, *TOO_SHORT_TO_RESET):
        no_mfa.reset("Short-1")
    assert no_mfa.reset(NEW) == {}


def vouched_for(flow):
    """Signed up and not confirmed; an administrator has verified the address."""
    flow.sign_up()
    flow.sql(
        "INSERT OR REPLACE INTO attributes"
        " SELECT id, pool_id, 'email_verified', 'true', 'true' FROM users"
    )


def test_a_code_for_the_password_does_not_replace_the_one_for_the_sign_up(no_mfa):
    """Choice. Each is valid for its own purpose."""
    vouched_for(no_mfa)
    sign_up_code = no_mfa.email_code()
    no_mfa.forgot()
    assert len(no_mfa.state()["codes"]) == 2
    assert no_mfa.confirm(sign_up_code) == {}
    assert no_mfa.reset(NEW, no_mfa.email_code()) == {}


def test_the_code_confirms_an_unconfirmed_user(no_mfa):
    """Choice, as for the code of a sign-up: it shows whose address it is."""
    vouched_for(no_mfa)
    no_mfa.forgot()
    no_mfa.reset(NEW)
    assert no_mfa.look()["UserStatus"] == "CONFIRMED"
    assert no_mfa.sign_in(NEW)["AuthenticationResult"]


# A client that hides who exists: the user is unknown, may not recover the password, or has no
# address for a code.
HIDDEN = {
    "D unknown": nothing,
    "D disabled": lambda f: f.confirmed().disable(),
    "D no verified address": lambda f: f.sign_up(),
}


@pytest.mark.parametrize("before", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("username", ["alice", EMAIL])
def test_if_the_client_hides_who_exists_a_code_seems_to_be_sent(make_flow, before, username):
    flow = make_flow("no MFA", **HIDING)
    flow.username = username
    before(flow)
    with unchanged(flow):
        first, second = flow.forgot(), flow.forgot()
    assert first == second
    assert set(first["CodeDeliveryDetails"]) == {"Destination", "DeliveryMedium", "AttributeName"}
    assert username != EMAIL or first["CodeDeliveryDetails"]["Destination"] == MASKED


def test_invented_destinations_differ_from_name_to_name(make_flow):
    """Choice: one destination for all unknown names would give them away. A pool that isn't
    case-sensitive gives both spellings the same.
    """
    flow = make_flow("hiding")
    shown = {
        name: flow.forgot(name)["CodeDeliveryDetails"]["Destination"]
        for name in ["ann", "ben", "cat", "dan", "eve", "ANN"]
    }
    assert len(set(shown.values())) > 1
    assert shown["ANN"] == shown["ann"]


def test_existing_users_are_served_as_usual_if_the_client_hides_who_exists(make_flow):
    """D"""
    flow = make_flow("no MFA", **HIDING)
    forgotten(flow)
    flow.reset(NEW)
    assert flow.sign_in(NEW)["AuthenticationResult"]


@pytest.mark.parametrize(
    "mechanisms",
    [["verified_email"], ["verified_phone_number", "verified_email"]],
    ids=["by e-mail alone", "by phone first"],
)
def test_a_pool_may_set_recovery_by_email(make_flow, mechanisms):
    """AccountRecoverySetting. Choice if a phone comes first: a forgotten password has
    its code by email.
    """
    flow = make_flow("no MFA", **recovery(*mechanisms))
    forgotten(flow)
    assert flow.reset(NEW) == {}


# Temporary


@pytest.mark.parametrize(
    ("days", "meant"),
    [(None, 7), (1, 1), (365, 365), (0, 7)],
    ids=["no word", "a day", "a year", "0 for the default"],
)
def test_a_temporary_password_must_be_changed_in_time(make_flow, days, meant):
    """D: within the days of the policy, seven by default, it can be exchanged for a permanent one,
    and does nothing else.
    """
    policy = (
        {}
        if days is None
        else {
            "Policies": {
                "PasswordPolicy": {"MinimumLength": 8, "TemporaryPasswordValidityDays": days}
            }
        }
    )
    flow = make_flow("no MFA", pool=UNTRACKED | policy)
    with_temporary_password(flow)
    assert flow.look()["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    flow.wait(meant * DAY - 1)
    assert flow.sign_in(NEW)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    with rejects(flow.wait(1), "NotAuthorizedException", EXPIRED_TEMPORARY):
        flow.sign_in(NEW)
    flow.set_password(NEW, permanent=False)
    flow.sign_in(NEW)
    assert flow.answer("NEW_PASSWORD_REQUIRED", NEW_PASSWORD=PASSWORD)["AuthenticationResult"]
    assert flow.look()["UserStatus"] == "CONFIRMED"


def test_a_set_password_is_temporary_unless_permanent_is_given(no_mfa):
    """D: without it the password is temporary."""
    no_mfa.confirmed()
    no_mfa.aws.admin_set_user_password(UserPoolId=no_mfa.pool_id, Username="alice", Password=NEW)
    assert no_mfa.look()["UserStatus"] == "FORCE_CHANGE_PASSWORD"


def test_a_permanent_password_ends_the_temporary_state(no_mfa):
    """D"""
    with_temporary_password(no_mfa)
    no_mfa.set_password(PASSWORD)
    assert no_mfa.look()["UserStatus"] == "CONFIRMED"
    assert no_mfa.state()["users"][0]["temporary_until"] is None
    assert no_mfa.wait(8 * DAY).sign_in()["AuthenticationResult"]
    assert no_mfa.forgot()["CodeDeliveryDetails"]


@pytest.mark.parametrize(
    ("permanent", "status"), [(True, "CONFIRMED"), (False, "FORCE_CHANGE_PASSWORD")]
)
def test_an_administrator_sets_the_password_of_an_unconfirmed_user(no_mfa, permanent, status):
    """O. It says nothing about the address."""
    no_mfa.sign_up()
    no_mfa.set_password(NEW, permanent)
    user = no_mfa.look()
    assert user["UserStatus"] == status
    # 12.5
    assert {"Name": "email_verified", "Value": "false"} in user["UserAttributes"]


# How often


def test_twenty_attempts_an_hour_to_reset(no_mfa):
    """Section 3: asking and trying share one count. Choice: 20, of the 5 to 20 that the service
    allows by risk.
    """
    forgotten(no_mfa)
    for _ in range(19):
        with rejects(no_mfa, *MISMATCH):
            no_mfa.reset(NEW, no_mfa.wrong_email_code())
    for call in (lambda: no_mfa.reset(NEW), no_mfa.forgot):
        with rejects(no_mfa, *TOO_OFTEN):
            call()
    no_mfa.wait(HOUR - 1)
    with rejects(no_mfa, *TOO_OFTEN):
        no_mfa.forgot()
    no_mfa.wait(1)
    no_mfa.forgot()
    assert no_mfa.reset(NEW) == {}


def test_the_twentieth_attempt_still_resets(no_mfa):
    """Section 3. Choice: 20, of the 5 to 20."""
    forgotten(no_mfa)
    for _ in range(18):
        with rejects(no_mfa, *MISMATCH):
            no_mfa.reset(NEW, no_mfa.wrong_email_code())
    assert no_mfa.reset(NEW) == {}


def test_five_changes_an_hour(no_mfa):
    """Section 3. Whatever becomes of them."""
    no_mfa.signed_in()
    with rejects(no_mfa, *WRONG):
        no_mfa.change_password(NEW, previous=WRONG_PASSWORD)
    for number in range(4):
        no_mfa.change_password(
            f"{NEW}{number}", previous=PASSWORD if number == 0 else f"{NEW}{number - 1}"
        )
    with rejects(no_mfa, *TOO_OFTEN):
        no_mfa.change_password(PASSWORD, previous=f"{NEW}3")
    no_mfa.wait(HOUR - 1)
    with rejects(no_mfa, *TOO_OFTEN):
        no_mfa.change_password(PASSWORD, previous=f"{NEW}3")
    no_mfa.wait(1).sign_in(f"{NEW}3")
    assert no_mfa.change_password(PASSWORD, previous=f"{NEW}3") == {}


def test_administrators_are_not_counted(no_mfa):
    """Section 3: the limits apply to users"""
    no_mfa.confirmed()
    for _ in range(21):
        no_mfa.set_password(NEW)


def test_wrong_previous_passwords_lock_the_user_out_like_wrong_sign_ins(no_mfa):
    """Choice: section 8 speaks of sign-ins; a stolen access token must not allow more guesses."""
    no_mfa.signed_in()
    for _ in range(5):
        with rejects(no_mfa, *WRONG):
            no_mfa.change_password(NEW, previous=WRONG_PASSWORD)
    with rejects(no_mfa, "NotAuthorizedException", "Password attempts exceeded"):
        no_mfa.sign_in()
    assert no_mfa.wait(1).sign_in()["AuthenticationResult"]


# AdminResetUserPassword


def admin_reset(flow, username=None):
    return plain(flow.aws.admin_reset_user_password(**flow.named(username)))


def test_a_reset_user_chooses_a_new_password_with_the_emailed_code(no_mfa):
    """D: the API reference; the status is RESET_REQUIRED."""
    no_mfa.reading_mail().confirmed()
    assert admin_reset(no_mfa) == {}
    assert no_mfa.look()["UserStatus"] == "RESET_REQUIRED"
    for sign_in in (no_mfa.sign_in, lambda: no_mfa.sign_in(plane="admin")):
        with rejects(no_mfa, "PasswordResetRequiredException"):
            sign_in()
    assert no_mfa.reset(NEW) == {}
    assert no_mfa.look()["UserStatus"] == "CONFIRMED"
    assert no_mfa.sign_in(NEW)["AuthenticationResult"]


def test_only_a_right_password_reveals_the_reset(no_mfa):
    """Choice"""
    no_mfa.confirmed()
    admin_reset(no_mfa)
    with pytest.raises(ClientError, match="Incorrect username or password"):
        no_mfa.sign_in(WRONG_PASSWORD)


# fact: (what happens first, whose password, the error)
NOT_RESET = {
    "1.4 unknown user": (lambda f: None, "nobody", NO_USER),
    "by analogy with ForgotPassword: no verified address": (
        lambda f: f.sign_up(),
        "alice",
        NOWHERE_TO_SEND,
    ),
    "by analogy with ForgotPassword: a temporary password": (
        lambda f: f.create(UserAttributes=pairs(email=EMAIL, email_verified="true")),
        "alice",
        NOT_IN_THIS_STATE,
    ),
    "by analogy with ForgotPassword: disabled": (
        lambda f: f.confirmed().disable(),
        "alice",
        DISABLED,
    ),
}


@pytest.mark.parametrize(("before", "username", "error"), NOT_RESET.values(), ids=NOT_RESET)
def test_a_user_who_cannot_be_reset_is_named(no_mfa, before, username, error):
    before(no_mfa)
    with rejects(no_mfa, *error):
        admin_reset(no_mfa, username)
