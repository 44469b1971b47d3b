"""Headers, hosts and sites; what programs and operators ask for."""

import re

import pytest
from jsonschema import Draft202012Validator

from slantwise.serve.gate import HEADERS, is_loopback
from slantwise.serve.openapi import openapi


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/openapi.json", "/none"])
def test_every_answer_has_the_headers_and_no_cookie(client, path):
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value or name == "Content-Security-Policy"
    assert "content-security-policy" in answer.headers
    assert not {"set-cookie", "access-control-allow-origin"} & set(answer.headers)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]:80"])
def test_a_name_that_points_here_is_no_way_in(client, host):
    answer = client.get("/healthz", headers={"host": host})
    assert answer.status_code == 403
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765"])
def test_names_of_this_machine_are_served(client, host):
    assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_a_server_for_others_answers_to_any_name(serving):
    with serving(hosts=None) as client:
        assert client.get("/healthz", headers={"host": "news.example"}).status_code == 200
    with serving(hosts=frozenset({"desk.local"})) as client:
        assert client.get("/healthz", headers={"host": "desk.local:80"}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_page_cannot_make_a_browser_send(client, site):
    sent = {"sec-fetch-site": site}
    plain = {**sent, "content-type": "text/plain"}
    assert client.post("/v1/score", content=b"Rain fell.", headers=plain).status_code == 403
    assert client.post("/", data={"text": "Rain fell."}, headers=sent).status_code == 403
    assert client.get("/", headers=sent).status_code == 200, "a link to the page"
    assert client.post("/", data={"text": "Rain fell."}, headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_health_names_the_model(client, model):
    assert client.get("/healthz").json() == {
        "status": "ok", "model": {"name": model.name.name, "sha256": model.name.sha256}
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/v1", "/v1/score/", "/../etc/passwd", "/static/x", "/docs"])
def test_nothing_else_is_there(client, path):
    assert client.get(path).status_code == 404
    assert client.get("/v1/score").status_code == 405
    assert client.get("/v1/score").headers["allow"] == "POST"


def test_metrics_count_and_hold_nothing_of_an_article(client):
    client.post("/v1/score", json={"text": "Secretword fell. It may rain.", "id": "secretid"})
    client.post("/v1/score", json={})
    client.get("/secretpath")
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    for line in (
        'slantwise_requests_total{route="/v1/score",status="200"} 1',
        'slantwise_requests_total{route="/v1/score",status="400"} 1',
        'slantwise_requests_total{route="other",status="404"} 1',
        "slantwise_articles_total 1",
        "slantwise_sentences_total 2",
        'slantwise_seconds_bucket{le="+Inf"} 1',
    ):
        assert line in lines
    assert "secret" not in answer.text.lower()
    sample = re.compile(r'[a-z_]+(\{[a-z0-9_]+="[^"]*"(,[a-z0-9_]+="[^"]*")*\})? [0-9.e+-]+')
    assert all(line.startswith(("# HELP ", "# TYPE ")) or sample.fullmatch(line) for line in lines)
    counts = [int(line.split()[-1]) for line in lines if line.startswith("slantwise_seconds_bucket")]
    assert counts == sorted(counts)


def test_the_openapi_document_says_what_is_served(client):
    from slantwise.serve import Limits

    document = client.get("/openapi.json").json()
    assert document == openapi(Limits())
    assert document["openapi"] == "3.1.0"
    schemas = document["components"]["schemas"]
    for each in schemas.values():
        Draft202012Validator.check_schema(each)

    def errors(name, value):
        return list(Draft202012Validator({**document, "$ref": f"#/components/schemas/{name}"}).iter_errors(value))

    score = client.post("/v1/score", json={"text": "Rain may fall.", "targets": ["Rain"]}).json()
    assert errors("Score", score) == []
    assert errors("Score", {**score, "sentences": [{}]})
    assert errors("Error", client.post("/v1/score", json={"txt": 1}).json()) == []
    asked = {"text": "a", "id": "b", "targets": ["c"], "topics": [], "quotes_as_author": False}
    assert errors("Article", asked) == []
    assert client.post("/v1/score", json=asked).status_code == 200
    references = re.findall(r'"\$ref": "#/components/schemas/(\w+)"', str(document).replace("'", '"'))
    assert set(references) == set(schemas)
    assert "$defs" not in str(document)


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("desk", False)],
)
def test_loopback(host, local):
    assert is_loopback(host) is local
