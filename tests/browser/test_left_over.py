"""The lesson that cleans up, with leftovers of others: select some of them, and see only those
deleted.
"""

from contextlib import closing

from cognito_helpers import TAGS
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.tutorial_pool.lessons import Lesson
from cognito_helpers.ui.form_answers import BUTTON

from .notebook import Notebook
from .server import LIGHT
from .steps import Enter, Press, See

LESSON = Lesson.CLEAN_UP.stem
LOOKED = "look-for-what-is-left-code-2"


def test_only_what_is_selected_is_deleted(page, server, lessons):
    server.theme(LIGHT)
    notebook = Notebook(page, server, lessons, LESSON)
    names = iter(notebook.code_cells)
    for name in names:
        notebook.run(name)
        if name == "look-for-what-is-left-code":
            break
    with closing(LocalCognito(server.home(lessons) / "emulator.sqlite")) as emulator:
        cognito = emulator.client()
        pools = {
            name: cognito.create_user_pool(
                PoolName=name, UserPoolTags=tags, DeletionProtection=protection
            )["UserPool"]["Id"]
            for name, tags, protection in [
                ("left", TAGS, "INACTIVE"),
                ("left and protected", TAGS, "ACTIVE"),
                ("left and wanted", TAGS, "INACTIVE"),
                ("of somebody else", {}, "INACTIVE"),
            ]
        }
        notebook.run(LOOKED)
        See("“left and wanted”").do(notebook, LOOKED)
        found = notebook.output(LOOKED)
        assert found.get_by_role("checkbox").count() == 3 and not any(
            box.is_checked() for box in found.get_by_role("checkbox").all()
        )
        for selected in ("left", "left and protected"):
            found.get_by_label(pools[selected]).check()
        notebook.settled()
        for name in list(names)[1:]:
            notebook.run(name)
            if name == "protected-pools-code":
                Enter("Turn protection off", "yes").do(notebook, name)
                Press(BUTTON, see="Stored").do(notebook, name)
        left = {pool["Name"] for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]}
    See(f"Deleted: left and protected {pools['left and protected']}").do(
        notebook, "delete-what-you-selected-code-2"
    )
    assert left == {"left and wanted", "of somebody else"}
