"""Signatures in pure Python, as in a browser tab, and compiled ones: each accepts the other's."""

import importlib
import sys
from types import SimpleNamespace

import jwt
import pytest

from cognito_helpers.local_cognito.crypto import rs256_compiled, rs256_pure

CLAIMS = {"sub": "ana", "token_use": "access"}
BOTH = [rs256_pure, rs256_compiled]


@pytest.fixture(scope="module")
def pem():
    return rs256_pure.new_key("a key")


def encoded(maker, pem):
    """A token signed by `maker`, with PyJWT's object for each."""
    signer = jwt.PyJWS(algorithms=[])
    signer.register_algorithm("RS256", maker.RS256)
    return signer.encode(jwt.utils.force_bytes('{"sub":"ana"}'), maker.load_key(pem), "RS256")


def decoded(reader, token, key):
    checker = jwt.PyJWS(algorithms=[])
    checker.register_algorithm("RS256", reader.RS256)
    return checker.decode(token, key, ["RS256"])


@pytest.mark.parametrize("maker", BOTH)
@pytest.mark.parametrize("reader", BOTH)
def test_each_accepts_a_token_of_the_other(maker, reader, pem):
    token = encoded(maker, pem)
    published = maker.RS256.to_jwk(maker.public_half(maker.load_key(pem)), as_dict=True)
    assert decoded(reader, token, reader.RS256.from_jwk(published)) == b'{"sub":"ana"}'


@pytest.mark.parametrize("reader", BOTH)
def test_a_changed_token_or_one_signed_by_another_key_is_rejected(reader, pem):
    header, body, signature = encoded(reader, pem).split(".")
    key = reader.public_half(reader.load_key(pem))
    other = reader.public_half(reader.load_key(rs256_compiled.new_key("another")))
    for token, by in [
        (f"{header}.{body[:-2]}AA.{signature}", key),
        (f"{header}.{body}.{signature[:-6]}AAAAAA", key),
        (f"{header}.{body}.", key),
        (f"{header}.{body}.{signature}", other),
    ]:
        with pytest.raises(jwt.InvalidTokenError):
            decoded(reader, token, by)


def test_both_create_the_same_signature_and_publish_the_same_key(pem):
    assert encoded(rs256_pure, pem) == encoded(rs256_compiled, pem)
    pure, compiled = (
        module.RS256.to_jwk(module.public_half(module.load_key(pem)), as_dict=True)
        for module in BOTH
    )
    assert pure == compiled


def test_generating_a_key_is_announced_and_it_is_as_long_as_cognitos(capsys):
    key = rs256_compiled.load_key(rs256_pure.new_key("the key for something"))
    assert "Creating the key for something" in capsys.readouterr().out
    assert rs256_pure.new_key("") and capsys.readouterr().out == ""
    assert (key.key_size, key.public_key().public_numbers().e) == (2048, 65537)
    assert rs256_pure.load_key(rs256_compiled.new_key("another")).n.bit_length() == 2048


def test_a_key_the_browser_has_ready_is_taken(monkeypatch, capsys, pem):
    ready = jwt.algorithms.RSAAlgorithm.to_jwk(rs256_compiled.load_key(pem), as_dict=True)
    # `undefined`, which is None here, if the browser has none ready
    keys = [SimpleNamespace(**ready), None]
    page = SimpleNamespace(takeRsaKey=lambda: keys.pop(0))
    monkeypatch.setitem(sys.modules, "js", page)
    taken, own = (rs256_pure.load_key(rs256_pure.new_key(what)) for what in ("one", "two"))
    assert taken == rs256_pure.load_key(pem) != own
    assert "Creating two" in (said := capsys.readouterr().out) and "one:" not in said
    assert decoded(rs256_compiled, encoded(rs256_pure, taken.save_pkcs1()), public(pem))
    # A page over plain HTTP offers none.
    del page.takeRsaKey
    assert rs256_pure.load_key(rs256_pure.new_key("three")) not in (taken, own)


def public(pem):
    return rs256_compiled.public_half(rs256_compiled.load_key(pem))


def test_another_hash_and_another_kind_of_key_are_rejected(pem):
    import rsa

    key = rs256_pure.load_key(pem)
    assert not rs256_pure.RS256.verify(
        b"text", rs256_pure.public_half(key), rsa.sign(b"text", key, "SHA-512")
    )
    with pytest.raises(jwt.InvalidKeyError):
        rs256_pure.RS256.prepare_key("a text")


def test_without_cryptography_the_pure_one_is_used(monkeypatch):
    """As in the tab. The modules are loaded again, and put back."""
    from cognito_helpers.local_cognito.crypto import rs256

    monkeypatch.setitem(sys.modules, "cognito_helpers.local_cognito.crypto.rs256_compiled", None)
    try:
        assert importlib.reload(rs256).RS256 is rs256_pure.RS256
    finally:
        monkeypatch.undo()
        assert importlib.reload(rs256).RS256 is rs256_compiled.RS256
