"""The remembered device, on the client's side."""

import base64
import re
import subprocess
import sys

from cognito_helpers.local_cognito.crypto import srp
from cognito_helpers.sign_in.device import Device, DeviceProof, new_device

OFFER = {
    "DeviceKey": "us-east-1_fec070d2-fa88-424a-8ec8-b26d7198eb23",
    "DeviceGroupKey": "-wt2ha1Zd",
}


def octets(text):
    return base64.b64decode(text, validate=True)


def test_a_new_device_keeps_its_keys_and_generates_a_password():
    device, config = new_device(OFFER)
    assert (device.key, device.group_key) == (OFFER["DeviceKey"], OFFER["DeviceGroupKey"])
    assert len(octets(device.password)) == 40
    assert new_device(OFFER)[0].password != device.password
    assert set(config) == {"PasswordVerifier", "Salt"}


def test_the_verifier_is_the_one_of_the_password_and_never_negative():
    """Of forty devices, about half have a top bit that requires a byte 00, in the salt and in the
    verifier.
    """
    for _ in range(40):
        device, config = new_device(OFFER)
        salt, verifier = octets(config["Salt"]), octets(config["PasswordVerifier"])
        assert salt[0] < 0x80 and verifier[0] < 0x80
        assert srp.from_bytes(verifier) == srp.from_bytes(
            srp.verifier(srp.device_identity(device.group_key, device.key), device.password, salt)
        )


def test_the_first_response_names_the_device_and_a_new_number_each_time():
    device, _ = new_device(OFFER)
    first, second = (DeviceProof(device).first_answer("ana") for _ in range(2))
    assert {name: first[name] for name in ("USERNAME", "DEVICE_KEY")} == {
        "USERNAME": "ana",
        "DEVICE_KEY": device.key,
    }
    assert re.fullmatch("[0-9a-f]{700,768}", first["SRP_A"])
    assert first["SRP_A"] != second["SRP_A"]


def test_the_second_response_is_what_the_server_expects():
    device, config = new_device(OFFER)
    proof = DeviceProof(device)
    big_b, key = srp.answer(
        int(proof.first_answer("ana")["SRP_A"], 16), octets(config["PasswordVerifier"])
    )
    block = base64.b64encode(b"secret block").decode()
    challenge = {
        "USERNAME": "ana",
        "DEVICE_KEY": device.key,
        "SALT": octets(config["Salt"]).hex(),
        "SECRET_BLOCK": block,
        "SRP_B": format(big_b, "x"),
    }
    answer = proof.second_answer(challenge)
    assert set(answer) == {
        "USERNAME",
        "DEVICE_KEY",
        "TIMESTAMP",
        "PASSWORD_CLAIM_SECRET_BLOCK",
        "PASSWORD_CLAIM_SIGNATURE",
    }
    assert answer["PASSWORD_CLAIM_SECRET_BLOCK"] == block
    assert re.fullmatch(
        "[A-Z][a-z]{2} [A-Z][a-z]{2} [1-9][0-9]? [0-9]{2}:[0-9]{2}:[0-9]{2} UTC [0-9]{4}",
        answer["TIMESTAMP"],
    )
    right = srp.signature(key, device.group_key + device.key, b"secret block", answer["TIMESTAMP"])
    assert octets(answer["PASSWORD_CLAIM_SIGNATURE"]) == right


def test_no_repr_has_the_password():
    device, _ = new_device(OFFER)
    for shown in (repr(device), str(device), repr(DeviceProof(device)), repr([device])):
        assert device.password not in shown
        assert device.key in shown


def test_pycognito_is_loaded_only_when_a_device_is_created():
    """It imports requests, which would slow down the first cell of every lesson."""
    program = (
        "import sys, cognito_helpers; before = 'pycognito' in sys.modules;"
        f" cognito_helpers.new_device({OFFER!r}); print(before, 'pycognito' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


def test_a_device_can_be_saved_and_restored():
    device, _ = new_device(OFFER)
    assert Device(**vars(device)) == device
