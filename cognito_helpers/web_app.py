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
from typing import Any

import boto3
import jwt
import pyotp
import qrcode
from botocore.exceptions import ClientError, ParamValidationError
from qrcode.image.svg import SvgPathImage
from tornado.template import DictLoader
from tornado.web import Application, HTTPError, RequestHandler

HTML = """<!doctype html><html lang="en"><meta charset="utf-8"><title>My app</title>
<meta name="viewport" content="width=device-width"><style>:root { color-scheme: light dark }
body { font: 1.1em sans-serif; max-width: 26em; margin: 2em auto } p { overflow-wrap: anywhere }
label, input, button { display: block; margin: .5em 0; font: inherit } svg { background: white }
</style><main>
{% if session.note %}<p role="alert">{{ session.note }}</p>{% end %}
<form method="post">{% module xsrf_form_html() %}
{% if page == "" %}<h1>Welcome</h1><p>You're signed in. Your user ID is {{ user_id }}.</p>
{% if "NewDeviceMetadata" in session.tokens %}<button name="do" value="remember">
Remember this device</button>{% end %}<button name="do" value="sign-out">Sign out</button>
{% elif page == "sign-up" %}<h1>Create an account</h1>
<label>User name<input name="username" autocomplete="username" required></label>
<label>Email address<input name="email" type="email" autocomplete="email" required></label>
<label>Password<input name="password" type="password" autocomplete="new-password" required></label>
<button>Continue</button>
{% elif page == "sign-in" %}<h1>Sign in</h1>
<label>User name<input name="username" autocomplete="username" required></label>
<label>Password<input name="password" type="password" autocomplete="current-password"
required></label><button>Continue</button>
{% else %}{% if page == "confirm" %}<h1>Confirm your email address</h1>
{% elif page == "mfa-code" %}<h1>Enter the code from your authenticator app</h1>
{% else %}<h1>Set up your authenticator app</h1>
<div role="img" aria-label="QR code">{% raw qr_code %}</div>
<p>Scan this with your app, or type {{ session.secret }}</p>{% end %}
<label>Six-digit code<input name="code" autocomplete="one-time-code" required></label>
<button>Continue</button>{% end %}{% if page == "confirm" %}
<button name="do" value="resend" formnovalidate>Send a new code</button>{% end %}</form>
<p><a href="/sign-in">Sign in</a> <a href="/sign-up">Sign up</a></p></main>"""

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


@dataclass(repr=False)
class Session:
    """What the server keeps for one browser, under the random ID in its cookie."""

    username: str = ""
    note: str = ""  # what the next page tells the user
    state: str = ""  # Cognito's Session of an unfinished sign-in
    secret: str = ""  # of the authenticator app
    tokens: dict[str, Any] = field(default_factory=dict)


class Page(RequestHandler):
    """Each page has one form. `get` shows it, and `post` sends what the user typed to Cognito."""

    def prepare(self) -> None:
        self.cognito, self.sessions = self.settings["cognito"], self.settings["sessions"]
        self.set_header("Cache-Control", "no-store")
        policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
        self.set_header("Content-Security-Policy", f"{policy}; frame-ancestors 'none'")
        self.session_id = self.get_cookie("app_session")
        self.session = self.sessions.get(self.session_id)
        if self.session is None:
            self.renew_session()

    def renew_session(self, username: str = "") -> None:
        """Start an empty session with a new ID. The ID from before isn't valid any more."""
        self.sessions.pop(self.session_id, None)
        self.session_id, self.session = self.send_cookie("app_session"), Session(username)
        self.sessions[self.session_id] = self.session

    def send_cookie(self, name: str, days: int | None = None) -> str:
        """Send a random value that scripts and other sites can't use."""
        value = secrets.token_urlsafe(32)
        self.set_cookie(
            name,
            value,
            expires_days=days,
            httponly=True,
            samesite="Strict",
            secure=self.request.protocol == "https",
        )
        return value

    def get(self, page: str) -> None:
        try:
            user_id = self.welcome() if page == "" else ""
            qr_code = self.qr_code() if page == "set-up-mfa" else ""
        except (ClientError, ParamValidationError, jwt.InvalidTokenError, KeyError):
            self.session.tokens = {}
            return self.redirect("/sign-in")
        self.render("page", page=page, session=self.session, user_id=user_id, qr_code=qr_code)
        self.session.note = ""

    def post(self, page: str) -> None:
        note = ""
        try:
            page, note = self.submit(self.get_body_argument("do", page))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            page, note = AFTER.get(code, page), NOTES.get(code, "Something went wrong.")
            logging.warning("Amazon Cognito returned %s", code)
            if code == "ResourceNotFoundException":
                self.clear_cookie("app_device")
        except ParamValidationError:
            note = NOTES["InvalidParameterException"]
        except (jwt.InvalidTokenError, KeyError):
            page = "sign-in"
        self.session.note = note
        self.redirect(f"/{page}")

    def submit(self, step: str) -> tuple[str, str]:
        """Make the calls of a step. Returns the next page, and a note for it."""
        cognito, session, typed = self.cognito, self.session, self.get_body_argument
        match step:
            case "sign-up":
                self.renew_session(typed("username"))
                cognito.sign_up_user(typed("username"), typed("password"), typed("email"))
                return "confirm", "We sent a code to your email address."
            case "confirm":
                cognito.confirm_user_sign_up(session.username, typed("code"))
                return "sign-in", "Your account is ready."
            case "resend":
                cognito.resend_confirmation(session.username)
                return "confirm", "We sent a new code."
            case "sign-in":
                self.renew_session(typed("username"))
                key = getattr(self.device, "key", None)
                reply = cognito.start_sign_in(typed("username"), typed("password"), key)
                return self.advance(reply)
            case "set-up-mfa":
                reply = cognito.verify_mfa(session.state, typed("code"), "Authenticator app")
                return self.advance(cognito.finish_mfa_setup(session.username, reply["Session"]))
            case "mfa-code":
                answer = cognito.respond_to_mfa_challenge
                return self.advance(answer(session.username, session.state, typed("code")))
            case "remember":
                return self.remember()
            case "sign-out":
                self.renew_session()
                cognito.revoke_token(session.tokens["RefreshToken"])
                return "sign-in", "You're signed out."
        raise HTTPError(404)

    def advance(self, reply: dict[str, Any]) -> tuple[str, str]:
        """Continue a sign-in: with tokens, or with the page for the next challenge."""
        username = self.session.username
        if "AuthenticationResult" in reply:
            tokens = reply["AuthenticationResult"]
            self.settings["verify"](tokens["AccessToken"])
            self.renew_session(username)
            self.session.tokens = tokens
            return "", ""
        self.session.state = reply.get("Session", "")
        self.session.username = reply["ChallengeParameters"].get("USER_ID_FOR_SRP", username)
        match reply["ChallengeName"]:
            case "MFA_SETUP":
                return "set-up-mfa", ""
            case "SOFTWARE_TOKEN_MFA":
                return "mfa-code", ""
            case "DEVICE_SRP_AUTH":
                answer = self.cognito.respond_to_device_challenge
                return self.advance(answer(username, self.session.state or None, self.device))
            case challenge:
                return "sign-in", f"This app can't answer {challenge}."

    def qr_code(self) -> str:
        """Draw the secret of the authenticator app, which is requested once."""
        session = self.session
        if not session.secret:
            reply = self.cognito.get_mfa_secret(session.state)
            session.secret, session.state = reply["SecretCode"], reply["Session"]
        app = pyotp.TOTP(session.secret, name=session.username, issuer="My app")
        picture = qrcode.make(app.provisioning_uri(), image_factory=SvgPathImage)
        return str(picture.to_string(encoding="unicode"))

    def welcome(self) -> str:
        """The user's ID. Expired tokens are refreshed."""
        session, verify = self.session, self.settings["verify"]
        tokens = session.tokens
        try:
            claims = verify(tokens["AccessToken"])
        except jwt.ExpiredSignatureError:
            refresh = self.cognito.refresh_tokens
            key = getattr(self.device, "key", None)
            reply = refresh(session.username, tokens["RefreshToken"], key)
            tokens.update(reply["AuthenticationResult"])
            claims = verify(tokens["AccessToken"])
        return str(claims["sub"])

    def remember(self) -> tuple[str, str]:
        """Have Cognito remember this browser, and store its device key and password."""
        tokens = self.session.tokens
        token, offer = tokens["AccessToken"], tokens.pop("NewDeviceMetadata")
        device, reply = self.cognito.confirm_device(token, offer, "Web browser")
        if reply.get("UserConfirmationNecessary"):
            self.cognito.remember_device(token, device.key)
        browser = self.send_cookie("app_device", days=365)
        self.settings["devices"][browser] = self.session.username, device
        return "", "The next sign-in on this device doesn't ask for a code."

    @property
    def device(self) -> Any:
        """What was stored when this user had this browser remembered, or None."""
        user, device = self.settings["devices"].get(self.get_cookie("app_device"), ("", None))
        return device if user == self.session.username else None


def make_app(cognito: Any, verify: Callable[[str], dict[str, Any]]) -> Application:
    """`verify` returns the claims of an access token, or raises `jwt.InvalidTokenError`."""
    return Application(
        [(r"/(|sign-up|confirm|sign-in|set-up-mfa|mfa-code)", Page)],
        template_loader=DictLoader({"page": HTML}),
        cognito=cognito,
        verify=verify,
        sessions={},
        devices={},
        # CSRF protection: each form carries a value that other sites can't read.
        xsrf_cookies=True,
        xsrf_cookie_name="app_csrf",
        xsrf_cookie_kwargs={"httponly": True, "samesite": "Strict"},
    )


async def main(pool_id: str, client_id: str, port: int = 8000) -> None:
    import actions  # type: ignore[import-not-found]

    client = boto3.client("cognito-idp", region_name=pool_id.partition("_")[0])
    pool = f"{client.meta.endpoint_url}/{pool_id}"
    keys, verify = jwt.PyJWKClient(f"{pool}/.well-known/jwks.json"), actions.verify_token
    verify = partial(verify, keys=keys, use="access", issuer=pool, client_id=client_id)
    cognito = actions.CognitoIdentityProviderWrapper(client, pool_id, client_id)
    make_app(cognito, verify).listen(port, "127.0.0.1")
    print(f"Open http://127.0.0.1:{port}")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
