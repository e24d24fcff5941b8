"""What is held while files are looked at once is a thread's own, and goes when its `with` ends."""

from __future__ import annotations

import threading
from itertools import count

from sim.params.once import once, read_once


def test_within_it_is_made_once_and_anew_after():
    made = count()
    with read_once():
        assert [once("a", lambda: next(made)) for _ in range(3)] == [0, 0, 0]
        with read_once():
            assert once("a", lambda: next(made)) == 0
        assert once("a", lambda: next(made)) == 0
    assert once("a", lambda: next(made)) == 1


def test_threads_that_end_in_another_order_than_they_began_leave_nothing():
    began, ended = threading.Event(), threading.Event()

    def first() -> None:
        with read_once():
            once("a", lambda: "first")
            began.set()
            assert ended.wait(60)

    def second() -> None:
        with read_once():
            found.append(once("a", lambda: "second"))
            ended.set()
            other.join(60)

    found: list[str] = []
    other = threading.Thread(target=first)
    other.start()
    assert began.wait(60)
    third = threading.Thread(target=second)
    third.start()
    third.join(60)
    assert found == ["second"]
    assert once("a", lambda: "anew") == "anew"
