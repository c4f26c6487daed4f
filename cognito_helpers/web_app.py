"""A web app that signs users in with Amazon Cognito and an authenticator app, in one file.

Copy it beside actions.py and run it with your user pool and app client:

    pip install boto3 pycognito tornado pyotp qrcode "PyJWT[crypto]"
    python web_app.py us-east-1_AbCdEfGhI 1example23456789

The browser gets pages and cookies, never a token. Sessions are kept in this process. A real
application keeps them in a database, deletes old ones, and is served over HTTPS.
"""

import asyncio
import logging
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NoReturn

import jwt
import pyotp
import qrcode
from botocore.exceptions import ClientError, ParamValidationError
from qrcode.image.svg import SvgPathImage
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.template import Template
from tornado.web import Application, Finish, HTTPError, RequestHandler

LAYOUT = Template("""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{{ title }}</title>
<style>:root { color-scheme: light dark } body { font: 1.1em sans-serif; max-width: 26em;
margin: 2em auto } label, input, button { display: block; margin: .5em 0; font: inherit }
svg { background: white; width: 14em; height: auto } p { overflow-wrap: anywhere }</style>
<main><h1>{{ title }}</h1>{% if note %}<p role="alert">{{ note }}</p>{% end %}{% raw body %}
{% for path, button, inputs in forms %}<form method="post" action="/{{ path }}">{% raw csrf %}
{% for name, (label, kind, fill) in inputs %}<label>{{ label }}<input name="{{ name }}"
type="{{ kind }}" autocomplete="{{ fill }}" required></label>{% end %}<button>{{ button }}</button>
</form>{% end %}<p><a href="/sign-in">Sign in</a> <a href="/sign-up">Sign up</a></p></main>""")

# Each input: its label, its kind, and what the browser may fill in.
INPUTS = {
    "username": ("User name", "text", "username"),
    "email": ("Email address", "email", "email"),
    "password": ("Password", "password", "current-password"),
    "new_password": ("Password", "password", "new-password"),
    "code": ("Six-digit code", "text", "one-time-code"),
}
# Each page: its title, its inputs, and what else the user can do there.
PAGES: dict[str, tuple[str, list[str], list[str]]] = {
    "": ("Welcome", [], ["remember", "sign-out"]),
    "sign-up": ("Create an account", ["username", "email", "new_password"], []),
    "confirm": ("Confirm your email address", ["code"], ["resend"]),
    "sign-in": ("Sign in", ["username", "password"], []),
    "set-up-mfa": ("Set up your authenticator app", ["code"], []),
    "mfa-code": ("Enter the code from your authenticator app", ["code"], []),
}
BUTTONS = {"remember": "Remember this device", "resend": "New code", "sign-out": "Sign out"}
PAGE_OF = {"remember": "", "resend": "confirm", "sign-out": ""}
CHALLENGES = {"MFA_SETUP": "set-up-mfa", "SOFTWARE_TOKEN_MFA": "mfa-code"}
# What the user reads about an error. An attacker must not learn which user names exist.
WRONG = "The user name or password is wrong, or you waited too long. Sign in again."
NOTES = {
    "NotAuthorizedException": WRONG,
    "UserNotFoundException": WRONG,
    "UserNotConfirmedException": "Confirm your email address first.",
    "UsernameExistsException": "This user name is taken. Choose another one.",
    "InvalidPasswordException": "This password is too simple. Choose another one.",
    "CodeMismatchException": "The code is wrong. Try again.",
    "EnableSoftwareTokenMFAException": "The code is wrong. Try the next one.",
    "ExpiredCodeException": "This code has expired or was used before. Use a new one.",
    "LimitExceededException": "Too many attempts. Try again later.",
    "InvalidParameterException": "Check what you typed.",
    "ResourceNotFoundException": "Cognito doesn't know this device any more. Sign in again.",
}
# The page to continue on after an error, if it isn't the same page.
AFTER = {"NotAuthorizedException": "sign-in", "UserNotConfirmedException": "confirm"}


@dataclass(eq=False)
class Session:
    """What the server keeps for one browser, under the random ID in its cookie."""

    username: str = ""
    note: str = ""
    state: str = field(default="", repr=False)  # Cognito's Session of an unfinished sign-in
    secret: str = field(default="", repr=False)
    tokens: dict[str, Any] = field(default_factory=dict, repr=False)


class Page(RequestHandler):
    def prepare(self) -> None:
        self.cognito, self.sessions = self.settings["cognito"], self.settings["sessions"]
        self.session = self.sessions.get(self.get_cookie("app_session")) or Session()
        self.set_header("Cache-Control", "no-store")
        policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
        self.set_header("Content-Security-Policy", f"{policy}; frame-ancestors 'none'")

    def get(self, page: str) -> None:
        if page not in PAGES:
            raise HTTPError(404)
        title, inputs, actions = PAGES[page]
        forms: list[Any] = [(page, "Continue", [(i, INPUTS[i]) for i in inputs])] if inputs else []
        try:
            body = {"": self.welcome, "set-up-mfa": self.qr_code}.get(page, str)()
        except (ClientError, ParamValidationError, jwt.InvalidTokenError, KeyError):
            self.session.tokens = {}
            self.go("sign-in")
        if "NewDeviceMetadata" not in self.session.tokens:
            actions = [action for action in actions if action != "remember"]
        forms += [(action, BUTTONS[action], []) for action in actions]
        note, self.session.note = self.session.note, ""
        csrf = self.xsrf_form_html()
        self.finish(LAYOUT.generate(title=title, note=note, body=body, forms=forms, csrf=csrf))

    def post(self, page: str) -> None:
        submit = getattr(self, f"do_{page.replace('-', '_')}", None)
        if submit is None:
            raise HTTPError(404)
        inputs = PAGES[page][1] if page in PAGES else []
        page = PAGE_OF.get(page, page)
        try:
            submit(*(self.get_body_argument(name).strip() for name in inputs))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in NOTES:
                logging.error("Amazon Cognito returned %s", code)
            self.go(AFTER.get(code, page), NOTES.get(code, "Something went wrong."))
        except ParamValidationError:
            self.go(page, NOTES["InvalidParameterException"])
        except (jwt.InvalidTokenError, KeyError):
            self.go("sign-in")

    def go(self, page: str, note: str = "") -> NoReturn:
        """Keep the session, and send the browser to a page."""
        self.session.note = note
        if self.session not in self.sessions.values():
            self.renew_session()
        self.redirect(f"/{page}")
        raise Finish

    def renew_session(self) -> None:
        """Give the session a new ID. After a sign-in, an ID from before must not be valid."""
        self.sessions.pop(self.get_cookie("app_session"), None)
        self.sessions[self.send_cookie("app_session")] = self.session

    def send_cookie(self, name: str, days: int | None = None) -> str:
        """Send a random value that scripts can't read and that other sites can't make you send."""
        value, secure = secrets.token_urlsafe(32), self.request.protocol == "https"
        self.set_cookie(
            name, value, expires_days=days, httponly=True, samesite="Strict", secure=secure
        )
        return value

    @property
    def device(self) -> Any:
        """What was stored when this user had this browser remembered, or None."""
        return self.settings["devices"].get((self.get_cookie("app_device"), self.session.username))

    def advance(self, reply: dict[str, Any]) -> NoReturn:
        """Continue a sign-in: with the next challenge, or with tokens."""
        if "AuthenticationResult" in reply:
            tokens = reply["AuthenticationResult"]
            self.settings["verify"](tokens["AccessToken"])
            self.session.tokens, self.session.state, self.session.secret = tokens, "", ""
            self.renew_session()
            self.go("")
        challenge, parameters = reply["ChallengeName"], reply.get("ChallengeParameters", {})
        self.session.state, name = reply.get("Session", ""), self.session.username
        if challenge == "DEVICE_SRP_AUTH":
            user = parameters.get("USERNAME", name)
            answer = self.cognito.respond_to_device_challenge
            self.advance(answer(user, self.session.state or None, self.device))
        self.session.username = parameters.get("USER_ID_FOR_SRP", name)
        page = CHALLENGES.get(challenge, "sign-in")
        self.go(page, "" if challenge in CHALLENGES else f"This app can't answer {challenge}.")

    def do_sign_up(self, username: str, email: str, password: str) -> None:
        self.session = Session(username)
        self.cognito.sign_up_user(username, password, email)
        self.go("confirm", "We sent a code to your email address.")

    def do_confirm(self, code: str) -> None:
        self.cognito.confirm_user_sign_up(self.session.username, code)
        self.go("sign-in", "Your account is ready.")

    def do_resend(self) -> None:
        self.cognito.resend_confirmation(self.session.username)
        self.go("confirm", "We sent a new code.")

    def do_sign_in(self, username: str, password: str) -> None:
        self.session = Session(username)
        device = self.device
        try:
            self.advance(
                self.cognito.start_sign_in(username, password, device.key if device else None)
            )
        except ClientError:
            # Whatever failed, the next attempt asks for a code, not for the device.
            self.settings["devices"].pop((self.get_cookie("app_device"), username), None)
            raise

    def qr_code(self) -> str:
        if not self.session.secret:
            reply = self.cognito.get_mfa_secret(self.session.state)
            self.session.secret, self.session.state = reply["SecretCode"], reply["Session"]
        name, issuer = self.session.username, self.settings["issuer"]
        link = pyotp.TOTP(self.session.secret).provisioning_uri(name=name, issuer_name=issuer)
        picture: str = qrcode.make(link, image_factory=SvgPathImage).to_string(encoding="unicode")
        picture = f'<div role="img" aria-label="QR code">{picture}</div>'
        return f"{picture}<p>Scan this with your app, or type {self.session.secret}</p>"

    def do_set_up_mfa(self, code: str) -> None:
        reply = self.cognito.verify_mfa(self.session.state, code, "Authenticator app")
        self.advance(self.cognito.finish_mfa_setup(self.session.username, reply["Session"]))

    def do_mfa_code(self, code: str) -> None:
        answer = self.cognito.respond_to_mfa_challenge
        self.advance(answer(self.session.username, self.session.state, code))

    def do_remember(self) -> None:
        tokens = self.session.tokens
        token, offer = tokens["AccessToken"], tokens.pop("NewDeviceMetadata")
        device, reply = self.cognito.confirm_device(token, offer, "Web browser")
        if reply.get("UserConfirmationNecessary"):
            self.cognito.remember_device(token, device.key)
        browser = self.get_cookie("app_device") or self.send_cookie("app_device", days=365)
        self.settings["devices"][browser, self.session.username] = device
        self.go("", "The next sign-in on this device doesn't ask for a code.")

    def do_sign_out(self) -> None:
        self.sessions.pop(self.get_cookie("app_session"), None)
        tokens, self.session = self.session.tokens, Session()
        self.cognito.revoke_token(tokens["RefreshToken"])
        self.go("sign-in", "You're signed out.")

    def welcome(self) -> str:
        """What only a signed-in user sees. Expired tokens are refreshed."""
        tokens, verify, device = self.session.tokens, self.settings["verify"], self.device
        try:
            claims = verify(tokens["AccessToken"])
        except jwt.ExpiredSignatureError:
            refresh, key = self.cognito.refresh_tokens, device.key if device else None
            reply = refresh(self.session.username, tokens["RefreshToken"], key)
            tokens.update(reply["AuthenticationResult"])
            claims = verify(tokens["AccessToken"])
        return f"<p>You're signed in. Your user ID is {claims['sub']}.</p>"


def make_app(cognito: Any, verify: Callable[[str], dict[str, Any]], issuer: str) -> Application:
    """The app. cognito: a `CognitoIdentityProviderWrapper`. verify: takes an access token, returns
    its claims, and raises `jwt.InvalidTokenError`. issuer: its name in the authenticator app.
    """
    return Application(
        [(r"/([a-z-]*)", Page)],
        cognito=cognito,
        verify=verify,
        issuer=issuer,
        sessions={},
        devices={},
        # CSRF protection: each form carries a value that other sites can't read.
        xsrf_cookies=True,
        xsrf_cookie_name="app_csrf",
        xsrf_cookie_kwargs={"httponly": True, "samesite": "Strict"},
    )


async def main(pool_id: str, client_id: str, port: int = 8000) -> None:
    import boto3
    from actions import (  # type: ignore[import-not-found]
        CognitoIdentityProviderWrapper,
        verify_token,
    )

    client = boto3.client("cognito-idp", region_name=pool_id.partition("_")[0])
    issuer = f"{client.meta.endpoint_url}/{pool_id}"
    keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json")
    verify = partial(verify_token, keys=keys, use="access", issuer=issuer, client_id=client_id)
    cognito = CognitoIdentityProviderWrapper(client, pool_id, client_id)
    (listening,) = bind_sockets(port, "127.0.0.1")
    HTTPServer(make_app(cognito, verify, "My app")).add_socket(listening)
    print(f"Open http://127.0.0.1:{listening.getsockname()[1]}")
    await asyncio.Event().wait()


if __name__ == "__main__":
    _, pool_id, client_id = sys.argv
    asyncio.run(main(pool_id, client_id))
