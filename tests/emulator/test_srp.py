"""Secure remote password, the server's side, checked against a client's mathematics that aren't
ours, and against an attacker who alters messages. BEHAVIOR.md, section 5.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import gmpy2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycognito.aws_srp import AWSSRP, calculate_u, compute_hkdf, long_to_hex, pad_hex

from cognito_helpers.local_cognito import lockout
from cognito_helpers.local_cognito.crypto import srp
from cognito_helpers.sign_in.device import Device, DeviceProof

from .flow import only_here, rejects

WRONG = "NotAuthorizedException", "Incorrect username or password."
NO_MFA = {"mfa": "OFF"}
DEVICE = Device(
    "us-west-2_fec070d2-fa88-424a-8ec8-b26d7198eb23",
    "-wt2ha1Zd",
    "kEq5GZFO+IrIrHRyQCGX5Dkm/AkbyKPjWDM8TX5FoDbLFdtZ2Kzjxw==",
)

# Public keys of any length, and at the edges: the top bit needs another byte, or leading zeros
# could be lost.
NUMBERS = st.integers(1, srp.N - 1) | st.sampled_from(
    [1, 2, 0x7F, 0x80, 0xFF, 0x8000, 2**3071, srp.N - 1]
)
SALTS = st.binary(min_size=1, max_size=33) | st.sampled_from(
    [b"\x00\x12", b"\x00\x80", b"\x80" + bytes(15), b"\x01" * 16, bytes(15) + b"\x01"]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def test_the_multiplier_is_the_clients():
    """k, from N and g."""
    assert AWSSRP("u", "p", "x_y", "c", client=object()).val_k == srp.K


@given(number=NUMBERS)
def test_numbers_are_hashed_as_clients_hash_them(number):
    assert srp.to_bytes(number).hex() == pad_hex(number)
    assert int(srp.to_hex(number), 16) == number


@given(base=NUMBERS | st.integers(0, srp.N**2), exponent=st.integers(0, 2**256 - 1))
def test_the_faster_integers_give_the_same_results(base, exponent):
    assert int(gmpy2.powmod(base, exponent, srp.N)) == pow(base, exponent, srp.N)


def test_the_faster_integers_are_used_if_they_are_installed():
    assert srp.powmod is gmpy2.powmod


@settings(max_examples=30)
@given(salt=SALTS, username=TEXTS, password=TEXTS)
def test_a_client_with_the_right_password_computes_the_servers_key(salt, username, password):
    """With any salt, name and password."""
    pool_id = "us-east-1_Abc123XyZ"
    stored = srp.verifier(srp.user_identity(pool_id, username), password, salt)
    client = AWSSRP(username, password, pool_id, "client", client=object())
    big_b, key = srp.answer(client.large_a_value, stored)
    sent = srp.to_hex(srp.from_bytes(salt))
    assert client.get_password_authentication_key(username, password, big_b, sent) == key
    assert client.get_password_authentication_key(username, password + "x", big_b, sent) != key
    assert client.get_password_authentication_key(username + "x", password, big_b, sent) != key


@settings(max_examples=30)
@given(salt=SALTS, password=TEXTS)
def test_a_device_computes_the_servers_key(salt, password):
    stored = srp.verifier(srp.device_identity(DEVICE.group_key, DEVICE.key), password, salt)
    client = AWSSRP("", "", "_", "", client=object())
    big_b, key = srp.answer(client.large_a_value, stored)
    assert (
        client.get_device_authentication_key(
            DEVICE.group_key, DEVICE.key, password, big_b, srp.to_hex(srp.from_bytes(salt))
        )
        == key
    )


# Computed with pycognito 2024.5.1 from its own generate_hash_device, get_device_authentication_key
# and compute_hkdf, with every random number given: the salt 0x00 80 01 02 … (its top bit set), a =
# 2^255 + 3, and B from b = 2^254 + 5 by the formula of RFC 5054. This keeps the SHA-256 of the
# hexadecimal texts.
SALT = bytes([0x80, *range(1, 16)])
SMALL_A, SMALL_B = 2**255 + 3, 2**254 + 5


def fixed_exchange(monkeypatch):
    """An exchange without random numbers: the stored verifier, the client, B and the server's
    key.
    """
    stored = srp.verifier(srp.device_identity(DEVICE.group_key, DEVICE.key), DEVICE.password, SALT)
    client = AWSSRP("", "", "_", "", client=object())
    client.small_a_value = SMALL_A
    client.large_a_value = client.calculate_a()
    monkeypatch.setattr(secrets, "randbits", lambda bits: SMALL_B)
    return stored, client, *srp.answer(client.large_a_value, stored)


def digest(number):
    return hashlib.sha256(format(number, "x").encode()).hexdigest()


@pytest.mark.parametrize("powmod", [pow, gmpy2.powmod])
def test_a_known_exchange_gives_the_known_result(monkeypatch, powmod):
    """With Python's own integers, and with those of the extra `fast`."""
    monkeypatch.setattr(srp, "powmod", powmod)
    stored, client, big_b, key = fixed_exchange(monkeypatch)
    assert (
        digest(srp.from_bytes(stored))
        == "84f9691e75fcf4f7643b705d458733185d52b9d393486e8b5f214ef7f1201df0"
    )
    assert (
        digest(client.large_a_value)
        == "107aa9b46cee8bd40c6666670697a960a9324a0ec7ee6a496565607500a826ab"
    )
    assert digest(big_b) == "49664c77c9e7e21b927c2164611d978dbcde0d7cf3fa67221677e3b53d9cadd8"
    assert key.hex() == "0e20faf0e75732c99d05861fb677d318"
    assert (
        base64.b64encode(
            srp.signature(
                key, DEVICE.group_key + DEVICE.key, b"secret block", "Tue May 7 00:09:40 UTC 2024"
            )
        ).decode()
        == "BEGj03zUbppVdNkqviaQX4s8dSmXgZUfcmek3n/zWJk="
    )


def test_the_key_is_the_one_of_the_formula_in_the_guide(monkeypatch):
    """The client's formula, (B - k g^x)^(a + u x), written out here again and not taken from the
    code under test.
    """
    _, client, big_b, key = fixed_exchange(monkeypatch)
    inner = hashlib.sha256(f"{DEVICE.group_key}{DEVICE.key}:{DEVICE.password}".encode()).digest()
    x = int.from_bytes(hashlib.sha256(b"\x00" + SALT + inner).digest(), "big")
    u = calculate_u(client.large_a_value, big_b)
    s = pow(big_b - client.val_k * pow(2, x, srp.N), SMALL_A + u * x, srp.N)
    assert compute_hkdf(bytes.fromhex(pad_hex(s)), bytes.fromhex(pad_hex(long_to_hex(u)))) == key


def test_the_derived_key_is_hkdf(monkeypatch):
    """RFC 5869, appendix A, case 1, whose first sixteen bytes come from the same two steps with
    another label.
    """
    monkeypatch.setattr(srp, "LABEL", bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"))
    shared, salt = b"\x0b" * 22, bytes(range(13))
    assert srp.derived_key(shared, salt).hex() == "3cb25f25faacd57a90434f64d0362f2a"


def test_the_server_generates_a_new_secret_each_time():
    stored = srp.verifier("anybody", "password", b"\x01" * 16)
    assert len({srp.answer(2, stored) for _ in range(3)}) == 3


def test_a_stolen_verifier_cannot_sign_in():
    """The verifier isn't the password: a client that uses it as x doesn't compute the key."""
    stored = srp.verifier("anybody", "password", b"\x01" * 16)
    a = secrets.randbits(256)
    big_b, key = srp.answer(pow(srp.G, a, srp.N), stored)
    u = calculate_u(pow(srp.G, a, srp.N), big_b)
    v = srp.from_bytes(stored)
    guess = pow(big_b - srp.K * v, a + u * v, srp.N)
    assert srp.derived_key(srp.to_bytes(guess), srp.to_bytes(u)) != key


# An attacker who alters messages


@pytest.fixture
def asked(make_flow, monkeypatch):
    """A device that was asked for its proof, and the right response. Wrong proofs don't lock the
    user here: test_lockout.py is about that.
    """
    flow = make_flow(**NO_MFA).with_device()
    if flow.elsewhere:
        only_here("hundreds of wrong proofs without a lock")
    monkeypatch.setattr(lockout, "FREE_ATTEMPTS", 1_000_000)
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_begin()
    return flow, flow.device_proof.second_answer(flow.device_challenge)


def flipped(text, bit):
    octets = bytearray(base64.b64decode(text))
    octets[bit // 8] ^= 1 << bit % 8
    return base64.b64encode(octets).decode()


def send(flow, proof):
    flow.answer("DEVICE_PASSWORD_VERIFIER", session=False, **proof)


def test_a_signature_with_any_one_bit_altered_is_rejected(asked):
    """All 256 of them; then the right one is accepted."""
    flow, proof = asked
    bits = 8 * len(base64.b64decode(proof["PASSWORD_CLAIM_SIGNATURE"]))
    assert bits == 256
    for bit in range(bits):
        with rejects(flow, *WRONG):
            send(
                flow,
                proof
                | {"PASSWORD_CLAIM_SIGNATURE": flipped(proof["PASSWORD_CLAIM_SIGNATURE"], bit)},
            )
    send(flow, proof)


ONE_FLOW = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@ONE_FLOW
@given(bit=st.integers(0, 8 * 1280 - 1))
def test_a_secret_block_with_any_one_bit_altered_is_rejected(asked, bit):
    flow, proof = asked
    with rejects(flow, *WRONG):
        send(
            flow,
            proof
            | {"PASSWORD_CLAIM_SECRET_BLOCK": flipped(proof["PASSWORD_CLAIM_SECRET_BLOCK"], bit)},
        )


@ONE_FLOW
@given(at=st.integers(0, 30), replacement=st.characters(min_codepoint=32, max_codepoint=126))
def test_a_time_with_any_one_character_altered_is_rejected(asked, at, replacement):
    flow, proof = asked
    time = proof["TIMESTAMP"]
    changed = time[:at] + replacement + time[at + 1 :]
    if changed == time:
        return
    with rejects(flow, *(WRONG if is_a_time(changed) else ("InvalidParameterException", None))):
        send(flow, proof | {"TIMESTAMP": changed})


def is_a_time(text):
    """Whether a client could have written this. Only such a text is checked as a proof."""
    try:
        datetime.strptime(text, "%a %b %d %H:%M:%S UTC %Y")
    except ValueError:
        return False
    return (
        text.count(" ") == 5
        and all(len(part) == 2 for part in text.split()[3].split(":"))
        and text[:3].istitle()
        and text.split()[1].istitle()
    )


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bit=st.integers(0, 3070), what=st.sampled_from(["SRP_B", "SALT"]))
def test_the_servers_message_cannot_be_altered(asked, bit, what):
    """A device that received another number computes another proof."""
    flow, _ = asked
    told = dict(flow.device_challenge)
    told[what] = format(int(told[what], 16) ^ 1 << bit % (120 if what == "SALT" else 3071), "x")
    with rejects(flow, *WRONG):
        send(flow, flow.device_proof.second_answer(told))


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bit=st.integers(0, 3070))
def test_the_devices_message_cannot_be_altered(make_flow, bit):
    """A server that received another SRP_A expects another proof."""
    flow = make_flow(**NO_MFA)
    flow.username = f"user{bit}{secrets.token_hex(4)}"
    flow.with_device()
    flow.sign_in(DEVICE_KEY=flow.device.key)
    proof = DeviceProof(flow.device)
    altered = format(int(proof.first_answer(flow.username)["SRP_A"], 16) ^ 1 << bit, "x")
    asked = flow.answer("DEVICE_SRP_AUTH", DEVICE_KEY=flow.device.key, SRP_A=altered)
    with rejects(flow, *WRONG):
        send(flow, proof.second_answer(asked["ChallengeParameters"]))


def test_a_proof_of_one_exchange_is_invalid_in_another(asked):
    flow, old = asked
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_begin()
    new = flow.device_proof.second_answer(flow.device_challenge)
    for name in ("PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK"):
        with rejects(flow, *WRONG):
            send(flow, new | {name: old[name]})
    send(flow, new)


def test_signatures_are_compared_in_constant_time(asked, monkeypatch):
    flow, proof = asked
    compared = []
    original = hmac.compare_digest
    monkeypatch.setattr(
        hmac, "compare_digest", lambda *both: compared.append(both) or original(*both)
    )
    send(flow, proof)
    assert proof["PASSWORD_CLAIM_SIGNATURE"].encode() in [one for both in compared for one in both]
