"""`POST /v1/score`: what may be asked, what is refused, and the limits."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from slantwise.article import Article
from slantwise.formats import schema, score_to_json
from slantwise.scorer import Scorer
from slantwise.targets import parse_target

ARTICLE = (
    "Shameful vote closes bridge\n\nAnna Berg said the plan may fail. “This is a disastrous tax,” Omar Diaz said. 😀\n"
)
URL = "/v1/score"


def refused(answer, status, *parts):
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error.keys() == {"expected", "found", "do"}
    for part in parts:
        assert part in " ".join(error.values())


def test_text_is_scored_as_everywhere_else(client, model):
    answer = client.post(URL, json={"text": ARTICLE, "id": "a1"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == json.loads(json.dumps(score_to_json(Scorer(model).score(Article("a1", ARTICLE)))))
    assert list(Draft202012Validator(schema("score")).iter_errors(answer.json())) == []
    for other in (
        client.post(URL, json=ARTICLE),
        client.post(URL, content=ARTICLE.encode(), headers={"content-type": "text/plain; charset=utf-8"}),
    ):
        assert other.json() == {**answer.json(), "article": "article"}


def test_targets_topics_and_quotes_are_passed_on(client, model):
    asked = {"targets": ["Berg=Anna Berg"], "topics": ["the tax"], "quotes_as_author": True}
    wanted = Scorer(
        model, targets=[parse_target("Berg=Anna Berg")], topics=[parse_target("the tax")], quotes_as_author=True
    ).score(Article("article", ARTICLE))
    answer = client.post(URL, json={"text": ARTICLE, **asked})
    assert answer.json() == json.loads(json.dumps(score_to_json(wanted)))
    assert answer.json() != client.post(URL, json=ARTICLE).json()


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (b"{", ["JSON"]),
        (b"", ["JSON"]),
        (b"[1]", ["an object"]),
        (b"\xff", ["UTF-8"]),
        (b'{"text": "a", "text": "b"}', ["twice"]),
        (b'{"txt": "a"}', ["a value at text"]),
        (b'{"text": "a", "file": "/etc/passwd"}', ["unknown field 'file'"]),
        (b'{"text": 3}', ["a string at text"]),
        (b'{"text": "\\ud800"}', ["half of a surrogate pair"]),
        (b'{"text": "a", "targets": "x"}', ["an array at targets"]),
        (b'{"text": "a", "targets": [1]}', ["targets[0]"]),
        (b'{"text": "a", "targets": ["=x"]}', ["a target as"]),
        (b'{"text": "a", "quotes_as_author": 1}', ["true or false"]),
        (b'{"text": "a", "topics": [' + b'"x",' * 60 + b'"x"]}', ["at most 50 topics", "61"]),
        (b"[" * 100_000, ["nested too deeply"]),
        (b"9" * 5000, ["digits"]),
    ],
)
def test_json_that_is_not_as_described(client, body, parts):
    refused(client.post(URL, content=body, headers={"content-type": "application/json"}), 400, *parts)


@pytest.mark.parametrize("text", ["", " \n ", "a\0b"])
def test_articles_that_are_none(client, text):
    refused(client.post(URL, json={"text": text}), 422)


def test_other_content_types(client):
    refused(client.post(URL, content=b"<x/>", headers={"content-type": "text/xml"}), 415, "text/xml")
    refused(client.post(URL, content=b"{}"), 415)
    refused(client.post(URL, content=b"\xe4", headers={"content-type": "text/plain"}), 400, "UTF-8")


def test_a_body_that_is_too_large_is_refused_however_it_is_sent(serving):
    with serving(max_bytes=200) as client:
        assert client.post(URL, json="Rain fell.").status_code == 200
        refused(client.post(URL, json="x" * 300), 413, "200 bytes")

        def parts():
            for _ in range(50):
                yield b"x" * 10

        refused(client.post(URL, content=parts(), headers={"content-type": "text/plain"}), 413, "more")


class Slow:
    """A backend that waits until it is let go."""

    def __init__(self, backend):
        self._backend = backend
        self.begun, self.go = threading.Semaphore(0), threading.Event()

    def __getattr__(self, name):
        return getattr(self._backend, name)

    def read(self, sentences):
        self.begun.release()
        assert self.go.wait(20)
        return self._backend.read(sentences)


def test_a_full_queue_is_told_and_those_in_it_are_served(serving, model):
    slow = Slow(model.backend)
    with serving(replace(model, backend=slow), queue=1) as client, ThreadPoolExecutor(2) as others:
        first = others.submit(client.post, URL, json="Rain fell.")
        assert slow.begun.acquire(timeout=20)
        second = others.submit(client.post, URL, json="Rain fell again.")
        while "slantwise_pending 2" not in client.get("/metrics").text:
            pass
        answer = client.post(URL, json="Rain fell a third time.")
        refused(answer, 503, "2 articles")
        assert int(answer.headers["retry-after"]) > 0
        assert client.get("/healthz").status_code == 200
        slow.go.set()
        assert [f.result(20).status_code for f in (first, second)] == [200, 200]
        assert client.post(URL, json="Rain fell.").status_code == 200
        assert "slantwise_pending 0" in client.get("/metrics").text


def test_an_article_that_takes_too_long_is_given_up_and_holds_its_place_until_it_stops(serving, model):
    slow = Slow(model.backend)
    with serving(replace(model, backend=slow), queue=0, seconds=0.2) as client:
        refused(client.post(URL, json="Rain fell."), 504, "more than 0.2 s")
        refused(client.post(URL, json="Rain fell."), 503)
        slow.go.set()
        while "slantwise_pending 0" not in client.get("/metrics").text:
            pass
        assert client.post(URL, json="Rain fell.").status_code == 200


def test_a_thread_past_its_time_stops_at_the_model(model):
    from slantwise.serve.refusals import Refusal
    from slantwise.serve.work import _Watched

    def late():
        raise Refusal(504, "a", "b", "c")

    watched = _Watched(model.backend, late)
    with pytest.raises(Refusal):
        Scorer(replace(model, backend=watched)).score(Article("a", "Rain fell."))


class Broken:
    """A backend that fails with the article in its words."""

    def __getattr__(self, name):
        raise ZeroDivisionError("Secretword")


def test_an_error_of_our_own_tells_a_client_nothing(serving, model):
    with serving(replace(model, backend=Broken()), raising=False) as client:
        for answer in (client.post(URL, json="Secretword fell."), client.post("/", data={"text": "Secretword fell."})):
            assert answer.status_code == 500
            assert "Secretword" not in answer.text
            assert answer.headers["x-content-type-options"] == "nosniff"
        refused(client.post(URL, json="Rain fell."), 500, "report it")
        assert 'status="500"} 2' in client.get("/metrics").text
        assert "slantwise_pending 0" in client.get("/metrics").text


def test_a_server_that_ends_stops_what_it_scores(model):
    from slantwise.serve import Limits
    from slantwise.serve.refusals import Refusal
    from slantwise.serve.work import Work

    work = Work(model, Limits())

    def job(with_model):
        work.close()
        return with_model.backend.read

    with pytest.raises(Refusal, match="one that ends"):
        asyncio.run(work.do(job))
