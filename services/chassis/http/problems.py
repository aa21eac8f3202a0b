"""Problem details (RFC 9457): how every service says what is wrong and what to do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

MEDIA_TYPE = "application/problem+json"


class ProblemDetails(BaseModel):
    """What is wrong and what to do. No text repeats a value that was sent."""

    type: str = Field(examples=["urn:reliefstream:problem:not_found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404], ge=400, le=599)
    detail: str = Field(examples=["There is no relief of this id."])
    code: str = Field(examples=["not_found"], description="Stable; the end of ``type``.")


class Refusal(Exception):
    """A request that is answered with a problem; raised anywhere below an endpoint."""

    def __init__(
        self, status: int, code: str, title: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(title)
        self.status, self.code, self.title, self.detail = status, code, title, detail
        self.headers = headers

    def response(self) -> Response:
        """The answer."""
        return problem(self.status, self.code, self.title, self.detail, self.headers)


def problem(
    status: int, code: str, title: str, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer of problem details, with a stable code."""
    found = ProblemDetails(
        type=f"urn:reliefstream:problem:{code}", title=title, status=status, detail=detail, code=code
    )
    asked = {"WWW-Authenticate": 'Bearer realm="reliefstream"'} if status == HTTPStatus.UNAUTHORIZED else {}
    return JSONResponse(found.model_dump(), status, {**asked, **(headers or {})}, MEDIA_TYPE)


def problems(said: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Status to when it is answered, as FastAPI's ``responses`` takes it: each answers problem details."""
    schema = {"schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}}
    return {
        status: {"description": description, "content": {MEDIA_TYPE: schema}}
        for status, description in said.items()
    }
