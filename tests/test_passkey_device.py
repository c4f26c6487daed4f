"""The learner's passkey device: what it makes, what it says of it, and what stays inside."""

import base64
import builtins
import json

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cognito_helpers import open_lab
from cognito_helpers.errors import LessonError, NotAvailableError
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.sign_in.passkey_device import PasskeyDevice
from cognito_helpers.views.passkeys import PasskeysView

SITE, PASSWORD = "example.com", "Passw0rd!"


class Site:
    """A pool with passkeys, and ana, who's signed in."""

    def __init__(self, cognito=None):
        self.device = PasskeyDevice()
        self.cognito = cognito = cognito or LocalCognito().client()
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
        pool = cognito.create_user_pool(PoolName="passkeys", Policies=policy)["UserPool"]["Id"]
        cognito.set_user_pool_mfa_config(
            UserPoolId=pool,
            MfaConfiguration="OFF",
            WebAuthnConfiguration={"RelyingPartyId": SITE, "UserVerification": "preferred"},
        )
        client = cognito.create_user_pool_client(
            UserPoolId=pool,
            ClientName="app",
            ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        self.client_id = client["UserPoolClient"]["ClientId"]
        user = {"UserPoolId": pool, "Username": "ana"}
        cognito.admin_create_user(**user, MessageAction="SUPPRESS", TemporaryPassword=PASSWORD)
        cognito.admin_set_user_password(**user, Password=PASSWORD, Permanent=True)
        answer = self.begin(PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
        self.token = answer["AuthenticationResult"]["AccessToken"]

    def begin(self, **parameters):
        return self.cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": "ana", **parameters},
        )

    def options(self):
        begun = self.cognito.start_web_authn_registration(AccessToken=self.token)
        return begun["CredentialCreationOptions"]

    def register(self, **how):
        self.cognito.complete_web_authn_registration(
            AccessToken=self.token, Credential=self.device.create(self.options(), **how)
        )

    def sign_in(self, device=None, **how):
        asked = self.begin(PREFERRED_CHALLENGE="WEB_AUTHN")
        options = asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"]
        signed = (device or self.device).sign(options, **how)
        return self.cognito.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName="WEB_AUTHN",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ana", "CREDENTIAL": signed},
        )

    def delete_passkeys(self):
        listed = self.cognito.list_web_authn_credentials(AccessToken=self.token)["Credentials"]
        for passkey in listed:
            self.cognito.delete_web_authn_credential(
                AccessToken=self.token, CredentialId=passkey["CredentialId"]
            )


@pytest.fixture
def site():
    return Site()


def test_a_passkey_is_registered_and_signs_in(site):
    """11.7, 11.8: the counter grows with each sign-in."""
    site.register()
    assert site.sign_in()["AuthenticationResult"]
    assert site.sign_in()["AuthenticationResult"]
    (passkey,) = site.device.passkeys
    assert (passkey.relying_party, passkey.user, passkey.counter) == (SITE, "ana", 2)
    listed = site.cognito.list_web_authn_credentials(AccessToken=site.token)["Credentials"]
    assert [one["CredentialId"] for one in listed] == [passkey.id]


def test_it_says_what_it_signed(site):
    options = site.options()
    site.device.create(options)
    assert site.device.last == (
        "to create a passkey",
        SITE,
        options["challenge"],
        f"https://{SITE}",
        True,
        True,
        0,
    )
    site.register(verified=False)
    assert site.device.last.user_verified is False
    site.sign_in(verified=False)
    assert site.device.last[0] == "to sign in" and site.device.last[4:] == (True, False, 1)


def test_a_page_that_only_looks_like_the_site_gets_no_tokens(site):
    """11.8: the origin is part of what's signed."""
    site.register()
    with pytest.raises(ClientError, match="The passkey could not be verified"):
        site.sign_in(origin="https://examp1e.com")
    assert site.device.last.origin == "https://examp1e.com"
    assert site.sign_in()["AuthenticationResult"]


def test_no_second_passkey_while_the_first_is_registered(site):
    """As browsers do with excludeCredentials."""
    site.register()
    with pytest.raises(LessonError, match=r"has a passkey of ana for example\.com already"):
        site.register()
    assert len(site.device.passkeys) == 1
    site.delete_passkeys()
    site.register()
    assert len(site.device.passkeys) == 2
    assert site.sign_in()["AuthenticationResult"]


def test_it_signs_with_none_but_the_passkeys_that_are_asked_for(site):
    site.register()
    with pytest.raises(LessonError, match="none of the passkeys that example.com asks for"):
        site.sign_in(PasskeyDevice())


@pytest.mark.parametrize("options", [None, "x", "[]", {}, {"rp": 1}, "null", {"rpId": SITE}])
def test_anything_but_options_gets_one_sentence(options):
    device = PasskeyDevice()
    with pytest.raises(LessonError, match="CredentialCreationOptions"):
        device.create(options)
    with pytest.raises(LessonError, match="CREDENTIAL_REQUEST_OPTIONS"):
        device.sign(options)
    assert device.passkeys == [] and device.last is None


def test_a_service_that_wants_another_kind_of_key_is_told_so(site):
    options = site.options() | {"pubKeyCredParams": [{"type": "public-key", "alg": -257}]}
    with pytest.raises(LessonError, match="ES256"):
        site.device.create(options)


def test_private_keys_are_in_no_text_and_no_widget(site):
    site.register()
    site.sign_in()
    view = PasskeysView(site.device)
    shown = "".join(
        [
            repr(site.device),
            str(site.device.passkeys),
            repr(site.device.last),
            view.text,
            view._screen.value,
            str(vars(site.device)),
        ]
    )
    key = site.device._held[0].key._key
    secret = key.private_numbers().private_value
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    for form in (str(secret), f"{secret:x}", base64.b64encode(raw).decode(), raw.hex()):
        assert form not in shown


def test_the_view_and_its_text_say_the_same(site):
    view = PasskeysView(site.device)
    assert "No passkeys on it yet." in view._screen.value
    assert view.text == "Passkey device with 0 passkeys"
    site.register()
    site.sign_in()
    view._again.click()
    said = site.device.last
    for text in (
        "ana",
        SITE,
        f"https://{SITE}",
        said.challenge[:8],
        site.device.passkeys[0].id[:8],
    ):
        assert text in view._screen.value and text in view.text
    assert "user verified: yes, counter 1" in view.text
    assert said.challenge not in view.text + view._screen.value


def test_the_lab_has_one(tmp_path, monkeypatch):
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.delenv("COGNITO_LAB_BACKEND", raising=False)
    assert open_lab("nothing").passkeys.passkeys == []


def test_without_cryptography_it_says_what_is_missing(site, monkeypatch):
    real = builtins.__import__

    def imports(name, *rest):
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest)

    options = json.loads(json.dumps(site.options()))
    monkeypatch.setattr(builtins, "__import__", imports)
    with pytest.raises(NotAvailableError, match="Passkeys need an installation"):
        site.device.create(options)
    with pytest.raises(NotAvailableError, match="Passkeys need an installation"):
        site.device.sign("no options, since there's no passkey")
