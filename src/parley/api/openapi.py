"""The description of the API, made from the same table the application is made from, so it cannot fall behind."""

from __future__ import annotations

import functools
import re
from typing import Any

import msgspec

import parley
from parley.api.route import Route
from parley.api.routes import ROUTES

_PART = re.compile(r"\{(\w+)(?::([^{}]|\{[^{}]*\})*)?\}")


def plain_path(path: str) -> str:
    """Give a path without the patterns of its parts."""
    return _PART.sub(r"{\1}", path)


@functools.cache
def describe() -> dict[str, Any]:
    """Give the OpenAPI 3.1 document."""
    types = [kind for route in ROUTES for kind in (route.body, route.answer) if kind is not None]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    by_type = {repr(kind): schema for kind, schema in zip(types, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(plain_path(route.path), {})[route.method.lower()] = _operation(route, by_type)
    paths["/events"] = {"get": _extra("What happens, as it happens (WebSocket; JSON texts)", "101")}
    paths["/attachments"] = {"post": _extra("Take in a file: raw body, query `name` and `media`", "201")}
    message = "/channels/{channel}/messages/{side}/{epoch}/{number}"
    paths[message + "/attachments/{root}"] = {"get": _extra("Give an attached file", "200")}
    paths[message + "/evidence"] = {"get": _extra("Give the message's evidence for `parley check`", "200")}
    incident = "/channels/{channel}/incidents/{side}/{epoch}/{number}/evidence.parley"
    paths[incident] = {"get": _extra("Give the incident's evidence for `parley check`", "200")}
    paths["/carry"] = {
        "get": _extra("Give a file to carry to the other side by hand; query `whole`=1: of everything", "200"),
        "post": _extra("Take in a file carried from the other side: raw body", "200"),
    }
    paths["/record.parley"] = {"get": _extra("Give the whole record for `parley check`", "200")}
    paths["/notices.ics"] = {"get": _extra("Notices as iCalendar; a token as the password of HTTP Basic, too", "200")}
    paths["/channels/{channel}/notices/{side}/{epoch}/{number}/cap"] = {"get": _extra("A notice as CAP 1.2", "200")}
    for path, methods in paths.items():
        parts = [_parameter(name) for name in re.findall(r"\{(\w+)\}", path)]
        if parts:
            for operation in methods.values():
                operation["parameters"] = parts
    components["Error"] = {
        "type": "object",
        "required": ["code", "sentence", "fields"],
        "properties": {
            "code": {"type": "string"},
            "sentence": {"type": "string"},
            "fields": {"type": "object"},
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Parley", "version": parley.__version__, "description": "One side's own node."},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route, by_type: dict[str, Any]) -> dict[str, Any]:
    operation = _extra(route.summary, str(route.status))
    if route.answer is None:
        operation["responses"] = {"204": {"description": "done"}, "default": operation["responses"]["default"]}
    else:
        content = {"application/json": {"schema": by_type[repr(route.answer)]}}
        operation["responses"][str(route.status)]["content"] = content
    if route.body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": by_type[repr(route.body)]}}}
    if route.open:
        operation["security"] = []
    return operation


def _extra(summary: str, status: str) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        "summary": summary,
        "responses": {status: {"description": "done"}, "default": {"description": "refused", "content": error}},
    }


def _parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
