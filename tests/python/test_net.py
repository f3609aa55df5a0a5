"""bindings/net.cpp, and a transport written in Python."""

from __future__ import annotations

import pytest

import vitrine
from vitrine import HttpRequest, HttpResponse


class OwnTransport(vitrine.HttpTransport):
    """Answers with the method and the body it was sent."""

    def send(self, request: HttpRequest, *, context: vitrine.Context | None = None) -> HttpResponse:
        return HttpResponse(200, headers=[("X-Method", request.method.name)], body=request.body)


def test_a_python_transport_is_called_through_the_library() -> None:
    """There and back with body and header."""
    answer = vitrine.HttpTransport.send(OwnTransport(), HttpRequest("post", "https://example.test", body=b"hi"))
    assert (answer.body, answer.header("x-method")) == (b"hi", "post")


def test_a_python_transport_tells_the_fate_of_a_request() -> None:
    """The library sees whether it may have been sent."""

    class Failing(vitrine.HttpTransport):
        def send(self, request: HttpRequest, *, context: vitrine.Context | None = None) -> HttpResponse:
            error = vitrine.HttpError("No route to the host.")
            error.fate = vitrine.SendFate.not_sent
            raise error

    with pytest.raises(vitrine.HttpError) as caught:
        vitrine.HttpTransport.send(Failing(), HttpRequest("get", "https://example.test"))
    assert caught.value.fate is vitrine.SendFate.not_sent


def test_the_mock_answers_in_order() -> None:
    """First come, first served."""
    transport = vitrine.MockTransport()
    transport.then(HttpResponse(201))
    transport.then(HttpResponse(404))
    request = HttpRequest("get", "https://example.test")
    assert [transport.send(request).status, transport.send(request).status] == [201, 404]


def test_the_mock_fails_as_scripted() -> None:
    """With a fate."""
    transport = vitrine.MockTransport()
    transport.then_fail("unavailable", "not_sent")
    with pytest.raises(vitrine.HttpError) as caught:
        transport.send(HttpRequest("get", "https://example.test"))
    assert (caught.value.code, caught.value.fate) == (vitrine.ErrorCode.unavailable, vitrine.SendFate.not_sent)


def test_the_mock_asks_a_function_after_its_script() -> None:
    """Which sees the request."""
    transport = vitrine.MockTransport(lambda request: HttpResponse(200, body=request.url.encode()))
    assert transport.send(HttpRequest("get", "https://example.test/a")).body == b"https://example.test/a"


def test_what_that_function_raises_comes_out() -> None:
    """As it was."""

    def fail(request: HttpRequest) -> HttpResponse:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        vitrine.MockTransport(fail).send(HttpRequest("get", "https://example.test"))


def test_the_mock_remembers_what_was_sent() -> None:
    """For assertions."""
    transport = vitrine.MockTransport(lambda request: HttpResponse(200))
    transport.send(HttpRequest("put", "https://example.test", body=b"x"))
    assert [request.method for request in transport.requests] == [vitrine.HttpMethod.put]


def test_a_request_does_not_show_its_secrets() -> None:
    """Query, path, user and headers stay out of repr()."""
    request = HttpRequest("get", "https://user:key@example.test/p?sig=s", headers=[("Authorization", "Bearer b")])
    assert repr(request) == "<vitrine.HttpRequest GET https://example.test>"


def test_a_response_is_ok_from_200_to_299() -> None:
    """And not beyond."""
    assert [HttpResponse(status).ok for status in (199, 200, 299, 300)] == [False, True, True, False]


def test_a_missing_header_is_none() -> None:
    """Absence, not an error."""
    assert HttpResponse(200).header("Retry-After") is None


def test_a_timeout_is_in_seconds() -> None:
    """There and back."""
    assert HttpRequest("get", "https://example.test", timeout=1.5).timeout == 1.5
