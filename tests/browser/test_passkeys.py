"""Chromium as a WebAuthn client: its virtual authenticator registers a passkey and signs in, over
HTTP. What it sends was written by no library of ours.
"""

import json

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.transports import http
from tests.emulator.raw_http import boto_client
from tests.test_passkey_device import SITE, Site

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
CREATE = """async options => (await navigator.credentials.create(
    {publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options)})).toJSON()"""
GET = """async options => (await navigator.credentials.get(
    {publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)})).toJSON()"""


class Browser:
    """The browser, in place of the passkey device."""

    def __init__(self, page):
        self.page = page
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable", {"enableUI": False})
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        self.authenticator = made["authenticatorId"]

    def create(self, options):
        return self.page.evaluate(CREATE, options)

    def sign(self, options):
        return json.dumps(self.page.evaluate(GET, json.loads(options)))

    def visit(self, host):
        """Open an empty page there, which no network is asked for."""
        self.page.route(
            f"https://{host}/",
            lambda route: route.fulfill(body="<title>Sign in</title>", content_type="text/html"),
        )
        self.page.goto(f"https://{host}/")


@pytest.fixture
def site():
    emulator = LocalCognito()
    with http.opened(emulator.service) as url:
        yield Site(boto_client(url))
    emulator.close()


def test_a_browser_registers_a_passkey_and_signs_in(page, site):
    """11.7, 11.8"""
    site.device = browser = Browser(page)
    browser.visit(f"login.{SITE}")
    site.register()
    (listed,) = site.cognito.list_web_authn_credentials(AccessToken=site.token)["Credentials"]
    assert (listed["RelyingPartyId"], listed["AuthenticatorAttachment"]) == (SITE, "platform")
    assert site.sign_in()["AuthenticationResult"]
    held = browser.cdp.send("WebAuthn.getCredentials", {"authenticatorId": browser.authenticator})
    (credential,) = held["credentials"]
    assert credential["rpId"] == SITE and credential["signCount"] > 0
    with pytest.raises(ClientError, match="Credential data is not valid"):
        site.sign_in(Altered(browser, lambda signed: signed["response"].pop("signature")))
    with pytest.raises(ClientError, match="The passkey could not be verified"):
        site.sign_in(Altered(browser, lambda signed: signed["response"].update(signature="AAAA")))
    assert site.sign_in()["AuthenticationResult"]


def test_a_browser_creates_no_second_passkey_and_signs_on_no_other_domain(page, site):
    """11.7: excludeCredentials. A page of another domain may not even ask."""
    site.device = browser = Browser(page)
    browser.visit(SITE)
    site.register()
    with pytest.raises(Exception, match="InvalidStateError"):
        site.register()
    browser.visit("example.org")
    with pytest.raises(Exception, match="SecurityError"):
        site.sign_in()


class Altered:
    """The browser, with something changed in what it signed."""

    def __init__(self, browser, change):
        self.browser, self.change = browser, change

    def sign(self, options):
        signed = json.loads(self.browser.sign(options))
        self.change(signed)
        return json.dumps(signed)
