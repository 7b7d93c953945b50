"""Python's lock is released while the engine works."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import shockpath


def test_another_thread_goes_on_while_the_engine_works(library: shockpath.Library) -> None:
    ticks = 0
    stop = threading.Event()

    def count() -> None:
        nonlocal ticks
        while not stop.is_set():
            ticks += 1
            time.sleep(0.0005)

    thread = threading.Thread(target=count)
    thread.start()
    # One call of some hundred milliseconds at least: under the lock nobody else would get to count in it.
    before, started = ticks, time.monotonic()
    library.test()
    took, during = time.monotonic() - started, ticks - before
    stop.set()
    thread.join()
    assert took > 0.05
    assert during > 10


def test_threads_share_a_library_and_a_record(library: shockpath.Library, rupture: shockpath.Record) -> None:
    wanted = library.assess(rupture).to_json()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: library.assess(rupture).to_json(), range(32)))
    assert set(answers) == {wanted}
