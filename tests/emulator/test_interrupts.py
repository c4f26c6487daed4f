"""The stop button and Ctrl-C, at every line of a transaction: no partial change stays, and this
thread, another thread and another process can continue at once.
"""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from cognito_helpers.local_cognito.storage import browser_file, state_file, store, times
from cognito_helpers.local_cognito.storage.browser_file import WholeFile
from cognito_helpers.local_cognito.storage.store import Store

from ..interrupter import Interrupter, at_every_line

FILES = {module.__file__ for module in (state_file, store, times)}


class Rejection(Exception):
    """An error like the service's: counted attempts stay."""


def work(tx):
    """Two changes that belong together, and one that an error keeps."""
    tx.run("INSERT INTO meta VALUES ('first', 1)")
    tx.run_even_if_rejected("INSERT INTO meta VALUES ('counted', 1)")
    assert tx.one("SELECT value FROM meta WHERE name = 'first'")["value"] == 1
    tx.run("INSERT INTO meta VALUES ('second', 1)")


def rejected_work(tx):
    work(tx)
    raise Rejection


def broken_work(tx):
    work(tx)
    raise ZeroDivisionError


NOTHING, ALL = set(), {"first", "second", "counted"}
# The work, how it ends without an interrupt, and what's in the file then.
WORKS = {
    "a change": (work, None, ALL),
    "a rejection": (rejected_work, Rejection, {"counted"}),
    "a bug": (broken_work, ZeroDivisionError, NOTHING),
}


def run(opened, what, ending, at=0):
    """Do the work, interrupted at line `at`, and return the Interrupter."""
    interrupter = Interrupter(FILES, at)
    with interrupter:
        try:
            opened.transact(what, rejection=Rejection)
        except (KeyboardInterrupt, Rejection, ZeroDivisionError) as error:
            assert type(error) in (KeyboardInterrupt, ending)
    return interrupter


def names(tx):
    return {row["name"] for row in tx.all("SELECT name FROM meta")} & ALL


def forget(tx):
    tx.run("DELETE FROM meta WHERE name IN ('first', 'second', 'counted')")


@pytest.mark.parametrize(("what", "ending", "left"), WORKS.values(), ids=WORKS)
def test_an_interrupt_at_any_line_leaves_all_or_nothing_and_no_lock(tmp_path, what, ending, left):
    opened = Store(tmp_path / "state.sqlite")
    lines = run(opened, what, ending).count
    assert opened.transact(names) == left
    opened.transact(forget)
    other = sqlite3.connect(tmp_path / "state.sqlite", isolation_level=None, timeout=0)
    assert lines > 30, "the transaction wasn't traced"
    with closing(other), ThreadPoolExecutor(1) as another_thread:
        for at in range(1, lines + 1):
            where = run(opened, what, ending, at).where
            assert where
            # Only a second interrupt, after a bug, can leave anything to the next transaction.
            if ending is not ZeroDivisionError:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
            assert another_thread.submit(opened.transact, names).result(timeout=10) in (
                NOTHING,
                left,
            ), where
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            opened.transact(forget)
    opened.close()


def test_a_transaction_left_open_is_rolled_back_by_the_next(tmp_path):
    """Two interrupts can leave one: the second stops what the first one started."""
    opened = Store(tmp_path / "state.sqlite")
    opened._connection.execute("BEGIN IMMEDIATE")
    opened._connection.execute("INSERT INTO meta VALUES ('first', 1)")
    assert opened.transact(names) == set()
    opened.close()


def test_a_store_is_closed_only_while_no_call_is_running(tmp_path):
    """SQLite ends in a segmentation fault if a connection is closed under a thread that uses it."""
    opened = Store(tmp_path / "state.sqlite")
    order = []
    with ThreadPoolExecutor(1) as another_thread:

        def slow(tx):
            closing_store = another_thread.submit(opened.close)
            closing_store.add_done_callback(lambda _: order.append("closed"))
            assert not closing_store.done()
            tx.run("INSERT INTO meta VALUES ('first', 1)")
            order.append("done")

        opened.transact(slow)
    assert order == ["done", "closed"]
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        assert connection.execute("SELECT 1 FROM meta WHERE name = 'first'").fetchone()


def test_an_interrupt_at_any_line_leaves_no_file_beside_that_of_a_browser_tab(tmp_path):
    path = tmp_path / "state.sqlite"
    path.touch()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        copy, number = WholeFile(path), 0

        def write():
            nonlocal number
            number += 1
            connection.execute(f"CREATE TABLE t{number} (x)")
            copy.write(connection)

        for where in at_every_line({browser_file.__file__}, write, least=8):
            assert os.listdir(tmp_path) == ["state.sqlite"], where
            with closing(sqlite3.connect(path)) as there:
                there.execute("SELECT count(*) FROM sqlite_master")
