"""Verify tokens: a valid one passes, and each fault has its own exception."""

import base64

import jwt
import pytest

from cognito_helpers.lessons.opening import open_lab
from cognito_helpers.sign_in.tokens import (
    QUESTIONS,
    claims_of,
    header_of,
    step_by_step,
    verify,
    with_claims,
)


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory):
    """A lab with an enrolled user, and the tokens of a sign-in."""
    patch = pytest.MonkeyPatch()
    patch.setenv("COGNITO_LAB_HOME", str(tmp_path_factory.mktemp("lab")))
    lab = open_lab(needs="a user with an authenticator app")
    patch.undo()
    lab.wait_for_next_code()
    given = {"USERNAME": lab.username, "PASSWORD": lab.password}
    challenge = lab.cognito.initiate_auth(
        ClientId=lab.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
    )
    responses = {"USERNAME": lab.username, "SOFTWARE_TOKEN_MFA_CODE": lab.phone.code()}
    reply = lab.cognito.respond_to_auth_challenge(
        ClientId=lab.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=challenge["Session"],
        ChallengeResponses=responses,
    )
    return lab, reply["AuthenticationResult"]


def check(signed_in, token=None, **changed):
    lab, tokens = signed_in
    expected = {
        "use": "access",
        "issuer": lab.issuer,
        "client_id": lab.client_id,
        "now": lab.now(),
    } | changed
    return verify(token or tokens["AccessToken"], expected.pop("keys", lab.jwks()), **expected)


@pytest.mark.parametrize(
    ("name", "use", "last"),
    [
        ("AccessToken", "access", "It's an access token, as expected."),
        ("IdToken", "id", "It's an ID token, as expected."),
    ],
)
def test_a_valid_token_passes_six_checks(signed_in, name, use, last):
    verified = check(signed_in, signed_in[1][name], use=use)
    assert verified.claims == claims_of(signed_in[1][name])
    assert len(verified.checks) == 6 and verified.checks[-1] == last
    assert repr(verified).startswith("1. The pool has the key") and verified.claims[
        "jti"
    ] not in repr(verified)


def test_the_emulator_and_pyjwt_agree_on_the_keys(signed_in):
    lab, tokens = signed_in
    keys = jwt.PyJWKSet.from_dict(lab.jwks())
    kids = {header_of(tokens[name])["kid"] for name in ("AccessToken", "IdToken")}
    assert kids == {key.key_id for key in keys.keys} and len(kids) == 2


def test_every_single_changed_character_is_found(signed_in):
    token = signed_in[1]["AccessToken"]
    # The last character of a part may hold bits without meaning.
    places = [
        at
        for at in range(0, len(token), 7)
        if token[at] != "." and token[at + 1 : at + 2] not in ("", ".")
    ]
    assert places
    for at in places:
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(jwt.InvalidTokenError):
            check(signed_in, changed)


def test_each_fault_has_its_own_exception(signed_in):
    lab, tokens = signed_in
    exp = claims_of(tokens["AccessToken"])["exp"]
    swapped = tokens["AccessToken"].rpartition(".")[0] + "." + tokens["IdToken"].rpartition(".")[2]
    check(signed_in, now=exp - 1)
    for error, changed in [
        (jwt.ExpiredSignatureError, {"now": exp}),
        (jwt.InvalidIssuerError, {"issuer": lab.issuer + "x"}),
        (jwt.InvalidAudienceError, {"client_id": "another"}),
        (jwt.InvalidTokenError, {"keys": {"keys": []}}),
        (jwt.InvalidSignatureError, {"token": swapped}),
        (jwt.DecodeError, {"token": "no token"}),
        (jwt.InvalidTokenError, {"use": "id"}),
        (jwt.InvalidTokenError, {"token": tokens["IdToken"]}),
    ]:
        with pytest.raises(error):
            check(signed_in, **changed)


@pytest.mark.parametrize(("seconds", "minutes"), [(60, 1), (3600, 60), (89, 1), (91, 2)])
def test_a_token_says_for_how_many_minutes_it_is_valid(signed_in, seconds, minutes):
    exp = claims_of(signed_in[1]["AccessToken"])["exp"]
    assert f" {minutes} more minutes" in check(signed_in, now=exp - seconds).checks[4]


def test_a_token_that_claims_to_need_no_signature_is_rejected(signed_in):
    lab, tokens = signed_in
    kid = header_of(tokens["AccessToken"])["kid"]
    unsigned = jwt.encode(
        claims_of(tokens["AccessToken"]), key=None, algorithm="none", headers={"kid": kid}
    )
    with pytest.raises(jwt.InvalidTokenError):
        check(signed_in, unsigned)


def test_a_changed_claim_breaks_the_signature_and_an_unchanged_one_does_not(signed_in):
    _, tokens = signed_in
    forged = with_claims(tokens["AccessToken"], username="ben")
    header, _, signature = tokens["AccessToken"].split(".")
    assert claims_of(forged) == claims_of(tokens["AccessToken"]) | {"username": "ben"}
    assert (forged.split(".")[0], forged.split(".")[2]) == (header, signature)
    with pytest.raises(jwt.InvalidSignatureError):
        check(signed_in, forged)
    # Written with spaces, as other servers do: what was signed must stay exactly as it is.
    spaced = jwt.encode({"a": 1}, "k" * 32).split(".")
    spaced[1] = base64.urlsafe_b64encode(b'{ "a" : 1 }').rstrip(b"=").decode()
    assert with_claims(".".join(spaced), a=1) == ".".join(spaced)
    with pytest.raises(jwt.DecodeError):
        with_claims("no token", a=1)


def test_step_by_step_makes_the_same_checks_as_verify(signed_in):
    lab, tokens = signed_in
    expected = {"use": "access", "issuer": lab.issuer, "client_id": lab.client_id, "now": lab.now()}
    asked = step_by_step(tokens["AccessToken"], lab.jwks(), **expected)
    assert [step.question for step in asked] == list(QUESTIONS) and all(
        step.passed for step in asked
    )
    assert [step.answer for step in asked] == verify(
        tokens["AccessToken"], lab.jwks(), **expected
    ).checks


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"keys": None},
        {"keys": [None]},
        {"keys": [{"kty": "RSA"}]},
        {"keys": [{"kid": "KID", "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]},
        {"keys": [{"kid": "KID", "kty": "RSA", "e": "AQAB"}]},
    ],
    ids=str,
)
def test_an_invalid_key_set_gives_the_one_exception(signed_in, keys):
    kid = header_of(signed_in[1]["AccessToken"])["kid"]
    for key in keys.get("keys") or []:
        if key and "kid" in key:
            key["kid"] = kid
    with pytest.raises(jwt.InvalidTokenError):
        check(signed_in, keys=keys)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("nan")},
        {"exp": True},
        {"iss": None},
        {"token_use": ["access"]},
        {"client_id": None},
    ],
    ids=str,
)
def test_odd_claims_with_a_valid_signature_give_the_one_exception(signed_in, claims, monkeypatch):
    real = claims_of(signed_in[1]["AccessToken"])
    monkeypatch.setattr(jwt, "decode", lambda *_, **__: real | claims)
    with pytest.raises(jwt.InvalidTokenError):
        check(signed_in, keys=signed_in[0].jwks())
    missing = {name: value for name, value in real.items() if name not in claims}
    monkeypatch.setattr(jwt, "decode", lambda *_, **__: missing)
    with pytest.raises(jwt.InvalidTokenError):
        check(signed_in, keys=signed_in[0].jwks())
