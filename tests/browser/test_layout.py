"""Views and outputs at three widths and in both themes: nothing is cut, no word is broken, no
column is lost or needlessly wide.

They're put on a page of their own, with JupyterLab's rules for tables, which they have to win over.
The lessons' own tests look at them in JupyterLab.
"""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.challenge_lab.experiment_log import Entry
from cognito_helpers.challenge_lab.outcomes import OUTCOMES
from cognito_helpers.challenge_lab.sending import Result
from cognito_helpers.explanations.service_errors import Explained
from cognito_helpers.sign_in.passkey_device import PasskeyDevice
from cognito_helpers.ui.highlight import request_and_response
from cognito_helpers.ui.markup import copy_field
from cognito_helpers.ui.pictures import Mail, Text, app, inbox, phone, text_messages
from cognito_helpers.ui.stylesheet import whole
from cognito_helpers.ui.ticking import Frame, ticking
from cognito_helpers.views.error_frame import ErrorFrame
from cognito_helpers.views.outcome_card import card_markup
from cognito_helpers.views.passkeys import PasskeysView
from cognito_helpers.views.playground_history import Comparison
from cognito_helpers.views.response import ErrorResponse, show, show_claims
from cognito_helpers.views.source import Source

from .looks import cut_off, grave_findings

# What's left for an output of a window of 1300, 880 and 400 pixels, beside the list of files.
WIDTHS = {1300: 900, 880: 500, 400: 300}
POOL = "us-east-1_Abc123xyz"
ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"
CLAIMS = {
    "token_use": "id",
    "sub": "5a0e9e0c-4c9f-4b9d-8f0d-3a6f2b1c7d10",
    "iss": ISSUER,
    "aud": "6m2v7n1q4b8s3k9d5f0h2j7l1p",
    "exp": 1_800_000_000,
}
REQUEST = (
    "POST / HTTP/1.1\nX-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth\n\n"
    '{"AuthFlow": "USER_PASSWORD_AUTH", "n": 1}'
)
FAILED = ClientError(
    {"Error": {"Code": "NotAuthorizedException", "Message": "Incorrect username or password."}},
    "InitiateAuth",
)
MAIL = Mail("Your verification code", "ana@example.com", "10:00:00 UTC", "Your code is 123456")
SCREEN = ticking([Frame("<b>123 456</b>", 12)], 30, "Next code in", "These have expired.")


NUMBER = "+14325551212"
TEXTS = text_messages([Text("10:00:00 UTC", "Your sign-in code is 12345678")] * 2)
OPTIONS = {
    "rp": {"id": "example.com"},
    "user": {"name": "ana"},
    "challenge": "Y2hhbGxlbmdlLWNoYWxsZW5nZQ",
    "pubKeyCredParams": [{"alg": -7}],
}


def passkey_device() -> str:
    device = PasskeyDevice()
    device.create(OPTIONS)
    return PasskeysView(device).markup()


def sent(number: int, password: str) -> Entry:
    request = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"PASSWORD": password}}
    return Entry(number, "InitiateAuth", {}, {}, False, request, None, Result())


def in_view(markup: str) -> str:
    return f'<style>{whole()}</style><div class="cognito">{markup}</div>'


VIEWS = {
    "response": show(
        {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "AYAB" + "x" * 400, "Id": POOL}
    )._repr_html_(),
    "names": show(
        {
            "SoftwareTokenMfaConfiguration": {"Enabled": True},
            "ChallengeParameters": {"CODE_DELIVERY_DESTINATION": "a***@e***"},
        }
    )._repr_html_(),
    "source": Source("web_app.py", "send_cookie")._repr_html_(),
    "claims": show_claims(CLAIMS)._repr_html_(),
    "error": ErrorResponse(
        Explained("CodeMismatchException", "Invalid code received for user"), "Error"
    )._repr_html_(),
    "unexpected error": ErrorFrame("", FAILED, ["Run the cell above again."])._repr_html_(),
    "sentence": ErrorFrame("Run the cell under “Open the lab” first.", None, [])._repr_html_(),
    "request": in_view(request_and_response(REQUEST, 'HTTP/1.1 200\n\n{"b": "c"}', "200", "good")),
    "inbox": in_view(inbox([MAIL, MAIL])),
    "phone": in_view(phone(app("Cognito tutorial", "ana", SCREEN), app("Messages", NUMBER, TEXTS))),
    "passkey device": in_view(passkey_device()),
    "comparison": Comparison(sent(1, "wrong"), sent(2, "right"))._repr_html_(),
    "copy": in_view(copy_field("Session", "AYAB" * 30)),
    "card": in_view(card_markup(OUTCOMES, OUTCOMES[:9], large=False)),
    "large card": in_view(card_markup(OUTCOMES, OUTCOMES[:9], large=True)),
}
# JupyterLab's own rules for what is in an output.
JUPYTER = """
.jp-RenderedHTMLCommon table { table-layout: fixed; margin-left: auto; margin-right: auto }
.jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon th { vertical-align: middle; padding: .5em;
    line-height: normal; white-space: normal; text-align: right }
.jp-RenderedHTMLCommon pre, .jp-RenderedHTMLCommon code { white-space: pre-wrap }
"""
THEMES = {"light": ("white", "#111", "true"), "dark": ("#111", "white", "false")}
# Words of up to 28 characters, as values are, that stand on more than one line.
BROKEN = """() => {
    const broken = [], range = document.createRange()
    const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
        const node = walk.currentNode
        if (node.parentElement.closest('style, textarea, svg svg')) continue
        for (const word of node.data.matchAll(/\\S+/g)) {
            if (word[0].length > 28) continue
            range.setStart(node, word.index)
            range.setEnd(node, word.index + word[0].length)
            const tops = [...range.getClientRects()].map(box => Math.round(box.top))
            if (new Set(tops).size > 1 && !word[0].includes('-')) broken.push(word[0])
        }
    }
    return broken
}"""
# The room a column of values has beyond its widest value.
EMPTY = """() => Math.max(0, ...[...document.querySelectorAll('table')].map(table => {
    const cells = [...table.querySelectorAll('td:nth-child(2)')]
    const widest = Math.max(...cells.map(cell => cell.firstElementChild?.offsetWidth ?? 0))
    return cells[0].offsetWidth - widest
}))"""


def put(page, view: str, width: int, theme: str = "light") -> None:
    ground, text, light = THEMES[theme]
    page.set_content(
        f'<!doctype html><html lang="en"><title>A view</title><style>{JUPYTER}</style>'
        f'<body data-jp-theme-light="{light}" style="background: {ground}; color: {text};'
        f' margin: 0; font: 14px sans-serif"><main class="jp-RenderedHTMLCommon"'
        f' style="width: {width}px; overflow: hidden">{VIEWS[view]}</main></body></html>'
    )


@pytest.mark.parametrize("window", WIDTHS)
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_cut_lost_or_broken(page, view, window):
    put(page, view, WIDTHS[window])
    assert cut_off(page, "main", window, 900) == []
    assert page.evaluate(BROKEN) == []
    # Nothing must be scrolled sideways either: a scroll bar may be hidden until it's touched.
    assert (
        page.evaluate(
            "() => [...document.querySelectorAll('main *')].filter(e => e.clientWidth &&"
            " e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX == 'auto' &&"
            " !e.matches('textarea')).map(e => e.className)"
        )
        == []
    )


@pytest.mark.parametrize("view", ["response", "claims"])
def test_the_column_of_values_is_no_wider_than_its_values(page, view):
    put(page, view, WIDTHS[1300])
    assert page.evaluate(EMPTY) <= 80


def test_on_a_narrow_page_a_comparison_says_which_experiment_a_value_is_of(page):
    put(page, "comparison", WIDTHS[400])
    assert page.locator("thead").inner_text().splitlines()[1:] == [
        "1. InitiateAuth → accepted",
        "2. InitiateAuth → accepted",
    ]
    marks = page.locator("td > span").evaluate_all(
        "all => all.map(e => getComputedStyle(e, '::before').content)"
    )
    assert [mark.replace('" "', "") for mark in marks[:2]] == ['"1. "', '"2. "']


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_can_be_read_in_every_theme(page, view, theme):
    put(page, view, WIDTHS[880], theme)
    assert grave_findings(page, "main") == []


@pytest.mark.parametrize(("window", "output"), [((1280, 720), 860), ((1280, 720), 1150)])
def test_the_large_card_fits_one_screen_of_a_projector(page, window, output):
    """JupyterLab's own bars take 110 pixels of the 720, the card's buttons 40."""
    page.set_viewport_size({"width": window[0], "height": window[1]})
    put(page, "large card", output)
    assert page.locator("main").bounding_box()["height"] <= window[1] - 150
    size = page.locator(".cognito-room").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 12


def test_views_beside_each_other_keep_their_distance(page):
    page.set_content(
        f'<style>{whole()}</style><div class="cognito"><div class="widget-hbox" style="display:'
        ' flex"><div class="widget-vbox">a</div><div class="widget-vbox">b</div></div></div>'
    )
    left, right = (each.bounding_box() for each in page.locator(".widget-vbox").all())
    assert right["x"] - left["x"] - left["width"] >= 16


# JupyterLab's elements of a page, with its rules for them, the stylesheet, and something in each.
PAGE = f"""<!doctype html><style>
.jp-OutputArea-output pre {{ word-break: break-all; white-space: pre-wrap }}
.jp-MarkdownOutput {{ overflow: hidden }}
{whole()}</style>
<body data-jp-theme-light="true"><main class="jp-Notebook" style="width: 300px">
<div class="jp-MarkdownOutput"><table><td style="min-width: 400px">wide</td></table></div>
<div class="jp-OutputArea"><div class="jp-OutputArea-output jp-RenderedText"><pre>{"word " * 40}
</pre></div></div>
<div class="jp-OutputArea"><div class="jp-RenderedMermaid"><figure><img alt=""></figure></div>
<div class="cognito"><div class="cognito-diagram"></div></div></div>
<div class="cognito cognito-live"><div class="widget-text" style="display: flex">
<label class="widget-label" style="width: 10em">Client ID</label><input placeholder="optional">
</div><button>Send</button></div></main></body>"""


def test_printed_text_and_wide_tables_can_be_read_on_a_narrow_page(page):
    page.set_content(PAGE)
    assert page.evaluate(BROKEN) == []
    prose = page.locator(".jp-MarkdownOutput")
    assert prose.evaluate("e => { e.scrollLeft = 50; return e.scrollLeft }") == 50


def test_another_notebook_keeps_its_look_beside_a_lesson(page):
    page.set_content(
        f"""{PAGE}<main class="jp-Notebook" id="other"><div class="jp-MarkdownOutput"></div>
        <div class="jp-OutputArea-output"><pre></pre></div></main>"""
    )
    style = "(e, name) => getComputedStyle(e)[name]"
    assert page.locator("#other pre").evaluate(style, "wordBreak") == "break-all"
    assert page.locator("#other .jp-MarkdownOutput").evaluate(style, "overflowX") == "hidden"


def test_a_diagram_follows_the_theme_when_it_changes(page):
    page.set_content(PAGE)
    drawn = page.locator(".jp-RenderedMermaid img")
    assert drawn.evaluate("e => getComputedStyle(e).filter") == "none"
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert "invert(1)" in drawn.evaluate("e => getComputedStyle(e).filter")


@pytest.mark.parametrize(("width", "above"), [(300, True), (400, False)])
def test_a_label_is_above_its_field_on_a_narrow_page(page, width, above):
    page.set_content(PAGE.replace("width: 300px", f"width: {width}px"))
    label, field = (page.locator(f".widget-text > {each}") for each in ("label", "input"))
    at = label.bounding_box(), field.bounding_box()
    assert (at[0]["y"] + at[0]["height"] <= at[1]["y"]) == above


@pytest.mark.parametrize("touch", [True, False])
def test_fingers_get_fields_and_buttons_of_40_pixels(browser, touch):
    context = browser.new_context(has_touch=touch, is_mobile=touch)
    page = context.new_page()
    page.set_content(PAGE)
    heights = [one.bounding_box()["height"] for one in page.locator("input, button").all()]
    context.close()
    assert len(heights) == 2 and all((height >= 40) == touch for height in heights)
