"""Passkeys: registering, listing and deleting them, and WEB_AUTHN. BEHAVIOR.md, 11.7 and 11.8.

The exceptions' texts aren't known, nor which one a wrong assertion gives (11.22, item 5).
"""

import base64
import json

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.local_cognito import passkeys
from cognito_helpers.sign_in.software_authenticator import (
    EDDSA,
    ES256,
    PRESENT,
    RS256,
    SoftwareAuthenticator,
)

from .flow import (
    APPS,
    CHOICE,
    EMAIL,
    MINUTE,
    MUTABLE,
    PASSWORD,
    PLANES,
    first_factors,
    pairs,
    plain,
    rejects,
)

HERE = "example.com"
PASSWORDS = ["PASSWORD_SRP", "PASSWORD"]
COUNTS = {"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}
INVALID = "InvalidParameterException", "Credential data is not valid"
WRONG = "NotAuthorizedException", "The passkey could not be verified."
USED = "NotAuthorizedException", "Invalid session for the user, session can only be used once."


def pool_of(make_flow, mfa="OFF", **config):
    """A pool with passkeys, and a signed-in user."""
    pool = MUTABLE | first_factors("PASSWORD", "EMAIL_OTP", "WEB_AUTHN")
    flow = make_flow(mfa="OFF", pool=pool, client=CHOICE)
    set_passkeys(flow, mfa, **{"RelyingPartyId": HERE} | config)
    flow.confirmed().sign_in()
    return flow


def set_passkeys(flow, mfa="OFF", **config):
    factors = {} if mfa == "OFF" else APPS
    return flow.aws.set_user_pool_mfa_config(
        UserPoolId=flow.pool_id, MfaConfiguration=mfa, WebAuthnConfiguration=config, **factors
    )


@pytest.fixture
def flow(make_flow):
    return pool_of(make_flow)


def token(flow):
    return {"AccessToken": flow.tokens["AccessToken"]}


def start(flow):
    return flow.aws.start_web_authn_registration(**token(flow))["CredentialCreationOptions"]


def complete(flow, credential):
    return plain(flow.aws.complete_web_authn_registration(**token(flow), Credential=credential))


def register(flow, device=None, **kind):
    device = device or SoftwareAuthenticator(**kind)
    assert complete(flow, device.create(start(flow))) == {}
    return device


def listed(flow, **request):
    return plain(flow.aws.list_web_authn_credentials(**token(flow), **request))


def asked(flow, plane=None):
    """The options of WEB_AUTHN."""
    answer = flow.choose("WEB_AUTHN", plane)
    assert answer["ChallengeName"] == "WEB_AUTHN"
    return json.loads(answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])


def sign_in(flow, credential, plane=None):
    return flow.answer("WEB_AUTHN", plane=plane, CREDENTIAL=json.dumps(credential))


# Registering


def test_the_options_for_a_new_passkey(flow):
    """11.7"""
    options = start(flow)
    sub = flow.attributes()["sub"]
    user = options.pop("user")
    assert base64.urlsafe_b64decode(user["id"] + "==").decode() == sub
    assert (user["name"], user["displayName"]) == ("alice", "alice")
    assert len(base64.urlsafe_b64decode(options.pop("challenge") + "==")) >= 16
    assert options == {
        "rp": {"id": HERE, "name": HERE},
        "timeout": 60000,
        "pubKeyCredParams": [
            {"type": "public-key", "alg": -7},
            {"type": "public-key", "alg": -257},
        ],
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": "preferred",
        },
        "excludeCredentials": [],
    }


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("algorithm", [ES256, RS256])
def test_a_passkey_from_end_to_end(flow, plane, algorithm):
    """11.7, 11.8: register, list one, sign in with it, delete, list none."""
    device = register(flow, algorithm=algorithm)
    (shown,) = listed(flow)["Credentials"]
    name = shown.pop("CredentialId")
    assert shown.pop("CreatedAt").timestamp() == flow.moment()
    assert shown.pop("FriendlyCredentialName")
    assert shown == {
        "RelyingPartyId": HERE,
        "AuthenticatorAttachment": "platform",
        "AuthenticatorTransports": ["internal"],
    }
    assert start(flow)["excludeCredentials"] == [{"id": name, "type": "public-key"}]

    options = asked(flow, plane)
    assert {key: value for key, value in options.items() if key != "challenge"} == {
        "timeout": 180000,
        "rpId": HERE,
        "allowCredentials": [{"id": name, "type": "public-key", "transports": ["internal"]}],
        "userVerification": "preferred",
    }
    assert sign_in(flow, device.get(options), plane)["AuthenticationResult"]

    flow.aws.delete_web_authn_credential(**token(flow), CredentialId=name)
    assert listed(flow) == {"Credentials": []}
    assert flow.choose("WEB_AUTHN")["ChallengeName"] == "SELECT_CHALLENGE"
    with rejects(flow, "ResourceNotFoundException"):
        flow.aws.delete_web_authn_credential(**token(flow), CredentialId=name)


def test_a_passkey_is_offered_and_chosen(flow):
    """11.1, 11.2, 11.12"""
    device = register(flow)
    offered = flow.choose()["AvailableChallenges"]
    assert set(offered) == {*PASSWORDS, "EMAIL_OTP", "WEB_AUTHN"}
    answer = flow.select("WEB_AUTHN")
    options = json.loads(answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    assert sign_in(flow, device.get(options))["AuthenticationResult"]
    found = plain(flow.aws.get_user_auth_factors(**token(flow)))["ConfiguredUserAuthFactors"]
    assert set(found) == {"PASSWORD", "EMAIL_OTP", "WEB_AUTHN"}


# What makes a registration wrong: (the credential from the options, the error)
REGISTRATIONS = {
    "11.7 malformed": (lambda options: {"id": "x"}, INVALID),
    "11.7 another origin": (
        lambda options: SoftwareAuthenticator("https://example.org").create(options),
        ("WebAuthnOriginNotAllowedException", None),
    ),
    "11.7 no secure origin": (
        lambda options: SoftwareAuthenticator("http://example.com").create(options),
        ("WebAuthnOriginNotAllowedException", None),
    ),
    "11.7 another relying party": (
        lambda options: SoftwareAuthenticator().create(options, relying_party="example.org"),
        ("WebAuthnRelyingPartyMismatchException", None),
    ),
    "11.7 another algorithm, E": (
        lambda options: SoftwareAuthenticator(algorithm=EDDSA).create(options),
        ("WebAuthnCredentialNotSupportedException", None),
    ),
    "choice: another challenge": (
        lambda options: SoftwareAuthenticator().create(options | {"challenge": "AAAA"}),
        ("WebAuthnChallengeNotFoundException", None),
    ),
    "choice: nobody was there": (
        lambda options: SoftwareAuthenticator().create(options, flags=0),
        INVALID,
    ),
    "choice: an assertion's type": (
        lambda options: SoftwareAuthenticator().create(options, type="webauthn.get"),
        INVALID,
    ),
    "choice: an origin that's none": (
        lambda options: SoftwareAuthenticator("https://[").create(options),
        ("WebAuthnOriginNotAllowedException", None),
    ),
}


@pytest.mark.parametrize(("made", "error"), REGISTRATIONS.values(), ids=REGISTRATIONS)
def test_a_registration_is_rejected(flow, made, error):
    options = start(flow)
    with rejects(flow, *error):
        complete(flow, made(options))


def test_a_page_of_a_subdomain_may_register(flow):
    """11.7: the origin fits the relying-party ID. D of WebAuthn: a subdomain does."""
    register(flow, origin="https://signin.example.com:8443")


def test_localhost_is_a_relying_party(make_flow):
    """11.7: tooling sets it."""
    flow = pool_of(make_flow, RelyingPartyId="localhost")
    device = register(flow, origin="http://localhost:8888")
    assert sign_in(flow, device.get(asked(flow)))["AuthenticationResult"]


def test_a_challenge_works_once_and_for_five_minutes(flow):
    """11.7. Choice: five minutes."""
    credential = SoftwareAuthenticator().create(start(flow))
    complete(flow, credential)
    for wait in (0, 5 * MINUTE):
        other = SoftwareAuthenticator().create(start(flow)) if wait else credential
        flow.wait(wait)
        with rejects(flow, "WebAuthnChallengeNotFoundException"):
            complete(flow, other)


def test_another_client_cannot_complete(flow):
    """11.7"""
    credential = SoftwareAuthenticator().create(start(flow))
    other = flow.aws.create_user_pool_client(UserPoolId=flow.pool_id, ClientName="other", **CHOICE)[
        "UserPoolClient"
    ]["ClientId"]
    first, flow.client_id = flow.client_id, other
    flow.sign_in()
    with rejects(flow, "WebAuthnClientMismatchException"):
        complete(flow, credential)
    flow.client_id = first
    flow.sign_in()
    assert complete(flow, credential) == {}


def test_a_user_has_at_most_twenty_passkeys(flow):
    """11.7: the type. They're listed page by page."""
    for _ in range(20):
        register(flow)
    with rejects(flow, "LimitExceededException"):
        start(flow)
    page = listed(flow, MaxResults=15)
    rest = listed(flow, MaxResults=15, NextToken=page["NextToken"])
    names = [key["CredentialId"] for key in page["Credentials"] + rest["Credentials"]]
    assert len(set(names)) == 20 and "NextToken" not in rest


def test_the_same_passkey_is_not_registered_twice(flow):
    """Choice"""
    device = register(flow)
    credential = device.create(start(flow))
    with rejects(flow, "InvalidParameterException"):
        complete(flow, credential)


def test_pools_without_passkeys(make_flow):
    """11.7: not enabled; no relying-party ID."""
    flow = make_flow("choice").confirmed()
    flow.sign_in()
    with rejects(flow, "WebAuthnNotEnabledException"):
        start(flow)
    pool = MUTABLE | first_factors("PASSWORD", "WEB_AUTHN")
    flow = make_flow("choice", pool=pool).confirmed()
    flow.sign_in()
    with rejects(flow, "WebAuthnConfigurationMissingException"):
        start(flow)


def test_in_a_browser_tab_one_sentence_says_so(flow, monkeypatch):
    device = register(flow)
    options = asked(flow)
    monkeypatch.setattr(passkeys, "is_available", lambda: False)
    text = (
        "The emulator doesn't have passkeys in a browser tab, which need an installation. Amazon"
        " Cognito does."
    )
    another = SoftwareAuthenticator().create(start(flow))
    with rejects(flow, "NotInEmulatorException", text):
        complete(flow, another)
    with rejects(flow, "NotInEmulatorException", text):
        sign_in(flow, device.get(options))


# Signing in

# What makes an assertion wrong, from a device and the options
ASSERTIONS = {
    "another challenge": lambda d, options: d.get(options | {"challenge": "AAAA"}),
    "another page": lambda d, options: d.get(options, origin="https://example.org"),
    "another relying party": lambda d, options: d.get(options, relying_party="example.org"),
    "another key": lambda d, options: SoftwareAuthenticator().get(options),
    "a registration's type": lambda d, options: d.get(options, type="webauthn.create"),
    "nobody there": lambda d, options: d.get(options, flags=0),
    "another signature": lambda d, options: swapped(d, options),
}


def swapped(device, options):
    """The right ID, signed by another key."""
    other = SoftwareAuthenticator()
    other.id = device.id
    return other.get(options)


@pytest.mark.parametrize("made", ASSERTIONS.values(), ids=ASSERTIONS)
def test_a_wrong_assertion_gives_no_tokens(flow, made):
    """Choice: the error, and that it spends the session."""
    device = register(flow)
    options = asked(flow)
    with pytest.raises(ClientError, match=WRONG[1]):
        sign_in(flow, made(device, options))
    with rejects(flow, *USED):
        sign_in(flow, device.get(options))


@pytest.mark.parametrize("text", ["x", "[]", "{}", '{"response": {}}', "9" * 5000, "[" * 9000])
def test_an_invalid_assertion_is_rejected(flow, text):
    """Choice: as at registration, and the session stays valid."""
    device = register(flow)
    options = asked(flow)
    with rejects(flow, *INVALID):
        flow.answer("WEB_AUTHN", CREDENTIAL=text)
    assert sign_in(flow, device.get(options))["AuthenticationResult"]


def test_an_assertion_works_once(flow):
    device = register(flow)
    credential = device.get(asked(flow))
    sign_in(flow, credential)
    with rejects(flow, *USED):
        sign_in(flow, credential)
    asked(flow)
    with pytest.raises(ClientError, match=WRONG[1]):
        sign_in(flow, credential)


def test_a_counter_that_does_not_grow_reveals_a_copy(flow):
    """Choice. An authenticator that doesn't count always sends 0."""
    device = register(flow)
    assert sign_in(flow, device.get(asked(flow)))["AuthenticationResult"]
    device.count = 0
    with pytest.raises(ClientError, match=WRONG[1]):
        sign_in(flow, device.get(asked(flow)))
    other = register(flow, counts=False)
    for _ in range(2):
        assert sign_in(flow, other.get(asked(flow)))["AuthenticationResult"]


def test_another_users_passkey_is_rejected(flow):
    device = register(flow)
    flow.confirmed("bob", UserAttributes=pairs(email="bob@example.com"))
    flow.username = "bob"
    flow.sign_in()
    register(flow)
    with pytest.raises(ClientError, match=WRONG[1]):
        sign_in(flow, device.get(asked(flow)))


def test_a_passkey_deleted_meanwhile_is_rejected(flow):
    device = register(flow)
    options = asked(flow)
    flow.aws.delete_web_authn_credential(
        **token(flow), CredentialId=options["allowCredentials"][0]["id"]
    )
    with rejects(flow, "NotAuthorizedException"):
        sign_in(flow, device.get(options))


def test_another_relying_party_needs_new_passkeys(flow):
    """11.7"""
    register(flow)
    set_passkeys(flow, RelyingPartyId="example.org")
    assert flow.choose("WEB_AUTHN")["ChallengeName"] == "SELECT_CHALLENGE"
    assert len(listed(flow)["Credentials"]) == 1


def test_user_verification_is_required_if_the_pool_says_so(make_flow):
    """11.7"""
    flow = pool_of(make_flow, UserVerification="required")
    options = start(flow)
    assert options["authenticatorSelection"]["userVerification"] == "required"
    with rejects(flow, *INVALID):
        complete(flow, SoftwareAuthenticator().create(options, flags=PRESENT))
    device = register(flow)
    with pytest.raises(ClientError, match=WRONG[1]):
        sign_in(flow, device.get(asked(flow), flags=PRESENT))


# Passkeys and MFA


def test_a_user_with_mfa_may_register_a_passkey_but_not_sign_in_with_it(make_flow):
    """11.7: if MFA is OPTIONAL; 11.12: unless it counts as MFA."""
    flow = pool_of(make_flow, "OPTIONAL", UserVerification="preferred")
    device = register(flow)
    flow.associate(**token(flow))
    flow.verify(**token(flow))
    prefer(flow, SoftwareTokenMfaSettings={"Enabled": True})
    assert set(flow.choose("WEB_AUTHN")["AvailableChallenges"]) == {*PASSWORDS}
    with rejects(flow, "InvalidParameterException"):
        prefer(flow, WebAuthnMfaSettings={"Enabled": True})
    set_passkeys(flow, "OPTIONAL", RelyingPartyId=HERE, **COUNTS)
    prefer(flow, WebAuthnMfaSettings={"Enabled": True})
    assert flow.look()["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    assert sign_in(flow, device.get(asked(flow)))["AuthenticationResult"]
    prefer(flow, WebAuthnMfaSettings={"Enabled": False})
    assert flow.choose("WEB_AUTHN")["ChallengeName"] == "SELECT_CHALLENGE"


def prefer(flow, **settings):
    flow.aws.admin_set_user_mfa_preference(**flow.named(), **settings)


def test_a_passkey_alone_cannot_be_mfa(flow):
    """11.12: another method is needed."""
    set_passkeys(flow, "OPTIONAL", RelyingPartyId=HERE, **COUNTS)
    with rejects(flow, "InvalidParameterException"):
        prefer(flow, WebAuthnMfaSettings={"Enabled": True})


def test_if_mfa_is_required_a_passkey_can_count_as_it(make_flow):
    """11.8, 11.13"""
    pool = MUTABLE | first_factors("PASSWORD", "WEB_AUTHN")
    flow = make_flow(mfa="OFF", pool=pool, client=CHOICE).confirmed()
    set_passkeys(flow, "OFF", RelyingPartyId=HERE, **COUNTS)
    flow.sign_in()
    device = register(flow)
    set_passkeys(flow, "ON", RelyingPartyId=HERE, **COUNTS)
    options = asked(flow)
    assert options["userVerification"] == "required"
    assert sign_in(flow, device.get(options))["AuthenticationResult"]


def test_a_passkey_is_deleted_with_its_user(flow):
    """Choice: the text. The model has no UserNotFoundException for these operations."""
    register(flow)
    flow.delete()
    assert flow.rows("SELECT * FROM passkeys") == []
    calls = (
        lambda: start(flow),
        lambda: complete(flow, {}),
        lambda: listed(flow),
        lambda: flow.aws.delete_web_authn_credential(**token(flow), CredentialId="x"),
    )
    for call in calls:
        with rejects(flow, "NotAuthorizedException", "Access Token has been revoked"):
            call()


def test_a_user_signs_in_with_only_a_passkey(make_flow):
    """11.1: the only factor comes at once; a user without a password, in a pool that no longer
    allows the code used before.
    """
    flow = pool_of(make_flow)
    proved = pairs(email=EMAIL, email_verified="true")
    flow.create("bob", UserAttributes=proved, MessageAction="SUPPRESS")
    flow.username = "bob"
    flow.choose()
    flow.one_time_code("EMAIL_OTP")
    device = register(flow)
    flow.aws.update_user_pool(UserPoolId=flow.pool_id, **first_factors("PASSWORD", "WEB_AUTHN"))
    answer = flow.choose()
    assert answer["AvailableChallenges"] == ["WEB_AUTHN"]
    options = json.loads(answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    assert sign_in(flow, device.get(options))["AuthenticationResult"]
    assert PASSWORD not in str(flow.rows("SELECT * FROM users"))
