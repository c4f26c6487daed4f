"""How secrets are compared: by the one function whose time doesn't depend on where they differ; and
the same work is done for an unknown name.
"""

import hmac
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.crypto import srp

from ..emulator.flow import PASSWORD, STEP, VARIANTS, WRONG_PASSWORD, Flow

OTHER = "Battery-Staple-8"
FLOWS = {
    "ExplicitAuthFlows": [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ]
}
PLAIN = VARIANTS["no MFA"] | {"client": FLOWS}
SECRET = VARIANTS["secret"] | {"client": FLOWS | {"GenerateSecret": True}}


@pytest.fixture
def make_flow(frozen, quick_keys, switchboard, shared_client):
    emulator = LocalCognito()
    switchboard.service = emulator.service
    yield lambda **kind: Flow(emulator, shared_client, **kind)
    emulator.close()


def srp_begun(flow):
    flow.signed_in().srp_begin()
    return flow


def device_asked(flow):
    flow.with_device().sign_in(DEVICE_KEY=flow.device.key)
    flow.device_begin()
    return flow


def forgotten(flow):
    flow.confirmed().forgot()
    return flow


def asked_again(flow):
    flow.signed_in().ask_for_code()
    return flow


def signed_up(flow):
    flow.sign_up()
    return flow


def other_signature(flow, made):
    signature = made["PASSWORD_CLAIM_SIGNATURE"]
    return ("A" if signature[0] != "A" else "B") + signature[1:]


def wrong_srp(flow):
    made = flow.srp.process_challenge(flow.srp_challenge, {"USERNAME": "alice"})
    return flow.answer(
        "PASSWORD_VERIFIER", **made | {"PASSWORD_CLAIM_SIGNATURE": other_signature(flow, made)}
    )


def wrong_device(flow):
    made = flow.device_proof.second_answer(flow.device_challenge)
    return flow.answer(
        "DEVICE_PASSWORD_VERIFIER",
        **made | {"PASSWORD_CLAIM_SIGNATURE": other_signature(flow, made)},
    )


class Secret(NamedTuple):
    """In which pool a secret is asked for, what happens first, and the call with the right one and
    a wrong one.
    """

    pool: dict[str, Any]
    before: Callable[[Flow], Any]
    right: Callable[[Flow], Any]
    wrong: Callable[[Flow], Any]


SECRETS = {
    "a password": Secret(
        pool=PLAIN,
        before=Flow.confirmed,
        right=lambda f: f.sign_in(),
        wrong=lambda f: f.sign_in(WRONG_PASSWORD),
    ),
    "the previous password": Secret(
        pool=PLAIN,
        before=Flow.signed_in,
        right=lambda f: f.change_password(OTHER),
        wrong=lambda f: f.change_password(OTHER, WRONG_PASSWORD),
    ),
    "a proof of a password": Secret(
        pool=PLAIN, before=srp_begun, right=lambda f: f.srp_finish(), wrong=wrong_srp
    ),
    "a proof of a device's password": Secret(
        pool=VARIANTS["no MFA, tracked"],
        before=device_asked,
        right=lambda f: f.device_finish(),
        wrong=wrong_device,
    ),
    "an authenticator's code": Secret(
        pool={},
        before=Flow.challenged,
        right=lambda f: f.send_code(),
        wrong=lambda f: f.send_code(f.wrong_code()),
    ),
    "an authenticator's first code": Secret(
        pool={},
        before=Flow.offered,
        right=lambda f: f.verify(),
        wrong=lambda f: f.verify(f.wrong_code()),
    ),
    "an emailed code": Secret(
        pool=PLAIN,
        before=signed_up,
        right=lambda f: f.confirm(),
        wrong=lambda f: f.confirm(f.wrong_email_code()),
    ),
    "an emailed code for a new password": Secret(
        pool=PLAIN,
        before=forgotten,
        right=lambda f: f.reset(OTHER),
        wrong=lambda f: f.reset(OTHER, f.wrong_email_code()),
    ),
    "an emailed code for an address": Secret(
        pool=VARIANTS["mutable"],
        before=asked_again,
        right=lambda f: f.prove(),
        wrong=lambda f: f.prove(f.wrong_email_code()),
    ),
    "a hash with a client's secret": Secret(
        pool=SECRET,
        before=Flow.confirmed,
        right=lambda f: f.sign_in(),
        wrong=lambda f: f.sign_in(SECRET_HASH=f.hash("alice", "x")),
    ),
    "a client's secret, to refresh": Secret(
        pool=SECRET,
        before=Flow.signed_in,
        right=lambda f: f.get_tokens(),
        wrong=lambda f: f.get_tokens(ClientSecret="x" * 24),
    ),
    "a client's secret, to revoke": Secret(
        pool=SECRET,
        before=Flow.signed_in,
        right=lambda f: f.aws.revoke_token(
            ClientId=f.client_id, ClientSecret=f.secret, Token=f.tokens["RefreshToken"]
        ),
        wrong=lambda f: f.aws.revoke_token(
            ClientId=f.client_id, ClientSecret="x" * 24, Token=f.tokens["RefreshToken"]
        ),
    ),
}


@pytest.mark.parametrize(("kind", "way", "right", "wrong"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_compared_only_in_constant_time(
    make_flow, monkeypatch, kind, way, right, wrong
):
    """The result of `compare_digest` alone decides: another comparison beside it, before it or
    instead of it would decide otherwise.
    """
    flow = way(make_flow(**kind))
    monkeypatch.setattr(hmac, "compare_digest", lambda given, stored: False)
    with pytest.raises(ClientError):
        right(flow)
    monkeypatch.setattr(hmac, "compare_digest", lambda given, stored: True)
    wrong(flow)


def test_secrets_are_looked_up_by_their_digest(make_flow, monkeypatch):
    """Sessions, secret blocks and refresh tokens are looked up, not compared: no value SQLite sees
    is one of them, or a part of one.
    """
    flow = make_flow(**PLAIN)
    seen = []
    flow.emulator._store._connection.set_trace_callback(seen.append)
    flow.signed_in().refresh()
    flow.get_tokens()
    block = flow.srp_begin()["SECRET_BLOCK"]
    flow.srp_finish()
    enrolled = make_flow().enrolled().wait(STEP)
    session = enrolled.sign_in()["Session"]
    enrolled.send_code()
    text = "\n".join(seen)
    assert "FROM sessions" in text and "FROM refresh_tokens" in text
    for secret in (
        session,
        block,
        flow.tokens["RefreshToken"],
        flow.tokens["AccessToken"],
        PASSWORD,
    ):
        assert secret not in text and secret[-20:] not in text


# The same work for an unknown name

HIDING = VARIANTS["no MFA"] | {"client": FLOWS | {"PreventUserExistenceErrors": "ENABLED"}}


@pytest.fixture
def work(monkeypatch):
    """The powers that were computed: the length of each exponent, to the nearest 64 bits, since
    it's generated anew each time.
    """
    done = []
    power = srp.powmod

    def counting(base, exponent, modulus):
        done.append(round(exponent.bit_length() / 64))
        return power(base, exponent, modulus)

    monkeypatch.setattr(srp, "powmod", counting)
    return done


def asked(flow, username, password=WRONG_PASSWORD, plane="user"):
    with pytest.raises(ClientError, match="Incorrect username or password"):
        flow.sign_in(password, username, plane)


def proved_wrongly(flow, username):
    flow.username = username
    flow.srp_begin(WRONG_PASSWORD)
    with pytest.raises(ClientError, match="Incorrect username or password"):
        flow.srp_finish()


WORKS = {
    "a password": lambda f, name: asked(f, name),
    "a password at the server": lambda f, name: asked(f, name, plane="admin"),
    "a proof of a password": proved_wrongly,
}


@pytest.mark.parametrize("tried", WORKS.values(), ids=WORKS)
def test_an_unknown_name_costs_what_a_wrong_password_costs(make_flow, work, tried):
    """Counted in powers of large numbers, which take nearly all of a sign-in's time."""
    flow = make_flow(**HIDING).confirmed()
    costs = []
    for username in ("alice", "nobody"):
        work.clear()
        tried(flow, username)
        costs.append(list(work))
    assert costs[0] == costs[1] and costs[0], costs


def test_during_a_lock_every_attempt_costs_the_same(make_flow, work):
    """Otherwise the time would tell whether a password was right during a lock."""
    flow = make_flow(**HIDING).confirmed()
    for _ in range(5):
        asked(flow, "alice")
    costs = []
    for password in (PASSWORD, WRONG_PASSWORD):
        work.clear()
        with pytest.raises(ClientError, match="Password attempts exceeded"):
            flow.sign_in(password)
        costs.append(list(work))
    assert costs[0] == costs[1] and costs[0], costs


# Bound to their pool


def test_nothing_of_one_pool_works_in_another(make_flow):
    """The same name and the same password in two pools: no session, token or proof of one is valid
    in the other.
    """
    one, two = make_flow(**PLAIN).signed_in(), make_flow(**PLAIN).signed_in()
    one.srp_begin()
    made = one.srp.process_challenge(one.srp_challenge, {"USERNAME": "alice"})
    with pytest.raises(ClientError, match="Incorrect username or password"):
        two.answer("PASSWORD_VERIFIER", session=False, **made)
    with pytest.raises(ClientError, match="Invalid Refresh Token"):
        two.refresh(one.tokens["RefreshToken"])
    with pytest.raises(ClientError, match="Invalid Refresh Token"):
        two.get_tokens(one.tokens["RefreshToken"])
    two.aws.revoke_token(ClientId=two.client_id, Token=one.tokens["RefreshToken"])
    assert one.refresh()["AuthenticationResult"], "a client of another pool cannot revoke it"
