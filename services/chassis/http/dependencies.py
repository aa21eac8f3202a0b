"""What an endpoint works with: objects of the service, found by their type."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import Request

T = TypeVar("T")


def dependency(shape: type[T]) -> Callable[[Request], Awaitable[T]]:
    """A FastAPI dependency: the object of that type which the application was made with."""

    async def found(request: Request) -> T:
        held: T = request.app.state.dependencies[shape]
        return held

    return found
