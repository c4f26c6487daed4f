"""Clients in JavaScript: amazon-cognito-identity-js and aws-amplify, which have their own SRP and
devices, and the AWS SDK with cognito-srp-helper.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from ..emulator import lambdas
from ..emulator.commands import serving
from ..emulator.flow import (
    EMAIL,
    EMAILS,
    MASKED,
    MUTABLE,
    OWN_SENDER,
    PASSWORD,
    PHONE,
    SMS,
    TEXTS,
    first_factors,
    pairs,
)
from .conftest import Place, missing

HERE = Path(__file__).parent / "javascript"
LOCK = HERE / "package-lock.json"
OLDEST_NODE = 20
# The SDK warns about versions of Node.js that its later releases won't support; ours is locked.
QUIET = {"AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": "true"}


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    """The command `node`, with the locked packages installed; they stay until the lock changes."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if not found or not npm:
        missing(f"This needs Node.js {OLDEST_NODE} or newer with npm, and this machine has none.")
    version = subprocess.run(
        [found, "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if int(re.match(r"v(\d+)", version)[1]) < OLDEST_NODE:
        missing(f"This needs Node.js {OLDEST_NODE} or newer, and this machine has {version}.")
    installed, wanted = (
        HERE / "node_modules" / "installed.txt",
        hashlib.sha256(LOCK.read_bytes()).hexdigest(),
    )
    # The workers of one run share the folder above their own: one installs, the others wait.
    turn = tmp_path_factory.getbasetemp().parent / "npm.sqlite"
    with closing(sqlite3.connect(turn, timeout=600, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        if not installed.exists() or installed.read_text() != wanted:
            install(npm, tmp_path_factory.mktemp("npm"))
            installed.write_text(wanted)
    return found


def install(npm, cache):
    """Install the locked packages. No install scripts of packages are run, and nothing is left in
    the home folder.
    """
    beside = {"npm_config_cache": str(cache), "npm_config_update_notifier": "false"}
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts"],
        cwd=HERE,
        env=os.environ | beside,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        missing(f"The packages in {LOCK} cannot be installed: {done.stderr.strip()[-500:]}")


@pytest.fixture
def walk(node, place):
    """Run a script of ours as its user: answer its questions, and check the tokens it prints.
    Return their claims.
    """

    def walked(script, pool, username, at=place, **more):
        about = {
            "url": at.url,
            "poolId": pool.pool_id,
            "clientId": pool.client_id,
            "secret": pool.secret,
        }
        user = {
            "username": username,
            "password": PASSWORD,
            "newPassword": "Battery-Staple-8",
            "email": EMAIL,
            "masked": MASKED,
        }
        answers = {
            "mailed code": lambda: at.email_code(username),
            "fresh code": at.fresh_code,
            "wrong code": at.wrong_code,
            "forget": lambda key: (
                place.aws.admin_forget_device(
                    UserPoolId=pool.pool_id, Username=username, DeviceKey=key
                )
                and None
            ),
        }
        told = []
        pipes = {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
        }
        with subprocess.Popen([node, script], cwd=HERE, env=os.environ | QUIET, **pipes) as process:
            print(json.dumps(about | user | more), file=process.stdin, flush=True)
            for line in process.stdout:
                said = json.loads(line)
                if "tell" in said:
                    told.append(at.verified(pool.pool_id, pool.client_id, said["tell"])[0])
                else:
                    print(
                        json.dumps(answers[said["ask"]](*said["about"])),
                        file=process.stdin,
                        flush=True,
                    )
            error = process.stderr.read()
        assert (process.returncode, error) == (0, ""), error
        assert {claims["username"] for claims in told} == {username}
        return told

    return walked


@pytest.mark.parametrize(
    ("ci", "outcome"),
    [("", pytest.skip.Exception), ("true", pytest.fail.Exception)],
    ids=["a user's machine", "CI"],
)
def test_a_missing_client_is_skipped_except_in_ci(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="No Node.js."):
        missing("No Node.js.")


SRP, BY_PASSWORD = "USER_SRP_AUTH", "USER_PASSWORD_AUTH"
ASKING = {
    "DeviceConfiguration": {
        "ChallengeRequiredOnNewDevice": True,
        "DeviceOnlyRememberedOnUserPrompt": True,
    }
}


def allowed(flow):
    return {"flows": [f"ALLOW_{flow}", "ALLOW_REFRESH_TOKEN_AUTH"]}


def test_identity_js_in_a_pool_that_requires_a_code(place, walk):
    tokens = walk(
        "walk.mjs", place.pool(**allowed(SRP)), "browser-demanded", walk="required", flow=SRP
    )
    enrolled, with_code, by_device, refreshed, *_ = tokens
    assert by_device["device_key"] == with_code["device_key"] != enrolled["device_key"]
    assert refreshed["origin_jti"] == by_device["origin_jti"] != with_code["origin_jti"]


def test_identity_js_in_a_pool_that_asks_about_devices(place, walk):
    pool = place.pool(pool=ASKING, **allowed(BY_PASSWORD))
    known, again, not_remembered, another = walk(
        "walk.mjs", pool, "browser-asked", walk="opt_in", flow=BY_PASSWORD
    )
    assert (
        known["device_key"]
        == again["device_key"]
        == not_remembered["device_key"]
        != another["device_key"]
    )


def test_identity_js_in_a_pool_with_optional_mfa(place, walk):
    pool = place.pool("optional MFA", **allowed(SRP))
    assert len(walk("walk.mjs", pool, "browser-optional", walk="optional", flow=SRP)) == 2


def test_identity_js_with_a_user_created_by_an_administrator(place, walk):
    pool, username = place.pool("no MFA", **allowed(BY_PASSWORD)), "browser-invited"
    attributes = [{"Name": "email", "Value": EMAIL}]
    place.aws.admin_create_user(
        UserPoolId=pool.pool_id,
        Username=username,
        TemporaryPassword=PASSWORD,
        UserAttributes=attributes,
    )
    assert walk("walk.mjs", pool, username, walk="invited", flow=BY_PASSWORD)


def test_identity_js_with_a_forgotten_and_a_changed_password(place, walk):
    pool = place.pool("no MFA", **allowed(BY_PASSWORD))
    assert walk("walk.mjs", pool, "browser-forgetful", walk="forgetful", flow=BY_PASSWORD)


def test_amplify_in_a_pool_that_remembers_every_device(place, walk):
    tokens = walk(
        "walk_amplify.mjs", place.pool(**allowed(SRP)), "amplify-always", walk="required", flow=SRP
    )
    enrolled, by_device, refreshed, with_code, again = tokens
    assert enrolled["device_key"] == by_device["device_key"] == refreshed["device_key"]
    assert refreshed["origin_jti"] == by_device["origin_jti"] != enrolled["origin_jti"]
    assert by_device["device_key"] != with_code["device_key"] == again["device_key"]


def test_amplify_in_a_pool_that_asks_about_devices(place, walk):
    pool = place.pool(pool=ASKING, **allowed(BY_PASSWORD))
    enrolled, with_code, by_device, without = walk(
        "walk_amplify.mjs", pool, "amplify-asked", walk="opt_in", flow=BY_PASSWORD
    )
    assert enrolled["device_key"] == with_code["device_key"] == by_device["device_key"]
    assert without["device_key"] != by_device["device_key"]


def with_password(pool, username, **attributes):
    """A user of the pool, who needs no confirmation."""
    user = {"UserPoolId": pool.pool_id, "Username": username}
    given = {"UserAttributes": pairs(**attributes), "MessageAction": "SUPPRESS"}
    pool.aws.admin_create_user(**user, **given)
    pool.aws.admin_set_user_password(**user, Password=PASSWORD, Permanent=True)


CHOICE = MUTABLE | SMS | first_factors("PASSWORD", "EMAIL_OTP", "SMS_OTP")
BEGINS = {
    "choice": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "custom": ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
}


def test_amplify_where_the_user_chooses_the_first_factor(place, walk):
    """11.1 to 11.4"""
    pool = place.pool("no MFA", flows=BEGINS["choice"], pool=CHOICE)
    with_password(pool, "amplify-choice", email=EMAIL, phone_number=PHONE)
    assert len(walk("walk_amplify.mjs", pool, "amplify-choice", walk="choice")) == 4


def test_amplify_with_codes_by_email_and_sms(place, walk):
    """11.9 to 11.12"""
    pool = place.pool("no MFA", pool=MUTABLE | OWN_SENDER | SMS, **allowed(BY_PASSWORD))
    place.aws.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id, MfaConfiguration="ON", **TEXTS, **EMAILS
    )
    with_password(pool, "amplify-factors")
    more = {"walk": "factors", "flow": BY_PASSWORD, "number": PHONE}
    assert len(walk("walk_amplify.mjs", pool, "amplify-factors", **more)) == 3


@pytest.fixture
def place_with_functions(tmp_path, nothing_of_this_machines):
    """An endpoint with a file of functions for CUSTOM_AUTH."""
    state = tmp_path / "state.sqlite"
    with serving("--state", state, "--lambdas", lambdas.__file__) as (_, url):
        made = Place(url, state)
        yield made
        made.emulator.close()


def test_amplify_with_a_challenge_of_the_pools_own(place_with_functions, walk):
    """11.14"""
    functions = {
        name: f"{lambdas.ARN}{function.__name__}" for name, function in lambdas.FUNCTIONS.items()
    }
    settings = MUTABLE | {"LambdaConfig": functions}
    pool = place_with_functions.pool("no MFA", flows=BEGINS["custom"], pool=settings)
    with_password(pool, "amplify-custom")
    told = walk("walk_amplify.mjs", pool, "amplify-custom", at=place_with_functions, walk="custom")
    assert len(told) == 2


@pytest.mark.parametrize("plane", ["user", "admin"])
def test_the_sdk_with_srp_helper(place, walk, plane):
    with_code, by_device, refreshed = walk(
        "walk_sdk.mjs", place.pool(GenerateSecret=True), f"sdk-{plane}", plane=plane
    )
    assert by_device["device_key"] == with_code["device_key"] == refreshed["device_key"]
    assert refreshed["origin_jti"] == by_device["origin_jti"]
