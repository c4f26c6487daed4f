"""A user continues typing while the kernel is busy: cells and widgets wait in one queue."""

from playwright.sync_api import expect

from cognito_helpers.tutorial_pool.lessons import Lesson
from cognito_helpers.ui.form_answers import BUTTON

from .notebook import Notebook
from .server import LIGHT

FORM = "choose-a-user-code"
_THREADS = (
    "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.supportsSubshells"
)
_EXECUTE = (
    "code => {"
    " window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code}) }"
)
_WAIT = "import pathlib, time\nwhile not pathlib.Path({!r}).exists(): time.sleep(0.01)"


def test_text_typed_meanwhile_is_stored_completely(page, server, lessons, tmp_path):
    server.theme(LIGHT)
    notebook = Notebook(page, server, lessons, Lesson.SIGN_UP.stem)
    assert page.evaluate(_THREADS) is False, (
        "this kernel answers cells and widgets in threads of their own, where one can overtake the"
        " other"
    )
    for name in notebook.code_cells[: notebook.code_cells.index(FORM) + 1]:
        notebook.run(name)
    form = notebook.output(FORM)

    def give(name):
        done = tmp_path / name
        page.evaluate(_EXECUTE, _WAIT.format(str(done)))
        form.get_by_label("User name").click()
        page.keyboard.press("Control+A")
        page.keyboard.type(name)
        form.get_by_role("button", name=BUTTON).click()
        done.touch()
        notebook.settled()

    give("dora the explorer")
    expect(form.get_by_role("alert").first).to_contain_text("no spaces")
    give("dora")
    expect(form.get_by_role("status")).to_contain_text("Stored")
    expect(form.get_by_label("User name")).to_have_value("dora")
