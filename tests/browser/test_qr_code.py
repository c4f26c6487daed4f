"""The QR code as a camera sees it: scanned from a screenshot, measured in its pixels, and valid for
signing in.
"""

import io
import time
from itertools import groupby

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from cognito_helpers.tutorial_pool.lessons import Lesson
from cognito_helpers.ui.form_answers import BUTTON

from .notebook import Notebook
from .server import DARK, LIGHT


def picture(shown):
    """The screen, in shades of gray from 0 to 255."""
    return Image.open(io.BytesIO(shown.screenshot())).convert("L")


def scanned(image):
    (code,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return code.text


def luminance(grey):
    """The relative luminance of a shade, as WCAG defines it."""
    part = grey / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def measured(image):
    """The contrast of the darkest and the lightest, and the narrowest white border in modules."""
    # The outermost pixels are half the page's.
    image = image.crop((1, 1, image.width - 1, image.height - 1))
    darkest, lightest = image.getextrema()
    contrast = (luminance(lightest) + 0.05) / (luminance(darkest) + 0.05)
    black = image.point(lambda grey: 255 if grey < 128 else 0)
    left, top, right, bottom = black.getbbox()
    # The upper edge of the mark in the corner is seven modules of black, then one of white.
    _, run = next(groupby(black.getpixel((x, top + 1)) for x in range(left, right)))
    module = len(list(run)) / 7
    return contrast, min(left, top, image.width - right, image.height - bottom) / module


def test_the_measures_detect_a_bad_picture():
    faint = Image.new("L", (70, 70), 160)
    faint.paste(120, (11, 11, 25, 25))
    contrast, border = measured(faint)
    assert contrast < 2 and border == 5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_phone_scans_the_code_and_signs_in_with_it(page, server, lessons, theme):
    server.theme(theme)
    notebook = Notebook(page, server, lessons, Lesson.SET_UP_MFA.stem)
    shows = notebook.code_cells.index("show-the-qr-code-code")
    for name in notebook.code_cells[: shows + 1]:
        notebook.run(name)
    code = notebook.output(notebook.code_cells[shows]).get_by_role("img", name="QR code for ")
    contrast, border = measured(picture(code))
    assert contrast > 20 and border > 3.5
    link = scanned(picture(code))
    assert link.startswith("otpauth://totp/") and scanned(picture(page)) == link
    phone = pyotp.parse_uri(link)
    assert phone.issuer == "Cognito tutorial" and f"{phone.name}, issued by" in code.get_attribute(
        "aria-label"
    )

    # As for every learner: the phone on the page has the account too, so the next lesson uses the
    # same user.
    notebook.run("show-the-qr-code-code-2")
    notebook.run("enter-the-code-code")
    # The service's clock is still this computer's.
    type_code(notebook, "enter-the-code-code", phone.at(time.time()))
    for name in ("verify-the-app-code", "finish-the-sign-in-code"):
        notebook.run(name)
    expect(notebook.output("verify-the-app-code")).to_contain_text("SUCCESS")
    expect(notebook.output("finish-the-sign-in-code")).to_contain_text("AccessToken")
    expect(code).to_have_count(0)

    notebook = Notebook(page, server, lessons, Lesson.SIGN_IN.stem)
    upto = notebook.code_cells.index("get-the-code-code-2")
    for name in notebook.code_cells[: upto + 1]:
        notebook.run(name)
    # The lesson has let 30 seconds pass, and codes one step off are accepted too.
    type_code(notebook, "get-the-code-code-2", phone.at(time.time() + 30))
    answers = "respond-to-the-challenge-client-side-code"
    notebook.run(answers)
    expect(notebook.output(answers)).to_contain_text("AccessToken")


def type_code(notebook, form, code):
    """Type the code of the scanning phone."""
    notebook.output(form).get_by_label("Code on the phone").fill(code)
    notebook.press(form, BUTTON)
    expect(notebook.output(form).get_by_role("status")).to_contain_text("Stored")
