"""The OpenAPI 3.1 document of the server; the score in it is the schema that slantwise ships."""

from __future__ import annotations

from json import dumps, loads
from typing import Any

from slantwise import __version__
from slantwise.formats import schema
from slantwise.serve.limits import Limits

__all__ = ["openapi"]

_ERRORS = {
    "400": "The request is not as described here, or asks for something that makes no sense.",
    "403": "The request came from another site's page, or names another host.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large.",
    "415": "The body is of another kind.",
    "422": "There is no article in the request, or it cannot be read.",
    "500": "slantwise failed; the server's log says where.",
    "503": "The queue is full; Retry-After says when to try again.",
    "504": "The article took too long.",
}


def openapi(limits: Limits) -> dict[str, Any]:
    """The document, with this server's limits in its words."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "slantwise",
            "version": __version__,
            "description": "Who speaks in an article, how sure, for or against whom, in which words. "
            f"A body has at most {limits.max_bytes} bytes; one article is scored at a time, {limits.queue} may wait.",
        },
        "paths": {
            "/v1/score": {"post": _score(limits)},
            "/healthz": {"get": _plain("health", "Whether the server answers.", "application/json")},
            "/metrics": {"get": _plain("metrics", "Counts in Prometheus's text format.", "text/plain")},
            "/openapi.json": {"get": _plain("openapi", "This document.", "application/json")},
        },
        "components": {
            "schemas": {
                **_score_schemas(),
                "Article": _article(limits),
                "Error": _error(),
            }
        },
    }


def _score(limits: Limits) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Article"}
    answers: dict[str, Any] = {
        "200": {
            "description": "The score, schema slantwise-score/1.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Score"}}},
        }
    }
    for status, told in _ERRORS.items():
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        answers[status] = {"description": told, "content": content}
    answers["503"]["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return {
        "operationId": "score",
        "summary": "Score one article.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"oneOf": [reference, {"type": "string", "minLength": 1}]}},
                "text/plain": {"schema": {"type": "string", "minLength": 1}},
            },
        },
        "responses": answers,
    }


def _score_schemas() -> dict[str, Any]:
    """The schema of a score and its parts, each by a name of the document: few tools read references inside one."""
    text = dumps(schema("score")).replace('"#/$defs/', '"#/components/schemas/')
    score: dict[str, Any] = loads(text)
    parts: dict[str, Any] = score.pop("$defs")
    return {"Score": score, **parts}


def _article(limits: Limits) -> dict[str, Any]:
    name = {"type": "string", "description": 'A name, or "NAME=alias,alias".', "examples": ["Anna Berg=Berg,the mayor"]}
    text = {"type": "string"}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["text"],
        "properties": {
            "text": {"type": "string", "minLength": 1, "description": "The article; its first line is the headline."},
            "id": {**text, "description": "What the score calls the article."},
            "outlet": text,
            "published": text,
            "section": text,
            "targets": {
                "type": "array",
                "maxItems": limits.names,
                "items": name,
                "description": "Score stances towards these alone.",
            },
            "topics": {
                "type": "array",
                "maxItems": limits.names,
                "items": name,
                "description": "Score every sentence's stance towards these too, whether or not it names them.",
            },
            "quotes_as_author": {
                "type": "boolean",
                "description": "Score quotations as if the author had written them.",
            },
        },
    }


def _error() -> dict[str, Any]:
    parts = ("expected", "found", "do")
    return {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": list(parts),
                "properties": {part: {"type": "string"} for part in parts},
            }
        },
    }


def _plain(name: str, told: str, kind: str) -> dict[str, Any]:
    answer = {"description": told, "content": {kind: {"schema": {}}}}
    return {"operationId": name, "summary": told, "responses": {"200": answer}}
