"""Looking up hosts: on threads of its own, once at a time for a host, and not for ever."""

import asyncio
import threading

import pytest

from services.notification.webhooks.resolver import Resolver


async def test_a_name_server_that_hangs_holds_up_no_other_thread_and_no_other_host() -> None:
    go, hangs, on = threading.Event(), threading.Event(), []

    def look_up(host: str, _: int) -> list[str]:
        on.append((host, threading.current_thread().name))
        if host == "hangs.example":
            hangs.set()
            go.wait()
        return ["8.8.8.8"]

    resolver = Resolver(60, threads=2, look_up=look_up)
    hanging = [asyncio.create_task(resolver("hangs.example", 443)) for _ in range(50)]
    try:
        await asyncio.to_thread(hangs.wait)
        assert await resolver("works.example", 443) == ["8.8.8.8"]
        assert [host for host, _ in on].count("hangs.example") == 1, "once for all who ask"
        assert all(name.startswith("dns") for _, name in on), "not on the threads that others share"
        assert not any(task.done() for task in hanging)
    finally:
        go.set()
    assert await asyncio.gather(*hanging) == [["8.8.8.8"]] * 50


async def test_a_look_up_that_takes_too_long_is_given_up() -> None:
    go = threading.Event()
    resolver = Resolver(0.01, look_up=lambda *_: [str(go.wait())])
    try:
        with pytest.raises(TimeoutError):
            await resolver("hangs.example", 443)
    finally:
        go.set()


async def test_a_host_without_an_address_is_asked_for_again_the_next_time() -> None:
    answers = iter([OSError("no such name"), ["8.8.8.8"]])

    def look_up(*_: object) -> list[str]:
        if isinstance(answer := next(answers), OSError):
            raise answer
        return answer

    resolver = Resolver(60, look_up=look_up)
    with pytest.raises(OSError, match="no such name"):
        await resolver("late.example", 443)
    assert await resolver("late.example", 443) == ["8.8.8.8"]
