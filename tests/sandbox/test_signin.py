"""Signing in and out as the sandbox answers it: cookies, refusals, tenants, seats and idle sessions."""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlsplit

import pytest
import requests

from acudata.sandbox.cookies import read_cookies

from .conftest import ManualClock, Start, Web

REPEATED = ["ASP.NET_SessionId", "UserBranch", "Locale", ".ASPXAUTH"]


def set_cookies(response: requests.Response) -> list[str]:
    """Return every Set-Cookie header as it was sent, which `requests` itself folds into one."""
    return list(response.raw.headers.getlist("set-cookie"))


def names(response: requests.Response) -> list[str]:
    return [cookie.partition("=")[0] for cookie in set_cookies(response)]


def test_item_001_a_sign_in_answers_204_with_the_captured_cookies(stranger: Web) -> None:
    answer = stranger.sign_in()
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Cache-Control"] == "private"
    assert names(answer) == [*REPEATED, *REPEATED, "requestid", "requeststat"]
    assert re.match(r"Locale=Culture=en-US&TimeZone=\w+; expires=", set_cookies(answer)[2])


def test_item_001_later_answers_set_four_cookies_again(web: Web) -> None:
    answer = web.get("/entity")
    assert names(answer) == ["Locale", "UserBranch", "requestid", "requeststat"]
    assert "sc:~/entity+" in set_cookies(answer)[3]


def test_item_002_company_is_the_old_name_of_tenant(stranger: Web) -> None:
    said = {"name": stranger.box.username, "password": stranger.box.password, "company": "T100"}
    assert stranger.post("/entity/auth/login", json=said).status_code == 204
    assert landed(stranger) == "T100"


def test_item_003_a_form_signs_in_too(stranger: Web) -> None:
    said = {"name": stranger.box.username, "password": stranger.box.password, "tenant": "T100"}
    assert stranger.post("/entity/auth/login", data=said).status_code == 204
    assert landed(stranger) == "T100"


def test_item_004_a_wrong_password_is_a_500_that_says_invalid_credentials(stranger: Web) -> None:
    answer = stranger.sign_in(password="wrong")
    body = answer.json()
    assert answer.status_code == 500
    assert body["message"] == "An error has occurred."
    assert "Invalid credentials" in body["exceptionMessage"]
    assert body["exceptionType"] == "PX.Data.PXException"
    assert body["stackTrace"]
    assert not {"ASP.NET_SessionId", ".ASPXAUTH"} & set(names(answer))


def test_item_005_wrong_passwords_in_a_row_lock_the_user_out(start: Start) -> None:
    web = start(lockout_after=3)
    for _ in range(3):
        assert "Invalid credentials" in web.sign_in(password="wrong").json()["exceptionMessage"]
    answer = web.sign_in()
    assert answer.status_code == 500
    assert "locked" in answer.json()["exceptionMessage"]


def test_item_005_a_right_password_in_between_starts_the_count_again(start: Start) -> None:
    web = start(lockout_after=2)
    for password in ("wrong", web.box.password, "wrong"):
        web.sign_in(password=password)
    assert web.sign_in().status_code == 204


def test_item_006_an_unknown_tenant_is_refused_where_there_are_two(stranger: Web) -> None:
    answer = stranger.sign_in(tenant="Nowhere")
    assert answer.status_code == 500
    assert answer.json()["exceptionType"].endswith("PXUndefinedCompanyException")
    assert answer.json()["exceptionMessage"].startswith("A proper company ID cannot be determined")


@pytest.mark.parametrize("tenant", ["", None])
def test_item_007_no_tenant_lands_on_the_default_one(stranger: Web, tenant: str | None) -> None:
    assert stranger.sign_in(tenant=tenant).status_code == 204
    assert landed(stranger) == "U100"


def test_item_008_an_only_tenant_answers_to_any_name(start: Start) -> None:
    web = start({"tenants": ["Lone"]})
    assert web.sign_in(tenant="Whatever").status_code == 204
    assert landed(web) == "Lone"


def test_item_009_the_sign_in_page_tells_the_tenant_of_the_session(web: Web) -> None:
    page = web.get("/Frames/Login.aspx")
    assert page.headers["Content-Type"].startswith("text/html")
    assert 'id="txtSingleCompany" value="U100"' in page.text


def test_item_010_a_sign_out_lets_the_cookies_expire_and_the_session_die(stranger: Web) -> None:
    stranger.sign_in()
    kept = dict(stranger.cookies)
    answer = stranger.sign_out()
    assert answer.status_code == 204
    assert names(answer)[:2] == [".ASPXAUTH", "ASP.NET_SessionId"]
    assert not {"ASP.NET_SessionId", ".ASPXAUTH"} & set(stranger.cookies.keys())
    assert stranger.get("Customer", cookies=kept).status_code == 401


def test_item_011_a_sign_out_without_a_length_is_refused_and_changes_nothing(web: Web) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in web.cookies.items())
    connection = http.client.HTTPConnection(urlsplit(web.box.url).netloc)
    connection.putrequest("POST", f"{web.box.settings.instance_path}/entity/auth/logout")
    connection.putheader("Cookie", cookies)
    connection.endheaders()
    assert connection.getresponse().status == 411
    connection.close()
    assert web.get("Customer?$top=1").status_code == 200


@pytest.mark.parametrize("status", [204, 401])
def test_item_012_a_second_sign_out_answers_as_the_settings_say(start: Start, status: int) -> None:
    assert start(logout_without_session=status).sign_out().status_code == status


def test_item_013_the_third_session_of_two_seats_is_refused(start: Start) -> None:
    answer = third_sign_in(start)
    assert answer.status_code == 500
    assert answer.json()["exceptionMessage"] == "API Login Limit"


@pytest.mark.parametrize(
    ("form", "status", "kind"), [("text", 429, "text/plain"), ("html", 200, "text/html")]
)
def test_item_013_the_refusal_of_a_seat_may_be_a_page(
    start: Start, form: str, status: int, kind: str
) -> None:
    answer = third_sign_in(start, seat_refusal=form)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(kind)
    assert "API Login Limit" in answer.text


def test_item_013_the_refusal_of_a_seat_may_be_a_redirect(start: Start) -> None:
    answer = third_sign_in(start, seat_refusal="redirect")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/AcumaticaERP/Frames/Error.aspx?")
    assert answer.headers["Location"].endswith("message=API%20Login%20Limit")


def test_item_014_a_sign_out_frees_the_seat(start: Start) -> None:
    first = start({"seats": 1})
    first.sign_in()
    with Web(first.box) as second:
        assert second.sign_in().status_code == 500
        first.sign_out()
        assert second.sign_in().status_code == 204


def test_item_015_a_user_may_hold_fewer_sessions_than_the_licence(start: Start) -> None:
    first = start(logins_per_user=1, users={"admin": "a", "clerk": "c"})
    first.sign_in()
    with Web(first.box) as second:
        refused = second.sign_in()
        assert refused.status_code == 500
        assert "SM201010" in refused.json()["exceptionMessage"]
        assert second.sign_in(name="clerk", password="c").status_code == 204


def test_a_sign_in_with_the_cookies_of_a_session_keeps_its_seat(start: Start) -> None:
    web = start({"seats": 1})
    assert [web.sign_in().status_code for _ in range(2)] == [204, 204]


def test_item_016_an_idle_session_ends_and_frees_its_seat(start: Start) -> None:
    clock = ManualClock()
    web = start({"clock": clock, "seats": 1}, idle_timeout=0.5)
    web.sign_in()
    for _ in range(3):
        clock.advance(0.4)
        assert web.get("Customer?$top=1").status_code == 200
    clock.advance(0.6)
    assert web.get("Customer?$top=1").status_code == 401
    with Web(web.box) as next_one:
        assert next_one.sign_in().status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "Customer",
        "Nothing",
        "Customer/A/B/C",
        "swagger.json",
        "/entity/Default/9.9/Customer",
        "/entity/No/1/X",
    ],
)
def test_item_017_without_a_session_every_path_answers_401(stranger: Web, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert answer.json()["message"]


def test_item_018_one_cookie_of_the_two_is_no_session(web: Web) -> None:
    alone = {"ASP.NET_SessionId": web.cookies["ASP.NET_SessionId"]}
    with requests.Session() as other:
        url = f"{web.box.url}/entity/Default/24.200.001/Customer?$top=1"
        assert other.get(url, cookies=alone).status_code == 401
        assert other.get(url, cookies=alone | {".ASPXAUTH": "0"}).status_code == 401
        assert other.get(url, cookies=dict(web.cookies)).status_code == 200


def test_cookies_are_read_whatever_their_values_hold() -> None:
    header = "Locale=Culture=en-US&TimeZone=GMT; requeststat=+st:1+sc:~/entity+tg:; .ASPXAUTH=A1"
    assert read_cookies(header) == {
        "Locale": "Culture=en-US&TimeZone=GMT",
        "requeststat": "+st:1+sc:~/entity+tg:",
        ".ASPXAUTH": "A1",
    }


def test_broken_json_is_a_bad_request(stranger: Web) -> None:
    answer = stranger.post("/entity/auth/login", data="{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["modelState"]


def landed(web: Web) -> str:
    """Return the tenant that the session is in."""
    found = re.search(r'value="(\w+)"', web.get("/Frames/Login.aspx").text)
    assert found
    return found[1]


def third_sign_in(start: Start, **settings: str) -> requests.Response:
    """Sign in three times where there are two seats, and return the third answer."""
    first = start({"seats": 2}, **settings)
    with Web(first.box) as second, Web(first.box) as third:
        assert [first.sign_in().status_code, second.sign_in().status_code] == [204, 204]
        return third.sign_in()
