"""Mathematics checked against published vectors and other people's code. BEHAVIOR.md, sections 4
and 5.
"""

import base64
import hashlib

import pytest

from cognito_helpers.local_cognito import totp_codes
from cognito_helpers.local_cognito.crypto import srp

# RFC 6238, appendix B, the rows for SHA-1. Its codes have eight digits; six-digit codes are their
# last six.
RFC_6238_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("seconds", "code"), RFC_6238.items())
@pytest.mark.parametrize("fraction", [0, 0.999])
def test_codes_are_those_of_rfc_6238(seconds, code, fraction):
    assert totp_codes.step_of(RFC_6238_SECRET, code[-6:], seconds + fraction) == seconds // 30


# Without the first row: in the first minute of 1970 there is no step before.
@pytest.mark.parametrize(("seconds", "code"), list(RFC_6238.items())[1:])
@pytest.mark.parametrize(
    ("shift", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_is_accepted_one_step_before_and_after_its_own(seconds, code, shift, found):
    step = seconds // 30
    assert totp_codes.step_of(RFC_6238_SECRET, code[-6:], (step + shift) * 30) == (
        step if found else None
    )


@pytest.mark.parametrize(
    "code", ["", "28708", "2870820", "94287082", " 287082", "287083", "２８７０８２"]
)
def test_nothing_else_is_a_code(code):
    assert totp_codes.step_of(RFC_6238_SECRET, code, 59) is None


def pi(bits):
    """Two to the power of `bits`, times pi, rounded down; by Machin's formula."""
    guard = 64

    def arctan_of_one_over(n):
        power = total = (1 << bits + guard) // n
        k = 1
        while power:
            power //= -n * n
            k += 2
            total += power // k
        return total

    return 4 * (4 * arctan_of_one_over(5) - arctan_of_one_over(239)) >> guard


def test_the_prime_is_the_one_of_rfc_3526():
    """Section 4 of the RFC gives it as a formula, too, so that it needn't be compared digit by
    digit.
    """
    assert 2**3072 - 2**3008 - 1 + 2**64 * (pi(2942) + 1690314) == srp.N
    assert srp.G == 2
    assert pow(2, srp.N - 1, srp.N) == 1


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "00"),
        (1, "01"),
        (0x7F, "7f"),
        (0x80, "0080"),
        (0xFF, "00ff"),
        (0x100, "0100"),
        (0x7FFF, "7fff"),
        (0x8000, "008000"),
        (2**255, "0080" + "00" * 31),
    ],
)
def test_numbers_are_written_as_twos_complement(number, expected):
    assert srp.to_bytes(number).hex() == expected


# Computed with pycognito 2024.5.1, by the lines of AWSSRP.get_password_authentication_key that lead
# to x, from its own hash_sha256, hex_hash, pad_hex and N_HEX; the verifier is pow(g, x, n), padded
# by pad_hex. This keeps the SHA-256 of its hexadecimal text. The second salt has its top bit set,
# and so has the third verifier: each of them gets a byte 00 in front.
PYCOGNITO = {
    "plain": (
        ("us-east-1_Abc123XyZ", "alice", "Correct-Horse-7", "7f" * 16),
        (
            "3974b2716eb5ba41534b939bb5f4e4d849f21ecc",
            "eb6463f43fb16052b97238281bd3d0846835f053b4d6a0fd6f857bff736913ad",
        ),
    ),
    "the salt's top bit is set": (
        ("us-east-1_Abc123XyZ", "alice", "Correct-Horse-7", "80" + "00" * 15),
        (
            "6f92c136ed494c3c47e745cb6cd586deb971cdde",
            "4df9859e8398599b51b42ebd77a59588cdcecec4c758844f6182d0328d8f0c44",
        ),
    ),
    "outside ASCII, and the verifier's top bit is set": (
        ("eu-west-2_eYpv1mFHB", "Алиса", "Pässwörd-7", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
        (
            "0094e6839dd658b98b1ae8a800b989995339cc98",
            "814f1c66051b97e31283fe54377792a78c13d0167794ae1f41ca49c0d572e403",
        ),
    ),
}


@pytest.mark.parametrize(("names", "expected"), PYCOGNITO.values(), ids=PYCOGNITO)
def test_verifiers_are_those_of_pycognito(names, expected):
    pool_id, username, password, salt = names
    verifier = srp.verifier(
        srp.user_identity(pool_id, username), password, bytes.fromhex(salt)
    ).hex()
    assert (verifier[:40], hashlib.sha256(verifier.encode()).hexdigest()) == expected


def test_a_verifier_depends_on_all_its_inputs():
    given = ("Abcalice", "Correct-Horse-7", b"\x01" * 16)
    others = [
        ("Abcbob", *given[1:]),
        (given[0], "correct-Horse-7", given[2]),
        (*given[:2], b"\x02" * 16),
    ]
    assert len({srp.verifier(*one) for one in [given, *others]}) == 4


def test_the_region_is_not_hashed():
    """Only the part of the pool's ID after the underscore is."""
    assert (
        srp.user_identity("us-east-1_Abc", "alice")
        == srp.user_identity("eu-west-1_Abc", "alice")
        == "Abcalice"
    )


def test_two_users_with_one_password_have_different_salts(no_mfa):
    no_mfa.sign_up("alice")
    no_mfa.sign_up("bob")
    users = no_mfa.state()["users"]
    assert len({user["salt"] for user in users}) == len({user["verifier"] for user in users}) == 2
    assert {len(user["salt"]) for user in users} == {16}
