"""The web app to take home, used like a browser uses it: over HTTP, with forms and cookies."""

import asyncio
import html
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import pyotp
import pytest

from cognito_helpers import actions, web_app
from cognito_helpers.lessons.web_app_server import serve_web_app
from cognito_helpers.sign_in.tokens import claims_of, verify
from cognito_helpers.views.source import Source
from tests.tutorial_pool import TutorialPool, tutorial_pool

PASSWORD = "Correct-horse-7-battery"
HOUR = 3600


class Browser:
    """A browser with its own cookies. `text` is what the last page says."""

    def __init__(self, address: str) -> None:
        self.address, self.cookies = address, CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.cookies))
        self.open("")

    def open(self, page: str, data: dict[str, str] | None = None) -> None:
        body = urlencode(data).encode() if data is not None else None
        with self._opener.open(Request(f"{self.address}/{page}", body), timeout=20) as reply:
            self.headers, self.source = reply.headers, reply.read().decode()
            self.page = reply.geturl().removeprefix(f"{self.address}/")
        self.text = html.unescape(re.sub(r"<[^>]*>", " ", self.source.partition("<main>")[2]))

    def send(self, button: str, **typed: str) -> None:
        """Fill in the form of the current page, and press its button or another one."""
        form = re.search(r"<form.*?</form>", self.source, re.DOTALL)[0]
        sent = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', form)) | typed
        if button != self.page:
            assert f'<button name="do" value="{button}"' in form
            sent["do"] = button
        else:
            assert set(re.findall(r'<input name="([a-z]\w*)"', form)) == set(typed)
        self.open(self.page, sent)

    @property
    def key(self) -> str:
        (key,) = re.findall(r"type ([A-Z2-7]{32,})", self.text)
        return key


@contextmanager
def served(pool: TutorialPool) -> Iterator[str]:
    """The app for a pool, on its own port."""

    def verified(token: str) -> dict:
        keys = pool.emulator.jwks(pool.id)
        issuer = claims_of(token)["iss"]
        return verify(
            token,
            keys,
            use="access",
            issuer=issuer,
            client_id=pool.client_id,
            now=pool.emulator.clock.now(),
        ).claims

    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), []

    async def start() -> None:
        app = web_app.make_app(pool.wrapper, verified)
        server = app.listen(0, "127.0.0.1")
        ports.append(next(iter(server._sockets.values())).getsockname()[1])
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(20)
    yield f"http://127.0.0.1:{ports[0]}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join(20)


@pytest.fixture
def pool():
    with tutorial_pool("in process") as made:
        yield made


@pytest.fixture
def address(pool):
    with served(pool) as address:
        yield address


@pytest.fixture
def browser(address):
    return Browser(address)


def sign_up(browser, pool):
    browser.open("sign-up")
    browser.send("sign-up", username="ana", email="ana@example.com", password=PASSWORD)
    browser.send("confirm", code=pool.email_code())


def signed_in(browser, pool):
    """Ana has an account and is signed in. Returns the secret of her authenticator app."""
    sign_up(browser, pool)
    browser.send("sign-in", username="ana", password=PASSWORD)
    key = browser.key
    browser.send("set-up-mfa", code=pool.app_code(key))
    assert "You're signed in." in browser.text
    return key


def test_from_sign_up_to_sign_out(browser, pool):
    assert browser.page == "sign-in"
    browser.open("sign-up")
    browser.send("sign-up", username="ana", email="ana@example.com", password=PASSWORD)
    assert browser.page == "confirm" and "We sent a code" in browser.text
    browser.send("resend")
    browser.send("confirm", code="000000")
    assert "The code is wrong." in browser.text
    browser.send("confirm", code=f" {pool.email_code()} ")
    assert browser.page == "sign-in" and "Your account is ready." in browser.text

    browser.send("sign-in", username="ana", password="Wrong-horse-7-battery")
    assert "wrong" in browser.text
    browser.send("sign-in", username="ana", password=PASSWORD)
    assert browser.page == "set-up-mfa" and "<svg" in browser.source
    key = browser.key
    browser.send("set-up-mfa", code=pool.wrong_app_code(key))
    assert browser.page == "set-up-mfa" and browser.key == key
    browser.send("set-up-mfa", code=pool.app_code(key))
    user = pool.client.admin_get_user(UserPoolId=pool.id, Username="ana")
    sub = next(a["Value"] for a in user["UserAttributes"] if a["Name"] == "sub")
    assert browser.page == "" and sub in browser.text

    browser.send("sign-out")
    assert "You're signed out." in browser.text
    browser.open("")
    assert browser.page == "sign-in"
    browser.send("sign-in", username="ana", password=PASSWORD)
    assert browser.page == "mfa-code"
    browser.send("mfa-code", code=pool.wrong_app_code(key))
    assert browser.page == "mfa-code" and "The code is wrong." in browser.text
    browser.send("mfa-code", code=pool.app_code(key))
    assert sub in browser.text


def test_a_remembered_device_signs_in_without_a_code_until_cognito_forgets_it(browser, pool):
    key = signed_in(browser, pool)
    browser.send("remember")
    assert "doesn't ask for a code" in browser.text and "Remember" not in browser.text
    browser.send("sign-out")
    browser.send("sign-in", username="ana", password="Wrong-horse-7-battery")
    browser.send("sign-in", username="ana", password=PASSWORD)
    assert browser.page == "", "no code was asked for"

    (device,) = pool.client.admin_list_devices(UserPoolId=pool.id, Username="ana")["Devices"]
    pool.client.admin_forget_device(
        UserPoolId=pool.id, Username="ana", DeviceKey=device["DeviceKey"]
    )
    browser.open("sign-in")
    browser.send("sign-in", username="ana", password=PASSWORD)
    assert "doesn't know this device" in browser.text
    browser.send("sign-in", username="ana", password=PASSWORD)
    browser.send("mfa-code", code=pool.app_code(key))
    assert browser.page == ""


def test_another_browser_is_asked_for_a_code(browser, address, pool):
    signed_in(browser, pool)
    browser.send("remember")
    other = Browser(address)
    other.send("sign-in", username="ana", password=PASSWORD)
    assert other.page == "mfa-code"


def test_a_device_cookie_from_before_is_replaced(browser, pool):
    """Someone who planted the cookie must not have a remembered device."""
    signed_in(browser, pool)
    (session,) = [cookie for cookie in browser.cookies if cookie.name == "app_session"]
    planted = copy(session)
    planted.name, planted.value = "app_device", "planted"
    browser.cookies.set_cookie(planted)
    browser.send("remember")
    values = [cookie.value for cookie in browser.cookies if cookie.name == "app_device"]
    assert len(values) == 1 and values != ["planted"]


def test_expired_tokens_are_refreshed_only_on_a_remembered_device(browser, address, pool):
    key = signed_in(browser, pool)
    browser.send("remember")
    other = Browser(address)
    other.send("sign-in", username="ana", password=PASSWORD)
    other.send("mfa-code", code=pool.app_code(key))
    pool.emulator.clock.advance(2 * HOUR)
    browser.open("")
    assert "You're signed in." in browser.text
    # The pool tracks devices, so Cognito refreshes only the tokens of a confirmed one.
    other.open("")
    assert other.page == "sign-in"


def test_an_unconfirmed_sign_up_continues_at_the_next_sign_in(browser, pool):
    browser.open("sign-up")
    browser.send("sign-up", username="ana", email="ana@example.com", password=PASSWORD)
    browser.open("sign-in")
    browser.send("sign-in", username="ana", password=PASSWORD)
    assert browser.page == "confirm"
    browser.send("confirm", code=pool.email_code())
    assert "Your account is ready." in browser.text


def test_an_expired_session_starts_again(browser, pool):
    sign_up(browser, pool)
    browser.send("sign-in", username="ana", password=PASSWORD)
    key = browser.key
    pool.emulator.clock.advance(HOUR)
    browser.send("set-up-mfa", code=pool.app_code(key))
    assert browser.page == "sign-in" and "you waited too long" in browser.text


def test_invalid_input_is_one_sentence(browser, pool):
    browser.open("sign-up")
    browser.send("sign-up", username="", email="ana@example.com", password=PASSWORD)
    assert "Check what you typed." in browser.text
    browser.send("sign-up", username="ana", email="ana@example.com", password="simple")
    assert "too simple" in browser.text
    sign_up(browser, pool)
    browser.open("sign-up")
    browser.send("sign-up", username="ana", email="b@example.com", password=PASSWORD)
    assert "taken" in browser.text


@pytest.mark.parametrize("username", ["ana", "nobody"])
def test_a_wrong_password_and_an_unknown_user_look_the_same(browser, pool, username):
    sign_up(browser, pool)
    browser.send("sign-in", username=username, password="Wrong-horse-7-battery")
    assert web_app.WRONG in browser.text


def test_the_browser_gets_no_token_and_its_cookies_are_protected(browser, pool):
    before = {cookie.value for cookie in browser.cookies}
    signed_in(browser, pool)
    cookies = {cookie.name: cookie for cookie in browser.cookies}
    assert cookies.keys() == {"app_session", "app_csrf"}
    assert cookies["app_session"].value not in before, "a new ID for the signed-in session"
    for cookie in cookies.values():
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie._rest["SameSite"] == "Strict"
    assert not re.search(r"eyJ[\w-]{20,}", browser.source + str(browser.headers))
    assert "frame-ancestors 'none'" in browser.headers["Content-Security-Policy"]
    assert browser.headers["Cache-Control"] == "no-store"


def test_a_form_without_its_csrf_value_is_rejected(browser, pool):
    signed_in(browser, pool)
    with pytest.raises(HTTPError, match="403") as caught:
        browser.open("", {"do": "sign-out"})
    caught.value.close()
    browser.open("")
    assert browser.page == ""


@pytest.mark.parametrize("page", ["nothing", "resend", "sign-out"])
def test_pages_that_do_not_exist(browser, page):
    with pytest.raises(HTTPError, match="404") as caught:
        browser.open(page)
    caught.value.close()


@pytest.mark.parametrize("page", ["set-up-mfa", ""])
def test_a_page_that_needs_an_earlier_step_leads_to_the_sign_in(browser, page):
    browser.open(page)
    assert browser.page == "sign-in"


def test_reprs_show_no_secret():
    session = web_app.Session("ana", state="a-session", secret="a-secret", tokens={"a": "token"})
    assert "a-" not in repr(session) and "token" not in repr(session)


def test_it_runs_beside_actions_in_a_separate_folder(tmp_path):
    """Both files as copied, in a process without the package and its folder."""
    for module in (actions, web_app):
        shutil.copy(Path(module.__file__), tmp_path)
    with tutorial_pool("over HTTP") as pool:
        sign_up_directly(pool)
        with subprocess.Popen(
            [sys.executable, "-P", "-u", "-c", START, pool.id, pool.client_id, free_port()],
            cwd=tmp_path,
            env={
                **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
                "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": pool.client.meta.endpoint_url,
                "AWS_ACCESS_KEY_ID": "none",
                "AWS_SECRET_ACCESS_KEY": "none",
            },
            stdout=subprocess.PIPE,
            text=True,
        ) as running:
            try:
                browser = Browser(running.stdout.readline().split()[-1])
                browser.send("sign-in", username="ana", password=PASSWORD)
                browser.send("set-up-mfa", code=pyotp.TOTP(browser.key).now())
                assert "You're signed in." in browser.text
            finally:
                running.kill()


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return str(listening.getsockname()[1])


# As `python web_app.py` runs it, but on a free port.
START = """
import asyncio, sys
sys.path.insert(0, "")
import web_app
assert "cognito_helpers" not in sys.modules
asyncio.run(web_app.main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def sign_up_directly(pool):
    pool.wrapper.sign_up_user("ana", PASSWORD, "ana@example.com")
    pool.wrapper.confirm_user_sign_up("ana", pool.email_code())


class InANotebook:
    """The part of a lab that the server in a notebook needs."""

    def __init__(self, pool):
        self.cognito, self.pool_id, self.client_id = pool.client, pool.id, pool.client_id
        self.issuer, self.now = "", pool.emulator.clock.now
        self.jwks = lambda: pool.emulator.jwks(pool.id)


def test_in_a_notebook_one_app_runs_at_a_time_on_this_computer_only(pool):
    async def twice():
        first = serve_web_app(InANotebook(pool))
        second = serve_web_app(InANotebook(pool))
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", first.port)).close()
        socket.create_connection(("127.0.0.1", second.port)).close()
        assert second.url in second._repr_html_() and repr(second) == f"Open {second.url}"
        second.stop()

    asyncio.run(twice())


def test_in_a_browser_tab_it_says_that_it_cannot_listen(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    served = serve_web_app(None)
    assert "can't listen" in repr(served) and "can't listen" in served._repr_html_()
    assert served.url == ""
    served.stop()


def test_a_lesson_shows_a_part_of_the_file():
    shown = Source("web_app.py", "send_cookie")
    assert repr(shown).startswith("def send_cookie(") and 'samesite="Strict"' in repr(shown)
    page = shown._repr_html_()
    assert html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "", page)) == repr(shown)
    assert '<span class="cognito-word">def</span> send_cookie' in page
    with pytest.raises(ValueError, match="no function or class named nothing"):
        Source("web_app.py", "nothing")
