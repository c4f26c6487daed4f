"""RS256, the signature of Cognito's tokens, and its keys: compiled if available, otherwise in pure
Python, as in a browser tab.

`RS256` is PyJWT's algorithm. `new_key` generates a private key, as PEM; `load_key` reads it back;
`public_half` is what verifies its signatures.
"""

try:
    from .rs256_compiled import RS256, load_key, new_key, public_half
except ImportError:
    from .rs256_pure import RS256, load_key, new_key, public_half

__all__ = ["RS256", "load_key", "new_key", "public_half"]
