"""Diagrams of the flow: they show the requests sent, in pictures and in text, and no name can draw
anything else.
"""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_helpers import second_user, sequence_diagram, state_diagram
from cognito_helpers.calls.diagrams import (
    START,
    _safe,
    present_state,
    sequence_mermaid,
    sequence_text,
    states_mermaid,
    states_text,
    steps,
)
from cognito_helpers.calls.recorder import Exchange
from cognito_helpers.lessons.opening import open_lab
from cognito_helpers.lessons.prerequisites import A_CONFIRMED_USER
from cognito_helpers.views import diagrams as flow_on_page
from cognito_helpers.views.diagrams import states_drawn

SIGNED = {"Authorization": "AWS4-HMAC-SHA256 x"}
HOSTILE = [
    "<script>alert(1)</script>",
    "a;b",
    "%%{init: {}}%%",
    "x\nend\nA->>B: y",
    "]]-->",
    "#59;",
    "}",
    "`\"'",
    "\u202eana",
    "[*]",
    "x" * 300,
    "end",
]


def call(
    number,
    operation,
    request=None,
    answer=None,
    status=200,
    headers=None,
    sent="",
    given="",
    trouble="",
):
    return Exchange(
        number,
        operation,
        "https://x/",
        headers or {},
        request or {},
        status,
        {},
        answer or {},
        1.0,
        trouble,
        sent,
        given,
    )


SIGN_UP = call(1, "SignUp", {"Username": "ana"}, {"UserConfirmed": False, "UserSub": "u"})
WRONG_CODE = call(
    2,
    "ConfirmSignUp",
    {"Username": "ana"},
    {"__type": "CodeMismatchException", "message": "m"},
    status=400,
)
CONFIRM = call(3, "ConfirmSignUp", {"Username": "ana"})
LOOK = call(
    4,
    "AdminGetUser",
    {"Username": "ana"},
    {"Username": "ana", "UserStatus": "CONFIRMED"},
    headers=SIGNED,
)
BEGIN = call(
    5,
    "AdminInitiateAuth",
    {"AuthParameters": {"USERNAME": "ana"}},
    {"ChallengeName": "MFA_SETUP", "Session": "s"},
    headers=SIGNED,
    given="a",
)
SECRET = call(
    6,
    "AssociateSoftwareToken",
    {"Session": "s"},
    {"SecretCode": "(hidden)", "Session": "s"},
    sent="a",
    given="b",
)
VERIFY = call(
    7,
    "VerifySoftwareToken",
    {"Session": "s"},
    {"Status": "SUCCESS", "Session": "s"},
    sent="b",
    given="c",
)
FINISH = call(
    8,
    "RespondToAuthChallenge",
    {"ChallengeResponses": {"USERNAME": "ana"}},
    {"ChallengeParameters": {}, "AuthenticationResult": {}},
    sent="c",
)
FLOW = [SIGN_UP, WRONG_CODE, CONFIRM, LOOK, BEGIN, SECRET, VERIFY, FINISH]


def test_each_call_has_its_state_before_and_after():
    assert [(step.before, step.after) for step in steps(FLOW)] == [
        (START, "UNCONFIRMED"),
        ("UNCONFIRMED", "UNCONFIRMED"),
        ("UNCONFIRMED", "CONFIRMED"),
        ("CONFIRMED", "CONFIRMED"),
        ("CONFIRMED", "MFA_SETUP"),
        ("MFA_SETUP", "MFA_SETUP, secret given"),
        ("MFA_SETUP, secret given", "MFA_SETUP, code verified"),
        ("MFA_SETUP, code verified", "signed in"),
    ]
    assert [step.who for step in steps(FLOW)] == [
        "app",
        "app",
        "app",
        "server",
        "server",
        "app",
        "app",
        "app",
    ]


# The state after the last call, for calls outside the flow
STATES = {
    "a challenge of a device": (
        [call(1, "InitiateAuth", {}, {"ChallengeName": "DEVICE_SRP_AUTH"})],
        "DEVICE_SRP_AUTH",
    ),
    "its answer": (
        [call(1, "RespondToAuthChallenge", {}, {"ChallengeName": "DEVICE_PASSWORD_VERIFIER"})],
        "DEVICE_PASSWORD_VERIFIER",
    ),
    "tokens at once": (
        [call(1, "InitiateAuth", {}, {"AuthenticationResult": {"AccessToken": "x"}})],
        "signed in",
    ),
    "a remembered device": (
        [FINISH, call(9, "ConfirmDevice", {}, {"UserConfirmationNecessary": False})],
        "signed in, device remembered",
    ),
    "a forgotten device": (
        [FINISH, call(9, "ConfirmDevice"), call(10, "ForgetDevice")],
        "signed in",
    ),
    "a new app with an access token": (
        [FINISH, call(9, "AssociateSoftwareToken", {}, {"SecretCode": "x"})],
        "signed in",
    ),
    "revoked": ([FINISH, call(9, "RevokeToken")], "signed out"),
    "deleted": ([FINISH, call(9, "DeleteUser")], "user deleted"),
    "confirmed at once": ([call(1, "SignUp", {}, {"UserConfirmed": True})], "CONFIRMED"),
    "no answer": ([call(1, "SignUp", status=None, trouble="ConnectTimeoutError")], START),
    "nothing": ([], START),
    "only the lab's own": ([call(None, "CreateUserPool")], START),
    "a body that was not kept": ([call(1, "ListUsers", "too long", "too long")], START),
}


@pytest.mark.parametrize(("calls", "state"), STATES.values(), ids=STATES)
def test_the_current_state(calls, state):
    assert present_state(calls) == state
    for told in (sequence_text(calls), states_text(calls)):
        assert told.endswith(f"You are here: {state}.")


def test_the_sequence_as_text():
    assert sequence_text(FLOW).splitlines() == [
        "call                             made by  answer                        session",
        "1. SignUp (ana)                  app      UserConfirmed, UserSub",
        "2. ConfirmSignUp (ana)           app      error: CodeMismatchException",
        "3. ConfirmSignUp (ana)           app      done",
        "4. AdminGetUser (ana)            server   CONFIRMED",
        "5. AdminInitiateAuth (ana)       server   MFA_SETUP                     gets 1",
        "6. AssociateSoftwareToken        app      SecretCode                    sends 1 gets 2",
        "7. VerifySoftwareToken           app      SUCCESS                       sends 2 gets 3",
        "8. RespondToAuthChallenge (ana)  app      tokens                        sends 3",
        "You are here: signed in.",
    ]


def test_the_states_as_text():
    assert states_text(FLOW[:4]).splitlines() == [
        "call                    in the state  led to",
        "1. SignUp (ana)         start         UNCONFIRMED",
        "2. ConfirmSignUp (ana)  UNCONFIRMED   error: CodeMismatchException",
        "3. ConfirmSignUp (ana)  UNCONFIRMED   CONFIRMED",
        "You are here: CONFIRMED.",
    ]


def test_the_sequence_diagram():
    drawn = sequence_mermaid(FLOW).splitlines()
    assert drawn[0] == "sequenceDiagram" and drawn[1] == "accTitle: The calls so far"
    assert (
        drawn[2].startswith("accDescr: ")
        and "8. RespondToAuthChallenge (ana) app tokens" in drawn[2]
    )
    assert drawn[3:6] == [
        "participant app as Your app",
        "participant cognito as Amazon Cognito",
        "participant server as Your server, with IAM credentials",
    ]
    assert drawn[6:10] == [
        "app->>cognito: 1. SignUp (ana)",
        "cognito-->>app: UserConfirmed, UserSub",
        "app->>cognito: 2. ConfirmSignUp (ana)",
        "cognito--xapp: error: CodeMismatchException",
    ]
    assert (
        "server->>cognito: 5. AdminInitiateAuth (ana)" in drawn
        and "cognito-->>server: MFA_SETUP, session 1" in drawn
    )
    assert "app->>cognito: 8. RespondToAuthChallenge (ana), session 3" in drawn
    assert drawn[-1] == "Note over cognito: You are here: signed in"
    assert "server" not in sequence_mermaid(FLOW[:3])


def test_the_state_diagram_marks_the_current_state_by_text_and_frame():
    drawn = states_mermaid(FLOW).splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert (
        "s1 : UNCONFIRMED<br>rejected: call 2" in drawn
        and "s6 : signed in<br>You are here" in drawn
    )
    assert "[*] --> s1 : 1.#160;SignUp" in drawn and "s1 --> s2 : 3.#160;ConfirmSignUp" in drawn
    assert not any("s1 --> s1" in line for line in drawn)
    assert drawn[-2:] == ["classDef here stroke-width:4px,font-weight:bold", "class s6 here"]
    assert not any("AdminGetUser" in line for line in drawn), "a look changes no state"


def test_calls_between_the_same_two_states_share_an_arrow():
    drawn = states_mermaid(
        [*FLOW[:3], replace(WRONG_CODE, number=4), BEGIN, FINISH, replace(BEGIN, number=9)]
    )
    assert (
        "s1 : UNCONFIRMED<br>rejected: call 2\n" in drawn
        and "s2 : CONFIRMED<br>rejected: call 4\n" in drawn
    )
    assert (
        "s3 --> s4 : 8.#160;RespondToAuthChallenge" in drawn
        and "s4 --> s3 : 9.#160;AdminInitiateAuth" in drawn
    )
    assert "s1 : UNCONFIRMED<br>rejected: calls 2, 3<br>You are here" in states_mermaid(
        [SIGN_UP, WRONG_CODE, replace(WRONG_CODE, number=3)]
    )
    twice = states_mermaid([BEGIN, FINISH, replace(BEGIN, number=9), replace(FINISH, number=10)])
    assert "s1 --> s2 : 8.#160;RespondToAuthChallenge<br>10.#160;RespondToAuthChallenge" in twice


BEN_UP = call(9, "SignUp", {"Username": "ben"}, {"UserConfirmed": False, "UserSub": "v"})
BEN_IN = call(
    10,
    "InitiateAuth",
    {"AuthParameters": {"USERNAME": "BEN"}},
    {"AuthenticationResult": {"AccessToken": "(hidden)"}},
)
BEN_IN = replace(BEN_IN, tokens_given=("t",))
ANA_OUT = replace(call(11, "GlobalSignOut", {"AccessToken": "(hidden)"}), token_sent="a-token")
BEN_GONE = replace(call(12, "DeleteUser", {"AccessToken": "(hidden)"}), token_sent="t")
TWO_USERS = [
    call(0, "CreateUserPool", {"PoolName": "x"}),
    *FLOW[:-1],
    replace(FINISH, tokens_given=("a-token",)),
    BEN_UP,
    BEN_IN,
    ANA_OUT,
    BEN_GONE,
]


def test_one_state_diagram_shows_one_user_and_names_the_others_below():
    told = states_text(TWO_USERS)
    assert "ben" not in told.partition("You are here")[0]
    assert told.endswith(
        "You are here: signed out.\nCalls of other users, not shown here: ben (3)."
    )
    assert "11. GlobalSignOut" in told and "DeleteUser" not in states_mermaid(TWO_USERS)
    bens = states_text(TWO_USERS, "Ben")
    assert "ana" not in bens.partition("You are here")[0]
    assert bens.endswith(
        "You are here: user deleted.\nCalls of other users, not shown here: ana (9)."
    )
    # Everyone shares the pool, and a read doesn't change whose call was last.
    assert "0. CreateUserPool" in told and "0. CreateUserPool" in bens
    assert present_state([*TWO_USERS, call(13, "ListUsers")]) == "user deleted"


def test_the_page_shows_the_other_users(monkeypatch):
    shown = []
    monkeypatch.setattr(flow_on_page, "display", lambda bundle, raw: shown.append(bundle))
    lab = SimpleNamespace(requests=SimpleNamespace(calls=TWO_USERS))
    state_diagram(lab)._ipython_display_()
    (drawn, beside) = shown
    assert beside["text/html"].endswith(
        "</details><p>Calls of other users, not shown here: ben (3).</p></div>"
    )
    shown.clear()
    state_diagram(lab, "ben")._ipython_display_()
    assert "You are here: user deleted" in shown[0]["text/plain"]
    # The playground shows whose call was the last.
    assert "10. InitiateAuth" in str(states_drawn(lab)) and "ConfirmSignUp" not in str(
        states_drawn(lab)[0]["data"]["text/vnd.mermaid"]
    )


def test_the_user_of_a_token_is_read_from_the_request_without_keeping_the_token(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path))
    lab = open_lab("a user with an authenticator app")
    with second_user(lab) as ben:
        lab.cognito.get_user(AccessToken=ben.access_token)
    call = lab.requests.calls[-1]
    given = [mark for one in lab.requests.all_calls for mark in one.tokens_given]
    assert call.token_sent in given and ben.access_token not in repr(vars(call))


def test_both_diagrams_say_so_if_no_call_has_changed_the_state():
    failed = call(
        1, "ConfirmSignUp", {"Username": "ana"}, {"__type": "UserNotFoundException"}, status=400
    )
    for calls in ([], [failed]):
        assert states_mermaid(calls).splitlines()[-1] == "s0 : No call has been made yet"
        assert sequence_mermaid(calls).splitlines()[-1] == "Note over cognito: You are here: start"


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("draw", [sequence_mermaid, states_mermaid])
def test_a_hostile_name_draws_nothing(draw, name):
    def shape(who):
        calls = [
            call(1, "SignUp", {"Username": who}, {"UserConfirmed": False}),
            call(2, "InitiateAuth", {}, {"ChallengeName": who}, given="a"),
        ]
        return draw(calls)

    plain, hostile = shape("ana").splitlines(), shape(name).splitlines()
    assert len(hostile) == len(plain)
    for mine, theirs in zip(plain[3:], hostile[3:], strict=True):
        # The same line except for the label, which has only letters, digits, a few harmless signs
        # and numbered characters.
        arrow = re.compile(
            r"^(participant \w+ as |\S+ (?:-->|:) |[\w\[\]*]+ --> \S+ : |\w+-+(?:>>|x)\w+: |Note"
            r" over \w+: |class\w* |direction )"
        )
        assert arrow.match(mine)[1] == arrow.match(theirs)[1]
        label = theirs.removeprefix(arrow.match(theirs)[1]).replace("<br>You are here", "")
        if not theirs.startswith("class"):
            assert re.fullmatch(r"(?:[^\W]|[ ,.:()…-]|#\d+;)*", label), label


@given(st.text(max_size=60), st.text(max_size=60))
@example("\x00", "\ud800")
def test_any_name_gives_one_line_per_call(name, status):
    calls = [
        call(1, "SignUp", {"Username": name}),
        call(2, "AdminGetUser", {"Username": name}, {"UserStatus": status}),
    ]
    assert len(sequence_mermaid(calls).splitlines()) == len(
        sequence_mermaid([call(1, "SignUp"), call(2, "AdminGetUser")]).splitlines()
    )
    assert all(ord(sign) >= 32 for sign in sequence_mermaid(calls).replace("\n", ""))


def test_no_text_of_a_server_breaks_a_line_or_is_invisible():
    said = "A\nB\u202eC\x1b[31m"
    answers = [{"ChallengeName": said}, {"UserStatus": said}, {said: 1}]
    calls = [
        call(number, "InitiateAuth", {}, answer) for number, answer in enumerate(answers, start=1)
    ]
    calls.append(call(4, "InitiateAuth", {}, {"__type": said}, status=400))
    for told in (sequence_text(calls), states_text(calls)):
        assert len(told.splitlines()) <= 6 and all(
            character.isprintable() for character in told.replace("\n", "")
        )


def test_a_long_name_is_cut():
    told = sequence_text([call(1, "SignUp", {"Username": "x" * 300})])
    assert "x" * 31 + "…" in told and "x" * 33 not in told


def test_on_the_page_a_diagram_has_its_text_beside_it(tmp_path, monkeypatch):
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path))
    lab = open_lab(A_CONFIRMED_USER)
    shown = []
    monkeypatch.setattr(flow_on_page, "display", lambda bundle, raw: shown.append(bundle))
    lab.cognito.admin_get_user(UserPoolId=lab.pool_id, Username="ana")
    lab.cognito.initiate_auth(
        ClientId=lab.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": lab.password},
    )
    for diagram, kind in [
        (sequence_diagram(lab), "sequenceDiagram"),
        (state_diagram(lab), "stateDiagram-v2"),
    ]:
        shown.clear()
        diagram._ipython_display_()
        drawing, beside = shown
        assert (
            drawing["text/vnd.mermaid"].startswith(f"{flow_on_page.COLORS}\n{kind}")
            and drawing["text/plain"] == repr(diagram)
            and set(drawing) == {"text/vnd.mermaid", "text/plain"}
        )
        assert (
            "<details><summary>The same in words</summary>" in beside["text/html"]
            and "<strong>MFA_SETUP</strong>" in beside["text/html"]
        )
        assert "InitiateAuth (ana)" in beside["text/html"] and lab.password not in str(shown)


def test_the_text_beside_a_diagram_is_escaped(monkeypatch):
    shown = []
    monkeypatch.setattr(flow_on_page, "display", lambda bundle, raw: shown.append(bundle))

    class Recorder:
        calls = [
            call(1, "SignUp", {"Username": "<script>x</script>"}, {"ChallengeName": "<img src=x>"})
        ]

    class Lab:
        requests = Recorder

    for diagram in (sequence_diagram(Lab), state_diagram(Lab)):
        diagram._ipython_display_()
    assert len(shown) == 4 and not any(
        "<script" in str(bundle) or "<img" in bundle.get("text/html", "")
        for bundle in shown
        if "text/html" in bundle
    )


def test_colons_of_a_challenge_name_are_not_mermaid_syntax():
    """`:::` names a style class in a state diagram."""
    assert _safe("A:::here") == "A#58;#58;#58;here"
    assert _safe("You are here: A") == "You are here: A"
