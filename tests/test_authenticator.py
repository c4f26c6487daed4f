"""The phone and the QR code: standard links, standard codes, and a picture a scanner can read."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import nbclient
import nbformat
import pyotp
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from cognito_helpers import QrCode, authenticator_link, key_groups
from cognito_helpers.errors import LessonError
from cognito_helpers.sign_in.authenticator import Phone
from cognito_helpers.views.qr_code import QUIET_ZONE, svg

SECRET = (  # RFC 6238's test secret, 12345678901234567890, in base32
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
)
# RFC 6238, appendix B, SHA-1: the last six of its eight digits.
RFC_6238 = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}
ACCOUNTS = ["ana", "ana+test@example.com", "ana ben", "å/?&=#%:", "日本"]


@pytest.mark.parametrize(("time", "code"), RFC_6238.items())
def test_the_phone_shows_the_codes_of_the_standard(time, code):
    phone = Phone({}, now=lambda: time).add(authenticator_link(SECRET, "ana", "Cognito tutorial"))
    assert phone.code("ana") == code
    assert phone.code("ana", 1) == pyotp.TOTP(SECRET).at(time + 30) and phone.code(
        "ana", -1
    ) == pyotp.TOTP(SECRET).at(time - 30)
    assert phone.seconds_left() == 30 - time % 30


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_link_names_issuer_and_account_and_escapes_both(account):
    parts = urlsplit(authenticator_link(SECRET, account, "Cognito tutorial"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == f"/Cognito tutorial:{account}"
    assert parse_qs(parts.query) == {"secret": [SECRET], "issuer": ["Cognito tutorial"]}
    phone = Phone({}, now=lambda: 59).add(parts.geturl())
    assert phone.code(account) == RFC_6238[59]


@given(
    st.text(min_size=1, max_size=40).filter(
        lambda text: text.strip() and ":" not in text and text.isprintable()
    )
)
def test_any_printable_account_is_read_back_from_its_link(account):
    link = authenticator_link(SECRET, account, "Cognito tutorial")
    assert Phone({}, now=lambda: 0).add(link).accounts == [account]


def test_a_new_link_replaces_the_old_one_and_is_listed_last():
    phone = Phone({}, now=lambda: 59)
    for account in ("ana", "ben", "ana"):
        phone.add(authenticator_link(SECRET, account, "Cognito tutorial"))
    assert phone.accounts == ["ben", "ana"]
    phone.remove("ana")
    phone.remove("nobody")
    assert phone.accounts == ["ben"]


@pytest.mark.parametrize("seconds", [-30, -1, 0, 1, 30])
def test_a_code_30_seconds_off_is_accepted(seconds):
    phone = Phone({}, now=lambda: 100)
    phone.seconds_off = seconds
    assert phone.seconds_off == seconds
    assert phone.seconds_left() == 30 - (100 + seconds) % 30


@pytest.mark.parametrize("seconds", [-31, 31])
def test_a_code_31_seconds_off_is_rejected(seconds):
    phone = Phone({}, now=lambda: 100)
    phone.seconds_off = 7
    with pytest.raises(LessonError, match="30"):
        phone.seconds_off = seconds
    assert phone.seconds_off == 7


def test_the_whole_key_is_shown_in_groups_of_four():
    for secret in (SECRET, SECRET[:24]):
        groups = key_groups(authenticator_link(secret, "ana", "Cognito tutorial")).split(" ")
        assert "".join(groups) == secret
        assert {len(group) for group in groups} == {4}


def test_a_missing_account_is_one_sentence():
    with pytest.raises(LessonError, match="no account for ana: show it the QR code first"):
        Phone({}, now=lambda: 0).code("ana")


def pixels(markup: str, zoom: int = 4) -> memoryview:
    """Paint the SVG as a browser does: its background, then each closed square of its one path,
    into gray pixels.
    """
    size = round(float(re.search(r'viewBox="0 0 ([\d.]+) ', markup)[1]) * zoom)
    ground = re.search(r'<rect fill="(\w+)" x="0" y="0" width="100%" height="100%"', markup)[1]
    assert ground == "white"
    grey = bytearray(b"\xff" * size * size)
    path = re.search(r'<path[^>]* d="([^"]+)"', markup)[1]
    squares = re.findall(r"M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)H([\d.]+)z", path)
    assert squares
    for left, top, right, bottom, _ in squares:
        x0, y0, x1, y1 = (round(float(value) * zoom) for value in (left, top, right, bottom))
        for y in range(y0, y1):
            grey[y * size + x0 : y * size + x1] = b"\x00" * (x1 - x0)
    return memoryview(grey).cast("B", (size, size))


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_scanner_reads_the_link_from_the_picture(account):
    link = authenticator_link("A" * 52, account, "Cognito tutorial")
    (read,) = zxingcpp.read_barcodes(pixels(svg(link)))
    assert read.text == link


def test_the_picture_has_a_white_background_and_a_quiet_zone():
    grey = pixels(svg(authenticator_link(SECRET, "ana", "Cognito tutorial")), zoom=10)
    size = grey.shape[0]
    dark = [(x, y) for y in range(size) for x in range(size) if grey[y, x] == 0]
    assert dark
    module = 10
    border = QUIET_ZONE * module
    assert min(x for x, _ in dark) == min(y for _, y in dark) == border
    assert max(x for x, _ in dark) == max(y for _, y in dark) == size - border - 1


def test_the_picture_has_a_text_and_leaves_no_secret():
    link = authenticator_link(SECRET, "<b>ana</b>", "Cognito tutorial")
    picture = QrCode(link)
    assert (
        'role="img" aria-label="QR code for &lt;b&gt;ana&lt;/b&gt;, issued by Cognito tutorial"'
        in picture._picture.value
    )
    assert key_groups(link) in picture._key.value and len(key_groups(link).split()[0]) == 4
    saved = str(picture._repr_mimebundle_()) + repr(picture)
    assert SECRET not in saved and SECRET[:4] not in saved
    picture.hide()
    assert SECRET[:4] not in "".join(str(child.get_state()) for child in picture.children)


def test_a_notebook_run_and_saved_by_a_program_has_no_secret():
    """nbclient saves the state of every widget by default."""
    link = authenticator_link(SECRET, "ana", "Cognito tutorial")
    cell = f"from cognito_helpers import QrCode\npicture = QrCode({link!r})\npicture"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    notebook.cells[0].source = ""
    saved = nbformat.writes(notebook)
    assert "Account: ana" in saved, "widgets are saved"
    assert "<svg" not in saved
    assert SECRET not in saved and SECRET[:4] + " " + SECRET[4:8] not in saved
