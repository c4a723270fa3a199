"""What a site does wrong is classed, and the rest of it is harvested all the same."""

from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path

import misbehaviour as mis
import pytest
from test_incremental import kept
from testweb import BASE, ITEM, LIST, Fault, Site, html, served

from scrapers.crawl import crawl
from scrapers.trust.refused import Redirects, is_home, refusal_class
from warehouse.layout import DataFolder

LARGE = html("Large", "<p>" + "word " * 250_000 + "</p>").encode()
ITEM_FAULTS: list[tuple[str, Fault]] = [
    ("captcha", mis.captcha()),
    ("login page", mis.login()),
    ("cookie wall", mis.cookie_wall()),
    ("soft 404", mis.soft_404()),
    ("error page", mis.error_page()),
    ("redirect to home page", mis.moved("/en/")),
    ("redirect circle", mis.moved(f"{BASE}/round")),
    ("offsite redirect", mis.moved("http://elsewhere.example/")),
    ("trap", mis.moved("/en/c/portal/login")),
    ("too large", mis.body(LARGE, {"Content-Encoding": "identity"})),
    ("too large", mis.endless_chunks),
    ("bomb", mis.bomb("gzip", 40)),
    ("bomb", mis.bomb("br", 40)),
    ("bomb", mis.bomb("zstd", 40)),
    ("truncated body", mis.cut()),
    ("truncated body", mis.cut_gzip()),
    ("truncated body", mis.noise_gzip()),
    ("timeout", mis.dripping(4)),
    ("timeout", mis.slow(3)),
    ("connection", mis.hangs_up),
    ("http 403", mis.status(403)),
    ("http 404", mis.status(404)),
    ("http 500", mis.status(500)),
    ("http 503", mis.status(503)),
    ("http 304", mis.status(304)),
    ("throttled", mis.status(429)),
]


def test_every_fault_of_an_item_is_classed_and_harms_no_other_page(site: Site, site_source, data: DataFolder) -> None:
    faulty = len(ITEM_FAULTS)
    site.slugs, site.per_page = Site(items=faulty + 6).slugs, 50
    site.faults = {ITEM + slug: fault for slug, (_, fault) in zip(site.slugs, ITEM_FAULTS, strict=False)}
    site.faults["/en/"] = mis.says("Home", "Welcome to our town, where there is much to see.")
    site.faults[f"{BASE}/round"] = mis.moved(f"{BASE}/round")
    flaky, charset = ITEM + site.slugs[faulty], ITEM + site.slugs[faulty + 1]
    site.faults[flaky] = mis.status(500, times=1)
    site.faults[charset] = mis.in_charset("Fête à l'été", "windows-1252", "utf-8")
    polite = {"timeout": 1, "retries": 3, "max_bytes": 1_000_000, "backoff": 0.01, "concurrency": 8}
    record = crawl(site_source(politeness=polite), data)
    expected: dict[str, int] = {}
    for name, _ in ITEM_FAULTS:
        expected[name] = expected.get(name, 0) + 1
    assert record.errors == expected
    assert {name for name, _ in ITEM_FAULTS} == set(record.examples)
    assert record.finish_reason == "finished"
    assert record.outcome == "partial", "captchas and the like say that the site did not want to be seen"
    pages = kept(data, record)
    for slug in site.slugs[faulty + 2 :]:
        assert pages[f"http://{_host(pages)}{ITEM}{slug}"].body == site.body(ITEM + slug)[1]
    assert f"http://{_host(pages)}{flaky}" in pages
    for name in ("too large", "bomb", "truncated body", "timeout"):
        assert record.examples[name] not in pages, f"{name}: nothing is kept by halves"


def _host(pages: dict) -> str:
    return next(iter(pages)).split("/")[2]


@pytest.mark.parametrize(
    ("fault", "name", "cause"),
    [
        (mis.captcha(), "captcha", "captcha instead of pages"),
        (mis.login(), "login page", "asks for a login"),
        (mis.cookie_wall(), "cookie wall", "before cookies are accepted"),
        (mis.soft_404(), "soft 404", "say that they are gone"),
        (mis.moved("/en/"), "redirect to home page", "to its home page"),
        (mis.status(404), "http 404", "does not have"),
        (mis.bomb("gzip", 40), "bomb", "unpacks to more"),
    ],
)
def test_a_list_that_is_not_the_list_is_no_look(
    site: Site, site_source, data: DataFolder, fault: Fault, name: str, cause: str
) -> None:
    site.faults = {LIST: fault, "/en/": mis.says("Home", "Welcome to our town, where there is much to see.")}
    record = crawl(site_source(), data)
    assert set(record.errors) == {name}
    assert (record.outcome, record.verdict, record.items) == ("failed", "failed", 0)
    assert cause in (record.likely_cause or "")
    assert record.next_step


def test_a_layout_that_changes_half_way_is_no_complete_look(site: Site, site_source, data: DataFolder) -> None:
    changed = f"{LIST}?delta=5&start=2"
    site.faults[changed] = mis.new_layout(site.slugs[5:10])
    record = crawl(site_source(), data)
    assert (record.outcome, record.errors) == ("partial", {"changed layout": 1})
    assert record.items == 12, "the links of its tiles are followed"
    assert record.examples["changed layout"].endswith(changed)
    assert "new layout" in (record.likely_cause or "")


def test_many_addresses_that_lead_to_one_are_no_pages(site: Site, site_source, data: DataFolder) -> None:
    site.faults = {ITEM + slug: mis.moved(f"{BASE}/overview") for slug in site.slugs[:5]}
    site.faults[f"{BASE}/overview"] = mis.body(html("Overview", "<p>All that we do. </p>" * 9).encode())
    record = crawl(site_source(), data)
    assert record.errors == {"redirect to home page": 5}
    assert record.outcome == "partial"


def test_paging_that_never_ends_is_ended_by_the_budget(site: Site, site_source, data: DataFolder) -> None:
    site.faults[LIST] = mis.endless_list
    record = crawl(site_source(politeness={"budget": 30}, follow_details=False), data)
    assert (record.outcome, record.finish_reason, record.requests) == ("partial", "budget", 30)
    assert record.items == 3 * 29
    assert "budget" in (record.likely_cause or "")


def test_a_calendar_without_end_is_left_at_once(site: Site, site_source, data: DataFolder, site_port: int) -> None:
    site.faults[LIST] = mis.endless_calendar
    record = crawl(site_source(start=[f"http://127.0.0.1:{site_port}{LIST}"]), data)
    assert record.requests <= 4
    assert record.items == 0


def test_a_run_that_takes_too_long_is_ended(site: Site, site_source, data: DataFolder) -> None:
    site.faults[LIST] = lambda handler: mis.slow(0.4)(handler) or mis.endless_list(handler)
    record = crawl(site_source(politeness={"run_time": 1}, follow_details=False), data)
    assert (record.outcome, record.finish_reason) == ("partial", "time limit")
    assert record.captures == len(kept(data, record)) > 0


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_a_site_that_is_down(make_source, data: DataFolder) -> None:
    port = closed_port()
    site = f"127.0.0.1:{port}"
    places = {"start": [f"http://{site}{LIST}"], "patterns": [f"{site}/{{rest...}}"]}
    record = crawl(make_source(**places), data)
    assert (record.outcome, set(record.errors)) == ("failed", {"refused"})
    assert "refuses connections" in (record.likely_cause or "")


def test_a_name_that_does_not_resolve(make_source, data: DataFolder) -> None:
    places = {"start": [f"http://nowhere.invalid{LIST}"], "patterns": ["nowhere.invalid/{rest...}"]}
    record = crawl(make_source(**places), data)
    assert (record.outcome, set(record.errors)) == ("failed", {"dns"})
    assert "does not resolve" in (record.likely_cause or "")


def test_a_certificate_that_nobody_vouches_for(site: Site, make_source, data: DataFolder, tmp_path: Path) -> None:
    with served(site, self_signed(tmp_path)) as port:
        where = f"localhost:{port}"
        places = {"start": [f"https://{where}{LIST}"], "patterns": [f"{where}/{{rest...}}"]}
        record = crawl(make_source(**places), data)
    assert (record.outcome, set(record.errors)) == ("failed", {"tls"})
    assert not site.asked


def self_signed(folder: Path) -> Path:
    """A certificate for localhost, signed by itself, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - dt.timedelta(1)).not_valid_after(now + dt.timedelta(1))
    signed = made.add_extension(names, critical=True).sign(key, hashes.SHA256())
    form, plain = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain) + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_earlier_captures_stay_when_a_site_has_a_bad_day(site: Site, site_source, data: DataFolder) -> None:
    good = crawl(site_source(), data)
    before = (data.captures("local-news", good.run_id) / "pages.warc.gz").read_bytes()
    site.faults = {LIST: mis.captcha()}
    bad = crawl(site_source(), data)
    assert (bad.outcome, bad.usual_items) == ("failed", 12)
    assert (data.captures("local-news", good.run_id) / "pages.warc.gz").read_bytes() == before
    site.faults.clear()
    assert crawl(site_source(), data).verdict == "good"


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://a.example/", True),
        ("https://a.example/de", True),
        ("https://a.example/en/home", True),
        ("https://a.example/index.php", True),
        ("https://a.example/?page=7", False),
        ("https://a.example/news", False),
        ("https://a.example/en/web/x", False),
    ],
)
def test_home_pages(url: str, home: bool) -> None:
    assert is_home(url) is home


def test_redirects_that_are_no_fault() -> None:
    redirects = Redirects()
    for name in ("one", "two"):
        assert redirects.fault(f"http://a.example/old/{name}", f"https://a.example/new/{name}") is None
    for page in range(9):
        assert redirects.fault(f"http://a.example/list?page={page}", "https://a.example/list") is None
    assert redirects.fault("http://a.example/", "https://a.example/en/") is None, "home to home"
    assert redirects.late == 0


def test_many_addresses_that_lead_to_one_are_told_by_their_queries_too() -> None:
    redirects = Redirects()
    found = [redirects.fault(f"http://a.example/show.php?id={n}", "http://a.example/gone.php") for n in range(4)]
    assert [fault is not None for fault in found] == [False, False, True, True]
    assert redirects.late == 2


def test_an_own_address_among_those_that_lead_to_it_counts_nowhere() -> None:
    redirects = Redirects()
    for name in ("a", "b", "c"):
        assert redirects.fault(f"http://x.example/{name}", "https://x.example/a") is None
    assert redirects.late == 0


@pytest.mark.parametrize(
    "text",
    [
        "<p>We use cookies. You must accept cookies.</p>" + "<p>The council met on Monday.</p>" * 200,
        "<h1>Walk through the town</h1><p>Please bring a coat.</p>",
        "",
    ],
)
def test_pages_that_refuse_nothing(text: str) -> None:
    assert refusal_class("http://a.example/x", html("Walk", text).encode(), "text/html") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<p>Verify you <b>are</b> <i>human</i></p>", "captcha"),
        ("<p>Please complete the <span>c</span>aptcha</p>", "captcha"),
        ("<p>V&eacute;rifiez que vous &ecirc;tes humain</p>", "captcha"),
        ("<p>Veuillez vous connecter</p>", "login page"),
        ("<p>Seite\nnicht&nbsp;gefunden</p>", "soft 404"),
        ("<p>Zaakceptuj pliki cookie, aby kontynuować</p>", "cookie wall"),
    ],
)
def test_however_a_page_writes_that_it_refuses(text: str, name: str) -> None:
    assert refusal_class("http://a.example/x", html("Town", text).encode(), "text/html; charset=utf-8") == name


def test_what_is_no_html_refuses_nothing() -> None:
    assert refusal_class("http://a.example/x", b'{"text": "verify you are human"}', "application/json") is None
