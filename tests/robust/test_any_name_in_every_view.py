"""Every view shows any name harmlessly: markup, marks that change the direction of writing, control
characters, emoji.

Each view is drawn with a plain name and with another, and read as a browser reads it: the elements
and the names of their attributes must be the same.
"""

import doctest
import json
import re
from html.parser import HTMLParser
from operator import attrgetter
from types import SimpleNamespace
from unittest import mock

import ipywidgets
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cognito_helpers import text as module
from cognito_helpers.backends.aws_terms import Agreement, Terms
from cognito_helpers.exercises.result import Result
from cognito_helpers.explanations.service_errors import Explained
from cognito_helpers.lessons.leftovers import POOL, USER, Found, Leftover
from cognito_helpers.lessons.opening import open_lab
from cognito_helpers.lessons.pool_inspection import Examination
from cognito_helpers.lessons.prerequisites import A_POOL
from cognito_helpers.local_cognito import Message
from cognito_helpers.sign_in.authenticator import Phone, authenticator_link
from cognito_helpers.sign_in.passkey_device import PasskeyDevice, Signed, _Held
from cognito_helpers.sign_in.tokens import with_claims
from cognito_helpers.text import visible
from cognito_helpers.tutorial_pool.requirements import Seen
from cognito_helpers.ui.fields import Field
from cognito_helpers.ui.form import ask
from cognito_helpers.ui.markup import copy_field, escaped
from cognito_helpers.ui.progress_bar import Bar
from cognito_helpers.views.case_form import CauseForm
from cognito_helpers.views.diagrams import sequence_diagram, state_diagram
from cognito_helpers.views.inbox import InboxView
from cognito_helpers.views.leftovers import Leftovers
from cognito_helpers.views.outcome_card import OutcomeCard
from cognito_helpers.views.passkeys import PasskeysView
from cognito_helpers.views.phone import PhoneView
from cognito_helpers.views.playground import Playground
from cognito_helpers.views.qr_code import QrCode
from cognito_helpers.views.requests import RequestsView
from cognito_helpers.views.response import CopyOut, ErrorResponse, show, show_claims
from cognito_helpers.views.token import TokenView

PLAIN = "ana"
SECRET = "JBSWY3DPEHPKJBSWY3DPEHPK"
PIECES = [
    "<b>",
    "</td>",
    "</table>",
    "</textarea>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"',
    "'",
    '" onfocus="x',
    "&lt;",
    "&",
    "&#60;",
]
PIECES += [
    "\u202e",
    "\u200f",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\x00",
    "\x1b[31m",
    "\x07",
    "\x7f",
    "\r",
    "\u2028",
    "🐢",
    "👩\u200d💻",
    "אבג",
    "ana",
    "<!--",
    "-->",
    "]]>",
]
PIECES += ["`", "${x}", "$(x)", "\\", ";", "%%{init}%%", "end", "{", "}", "#", ":", "A" * 300]
ODD = (
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1, max_size=5)
    .map("".join)
    .map(lambda name: name.replace("\n", ""))
    .filter(str.strip)
)
TURNING = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029"
    "\u0000-\u0008\u000b-\u001f\u007f-\u009f]"
)


class Reader(HTMLParser):
    """The parts of a page: its elements with the names of their attributes, and separately all text
    to be read.
    """

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.made, self.text, self.held = [], "", ""
        self.in_field = False
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.made.append((tag, tuple(name for name, _ in attributes)))
        self.in_field = tag == "textarea"
        for name, value in attributes:
            # A field to copy keeps its value; so do numbers that depend on its length.
            if name == "value" and tag == "input":
                self.held += value or ""
            elif name not in ("style", "size", "rows", "d"):
                self.text += f" {value}"

    def handle_endtag(self, tag):
        self.made.append((f"/{tag}", ()))
        self.in_field = False

    def handle_data(self, data):
        if self.in_field:
            self.held += data
        else:
            self.text += data

    def handle_comment(self, data):
        self.made.append(("comment", ()))

    def handle_decl(self, decl):
        self.made.append(("declaration", ()))

    def unknown_decl(self, data):
        self.made.append(("declaration", ()))

    def handle_pi(self, data):
        self.made.append(("instruction", ()))


class FakeLab:
    """The part of a lab that the views read, with one name for everything."""

    def __init__(self, name):
        self.username = self.password = name
        self.phone = Phone({name: authenticator_link(SECRET, account=name, issuer=name)}, self.now)
        self.phone.lab, self.phone.texts = self, lambda name: self.messages

    def now(self):
        return 1_800_000_000

    def clock_ahead(self):
        return 0

    @property
    def messages(self):
        return [Message(self.username, self.username, self.username, "123456", self.now())]


def passkeys(name):
    device = PasskeyDevice()
    device._held.append(_Held(name, name, mock.Mock(credential_id=name, count=0)))
    device.last = Signed("to sign in", name, name, name, True, True, 1)
    return html_of(PasskeysView(device)._screen) + escaped(repr(device))


def html_of(*widgets):
    return "".join(widget.value for widget in widgets)


def qr(name):
    picture = QrCode(authenticator_link(SECRET, account=name, issuer=name))
    # The picture itself is the secret as squares; the frame around it is ours.
    return re.sub(r' d="[^"]*"', ' d=""', html_of(picture._picture, picture._key, picture._caption))


def form(name):
    refusing = Field(name, name, lambda text: f"not {text}")
    made, _ = ask(x=refusing)
    made.submit()
    return html_of(made._problems["x"], made._status)


def copied(name):
    out = CopyOut({"Session": name})
    out._button.click()
    return html_of(out._fields)


def html_in(widget):
    """All markup in a box."""
    return html_of(*[child for child in widget.children if isinstance(child, ipywidgets.HTML)])


def agreement(name):
    terms = Terms(name, name, name, name, is_other_endpoint=True)
    # The backend is printed above it.
    return html_in(Agreement(terms, SimpleNamespace(agreed=False))) + escaped(terms.who)


def leftovers(name):
    found = Found([Leftover(kind, name, name, name, name) for kind in (POOL, USER)], [name])
    with mock.patch("cognito_helpers.views.leftovers.find", lambda *_: found):
        return html_in(Leftovers(None, "us-east-1"))


def examination(name):
    pool = {
        "Id": name,
        "Name": name,
        "SchemaAttributes": [{"Name": name, "Required": True}],
        "UsernameAttributes": [name],
        "AliasAttributes": [name],
    }
    return Examination(Seen(pool, {}, {"ClientId": name}))._repr_html_()


def causes(name):
    case = SimpleNamespace(
        told=name,
        log=[f"1. {name}"],
        causes=(name, name),
        diagnose=lambda cause: Result(name, name),
    )
    form = CauseForm(case)
    form._choice.value = 1
    form.submit()
    return html_in(form)


# A view: its markup for a name
VIEWS = {
    "an answer": (
        lambda n: show(
            {
                n: n,
                "Username": n,
                "UserAttributes": [{"Name": n, "Value": n}],
                "in": {n: [n]},
                "many": [{"x": n}],
            }
        )._repr_html_()
    ),
    "claims": lambda n: show_claims({"username": n, "iat": 1, f"custom:{n}": n})._repr_html_(),
    "an error": lambda n: ErrorResponse(Explained("NotAuthorizedException", n), n)._repr_html_(),
    "an unknown error": lambda n: ErrorResponse(Explained(n, n), n)._repr_html_(),
    "the inbox": lambda n: html_of(InboxView(FakeLab(n))._screen),
    "the phone": lambda n: html_of(PhoneView(FakeLab(n).phone)._screen),
    "the passkey device": passkeys,
    "a QR code": qr,
    "a field to copy": lambda n: copy_field(n, n),
    "what can be copied out": copied,
    "a form": form,
    "the agreement": agreement,
    "what is left over": leftovers,
    "an examination": examination,
    "the causes of a case": causes,
    "a bar": lambda n: html_of(Bar(n, 1)._words),
}

MANY = {"derandomize": True, "suppress_health_check": list(HealthCheck)}


def check(view, name):
    plain, odd = Reader(view(PLAIN)), Reader(view(name))
    assert odd.made == plain.made, "the name made something of its own"
    assert not TURNING.search(odd.text), "something in it works unseen"
    assert visible(name) in odd.text or name.replace("\x00", "\ufffd").replace(
        "\r", "\n"
    ) in odd.held.replace("\x00", "\ufffd").replace("\r", "\n"), "it is not there"


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_shows_any_name_as_text(view, size):
    # Drawing a QR code takes as long as all of the others together.
    @settings(**MANY, max_examples=size(5 if view is qr else 40, 100 if view is qr else 1000))
    @given(name=ODD)
    @example(name="<script>alert(1)</script>")
    @example(name='"><img src=x onerror=alert(1)>')
    @example(name="\u202egnp.exe")
    def draw(name):
        check(view, name)

    draw()


# Views of requests


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("COGNITO_LAB_HOME", str(tmp_path_factory.mktemp("lab")))
    made = open_lab(A_POOL)
    patch.undo()
    return made


def called(lab, name):
    """A call that names a user, and its error, which quotes the name if it isn't a valid one."""
    lab.requests._kept.clear()
    lab.requests._count = 0
    with pytest.raises(ClientError):
        lab.cognito.admin_get_user(UserPoolId=lab.pool_id, Username=name)


def on_the_wire(lab, place):
    view = RequestsView(lab.requests)
    view._place.value = view._place.options[place]
    return html_of(view._screen)


def drawn_in_words(diagram):
    return lambda lab: diagram(lab)._in_words


WIRED = {
    f"the wire, {place}": lambda lab, place=place: on_the_wire(lab, place) for place in range(8)
}
LABS = ["_request", "_answer", "_cell", "_state", "_outcomes.met", "_outcomes.hinted"]
WIRED |= {
    "the sequence in words": drawn_in_words(sequence_diagram),
    "the states in words": drawn_in_words(state_diagram),
}


def test_views_of_requests_show_any_name_as_text(lab, size, figures):
    """In HTTP, on the command line, in each SDK, and in the diagrams, whose text is Mermaid's:
    every line there is one we wrote.
    """

    @settings(**MANY, max_examples=size(10, 300))
    @given(name=ODD)
    @example(name="<script>alert(1)</script>")
    @example(name="ana\nclick s0 callback")
    def draw(name):
        # Both are rejected alike, so that only the name differs.
        called(lab, "nobody of this name")
        plain = {which: Reader(view(lab)).made for which, view in WIRED.items()}
        lines = sequence_diagram(lab).mermaid.count("\n"), state_diagram(lab).mermaid.count("\n")
        called(lab, name)
        for which, view in WIRED.items():
            odd = Reader(view(lab))

            # A field with several lines is another element than one with one line.
            def one_kind(made):
                inputs = ("input", "textarea", "/textarea", "br")
                return [item for item in made if item[0] not in inputs]

            assert one_kind(odd.made) == one_kind(plain[which]), which
            assert not TURNING.search(odd.text), which
        for diagram in (sequence_diagram(lab), state_diagram(lab)):
            assert not re.search(
                r'[<>"`{}]|%%', re.sub(r"<br>|-->>|->>|--x|-->", "", diagram.mermaid)
            ), diagram.mermaid
        assert (
            sequence_diagram(lab).mermaid.count("\n"),
            state_diagram(lab).mermaid.count("\n"),
        ) == lines
        # The text has one line per entry.
        assert not TURNING.search(
            repr(lab.requests) + repr(sequence_diagram(lab)) + repr(state_diagram(lab))
        )

    draw()
    figures(
        f"Nothing leaked: {len(VIEWS) + len(WIRED) + len(LABS) + 2} views drawn with up to"
        f" {size(40, 1000)} names of markup, marks, control characters and emoji each."
    )


def test_the_playground_shows_any_text_as_text(lab, size):
    """Edited by hand into the request, which is shown, sent, rejected, and written as a cell; and
    on the card, which shows nothing of it.
    """
    page, card = Playground(lab), OutcomeCard(lab)

    def sent(name):
        page.choose("AdminGetUser")
        page._edit.click()
        page._text.value = json.dumps({"UserPoolId": name, "Username": name, "x": {name: [name]}})
        if not page._cell.value:
            page._as_cell.click()
        page.send()
        page._outcomes.give_hint(None)
        card.look()
        return {which: Reader(html_of(attrgetter(which)(page))) for which in LABS} | {
            "the card": Reader(html_of(card._screen))
        }

    def kinds(reader):
        return [
            item for item in reader.made if item[0] not in ("input", "textarea", "/textarea", "br")
        ]

    @settings(**MANY, max_examples=size(10, 300))
    @given(name=ODD)
    @example(name="<script>alert(1)</script>")
    @example(name="\u202egnp.exe")
    def draw(name):
        plain, odd = sent(PLAIN), sent(name)
        assert {which: kinds(reader) for which, reader in odd.items()} == {
            which: kinds(reader) for which, reader in plain.items()
        }
        assert not [which for which, reader in odd.items() if TURNING.search(reader.text)]
        # JSON writes some of its characters by their numbers.
        assert (
            visible(json.dumps(name, ensure_ascii=False)[1:-1]) in odd["_request"].text
            or json.dumps(name)[1:-1] in odd["_request"].text
        )

    draw()


def test_the_token_view_shows_any_claim_as_text(lab, size):
    token = forged = lab_token(lab)

    @settings(**MANY, max_examples=size(10, 300))
    @given(name=ODD)
    @example(name="<script>alert(1)</script>")
    def draw(name):
        nonlocal forged
        plain = Reader(
            html_of(
                TokenView(lab, with_claims(token, username="eve", more=PLAIN), use="access")._screen
            )
        )
        forged = with_claims(token, username=name, more=name)
        view = TokenView(lab, forged, use="access")
        odd = Reader(html_of(view._screen))
        assert odd.made == plain.made
        assert not TURNING.search(odd.text + view.text)
        assert visible(name) in odd.text

    draw()


def lab_token(lab):
    from cognito_helpers.lessons.second_user import second_user

    with second_user(lab) as user:
        return user.access_token


def test_the_docstring_example_works():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
