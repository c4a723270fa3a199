"""Every shape of address reduced to its key, as the facts about the sources tell them."""

from __future__ import annotations

import pytest

from pipelines.read.addresses import clean_address, parse_address

ICC = "https://www.coe.int/en/web/interculturalcities"
SWITCH = "https://www.coe.int/en/c/portal/update_language?languageId=fr_FR&p_l_id=25631098&redirect="


@pytest.mark.parametrize(
    "other",
    [
        "http://www.coe.int/en/web/interculturalcities/newsroom",
        "https://coe.int/en/web/interculturalcities/newsroom",
        "http://COE.int:80/en/web/interculturalcities/newsroom/",
        "https://www.coe.int:443/en/web/interculturalcities/newsroom#main",
        f"{ICC}/newsroom?p_l_id=25631098&desktop=true",
        f"{ICC}/newsroom;jsessionid=0A1B2C.node1",
        f"{ICC}/newsroom;jsessionid=0A1B2C.node1?p_l_back_url=%2Fen%2Fweb%2Fhome",
        f"{ICC}/newsroom%3Bjsessionid=0A1B2C",
        f"{ICC}/newsroom?jsessionid=0A1B2C&utm_source=letter&fbclid=1",
        f"{ICC}/newsroom?p_l_id=25631098&amp;desktop=true",
        f"{ICC}/newsroom?start=1",
        f"{ICC}/newsroom?start=0",
        f"{ICC}/newsroom?start=first",
        f"{ICC}/./x/../newsroom",
        " www.coe.int/en/web/interculturalcities/newsroom\n",
        "//www.coe.int/en/web/interculturalcities/newsroom",
        "https://www.coe.int/en_GB/web/interculturalcities/newsroom",
        "https://www.coe.int/de/c/portal/update_language?languageId=en_GB&redirect=%2Fde%2Fweb%2Finterculturalcities%2Fnewsroom",
    ],
)
def test_the_same_page_has_one_address(other: str) -> None:
    assert parse_address(other) == parse_address(f"{ICC}/newsroom")
    assert parse_address(other).url == f"{ICC}/newsroom"


@pytest.mark.parametrize(
    ("url", "shape", "locale", "page"),
    [
        (f"{ICC}/newsroom", "listing", "en", 1),
        ("https://coe.int/sr/web/interculturalcities/good-practice?delta=100&start=4", "listing", "sr", 4),
        (f"{ICC}/good-practice?delta=20&start=012", "listing", "en", 12),
        (f"{ICC}/good-pratice", "listing", "en", 1),
        ("https://www.coe.int/web/interculturalcities/view", "listing", None, 1),
        (f"{ICC}/meetings", "listing", "en", 1),
        (f"{ICC}/finland-news", "listing", "en", 1),
        (f"{ICC}/about", "other", "en", 1),
        (f"{ICC}/about?_101_INSTANCE_x_delta=20&_101_INSTANCE_x_cur=3&p_p_id=101_INSTANCE_x", "listing", "en", 3),
        (f"{ICC}/covid-19-special-page", "other", "en", 1),
        ("https://www.coe.int/documents/12/34/programme.pdf/5-6", "document", None, 1),
        ("http://www.coe.int/t/dg4/cultureheritage/culture/Cities/Newsletter/newsletter9_fr.asp", "legacy", "fr", 1),
        ("https://www.covid-congress-hub.org/fr/initiatives.html", "hub", "fr", 1),
        ("https://city.example/news/?page=7", "other", None, 7),
        ("https://city.example/report.PDF", "document", None, 1),
    ],
)
def test_shape_locale_and_page(url: str, shape: str, locale: str | None, page: int) -> None:
    found = parse_address(url)
    assert (found.shape, found.locale, found.page, found.item_key) == (shape, locale, page, None)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (f"{ICC}/-/better-reykjavik", "coe:better-reykjavik"),
        (f"{ICC}/-/households-welcome-migrants-", "coe:households-welcome-migrants-"),
        (f"{ICC}/-/households-welcome-migrants-/", "coe:households-welcome-migrants-"),
        (f"{ICC}/-/better-reykjavik;jsessionid=1?inheritRedirect=true&redirect=%2Fen", "coe:better-reykjavik"),
        (f"{ICC}/newsroom/-/better-reykjavik", "coe:better-reykjavik"),
        ("https://www.coe.int/web/interculturalcities/-/Better-Reykjavik", "coe:better-reykjavik"),
        ("https://www.coe.int/en/web/interculturalcities/-/caf%C3%A9", "coe:café"),
        ("https://www.coe.int/en/web/interculturalcities/-/cafe\u0301", "coe:café"),
        (
            f"{ICC}/newsroom/-/asset_publisher/SdoH/content/annual-meeting?_101_SdoH_viewMode=view/",
            "coe:annual-meeting",
        ),
        (f"{ICC}/-/asset_publisher/SdoH/content/annual-meeting", "coe:annual-meeting"),
        (f"{SWITCH}%2Fen%2Fweb%2Finterculturalcities%2F-%2Fannual-meeting", "coe:annual-meeting"),
        ("https://rm.coe.int/16806f1234", "rm:16806f1234"),
        ("http://rm.coe.int/native/16806F1234", "rm:16806f1234"),
        ("https://rm.coe.int/report-on-cities/16806f1234", "rm:16806f1234"),
        ("https://rm.coe.int/09000016806f1234", "rm:16806f1234"),
        (
            "https://rm.coe.int/CoERMPublicCommonSearchServices/DisplayDCTMContent?documentId=09000016806f1234",
            "rm:16806f1234",
        ),
        ("https://www.covid-congress-hub.org/en/partner/8-cites-interculturelles.html", "hub:partner/8"),
        ("http://covid-congress-hub.org/fr/ressource/12-x.html?from=home", "hub:ressource/12"),
        ("https://www.covid-congress-hub.org/en/initiative/31.html", "hub:initiative/31"),
        ("https://participa.city.example/es/web/guest/w/l%C3%B3pez-asegura", "participa.city.example:lópez-asegura"),
    ],
)
def test_an_item_has_one_key(url: str, key: str) -> None:
    assert parse_address(url).item_key == key


def test_an_article_in_an_old_shape_is_the_same_page() -> None:
    old = parse_address(f"{ICC}/newsroom/-/asset_publisher/SdoH/content/annual-meeting?x=1")
    assert old == parse_address(f"{ICC}/-/annual-meeting")


@pytest.mark.parametrize(
    ("redirect", "url"),
    [
        (
            "%2Fen%2Fweb%2Finterculturalcities%2Fgood-practice%3Fdelta%3D3%26start%3D83",
            "fr/web/interculturalcities/good-practice?delta=3&start=83",
        ),
        (
            "%252Fen%252Fweb%252Finterculturalcities%252Fgood-practice%253Fdelta%253D3",
            "fr/web/interculturalcities/good-practice?delta=3",
        ),
        ("https%3A%2F%2Fcoe.int%2Fde%2Fweb%2Finterculturalcities%2Fnewsroom", "fr/web/interculturalcities/newsroom"),
        ("/web/interculturalcities/newsroom", "fr/web/interculturalcities/newsroom"),
        (
            "/en/web/interculturalcities/newsroom?delta=10&start=3",
            "fr/web/interculturalcities/newsroom?delta=10&start=3",
        ),
        (
            "%2Fen%2Fc%2Fportal%2Fupdate_language%3FlanguageId%3Dpt_PT%26redirect%3D%252Fen%252Fweb%252Fx%252Fnewsroom",
            "pt/web/x/newsroom",
        ),
    ],
)
def test_a_language_switch_is_its_target_in_that_language(redirect: str, url: str) -> None:
    found = parse_address(SWITCH + redirect)
    assert found.url == f"https://www.coe.int/{url}"
    assert found.locale == url[:2]
    assert found.is_trap
    assert not parse_address(found.url).is_trap


@pytest.mark.parametrize(
    "redirect", ["https%3A%2F%2Fevil.example%2Fen%2Fweb%2Fx", "%2F%2Fevil.example%2Fx", "javascript%3Aalert(1)", ""]
)
def test_a_language_switch_to_another_site_is_not_followed(redirect: str) -> None:
    found = parse_address(SWITCH + redirect)
    assert found.url.startswith("https://www.coe.int/en/c/portal/update_language")
    assert (found.shape, found.item_key, found.is_trap) == ("other", None, True)


def test_legacy_paths_ignore_case_and_print_views() -> None:
    plain = parse_address("https://www.coe.int/t/dg4/cultureheritage/culture/cities/events_en.asp")
    printed = parse_address("http://www.coe.int/T/DG4/CultureHeritage/culture/Cities/Events_EN.asp?toPrint=yes&")
    assert plain == printed
    assert (plain.is_trap, printed.is_trap) == (False, True)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.coe.int/en/c/portal/login?p_l_id=1",
        "https://www.coe.int/c/portal/logout",
        f"{ICC}/newsroom?p_p_id=101&p_p_state=pop_up",
        f"{ICC}/newsroom?p_p_lifecycle=1",
        f"{ICC}/newsroom/-/asset_publisher/a/content/slug/pop_up?_101_viewMode=print",
        f"{ICC}/newsroom/-/asset_publisher/a/content/slug?_101_INSTANCE_a_viewMode=print",
        "https://castle.example/es/c/portal/update_language?languageId=en_GB&redirect=%2Fes%2Fweb%2Fguest",
        "mailto:someone@example.org",
        "javascript:void(0)",
    ],
)
def test_traps(url: str) -> None:
    assert parse_address(url).is_trap


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "mailto:a@b.example",
        "javascript:void(0)",
        "http://[::1",
        "http://",
        "https://a b.example/",
        "ftp://x.example/",
        "http://x.example:99999/",
        "http://\ud800.example/",
        "newsroom?start=2",
        "http:///path",
        "http://x.example/" + "a" * 9000,
    ],
)
def test_what_is_no_address_of_a_page_is_invalid(url: str) -> None:
    found = parse_address(url)
    assert (found.shape, found.item_key, found.url) == ("invalid", None, url.strip())
    assert clean_address(url) is None


def test_relative_addresses_need_their_base() -> None:
    assert parse_address("?delta=10&start=2", f"{ICC}/newsroom?delta=10").url == f"{ICC}/newsroom?delta=10&start=2"
    assert parse_address("/fr/web/interculturalcities/-/x", f"{ICC}/newsroom").item_key == "coe:x"
    assert parse_address("//rm.coe.int/16806f1234", ICC).item_key == "rm:16806f1234"


def test_hosts_are_not_mistaken() -> None:
    for url in (
        "https://www.coe.int@evil.example/en/web/interculturalcities/-/x",
        "https://www.coe.int.evil.example/en/web/interculturalcities/-/x",
        "https://www.coe.int:8443/en/web/interculturalcities/-/x",
        "https://web.archive.org/web/2020/https://www.coe.int/en/web/interculturalcities/-/x",
    ):
        found = parse_address(url)
        assert found.host != "www.coe.int"
        assert not (found.item_key or "").startswith("coe:")


def test_dots_in_a_path_never_reach_the_host() -> None:
    found = parse_address("https://www.coe.int/../../.evil.example/%2e%2e/../x")
    assert found.host == "www.coe.int"
    assert parse_address("https://www.coe.int/..evil.example").host == "www.coe.int"
    assert parse_address("https://www.coe.int/../evil").url == "https://www.coe.int/evil"


def test_other_sites_keep_what_may_matter() -> None:
    url = "http://city.example/Agenda/?id=7&start=2024-05-01&utm_campaign=x&redirect=no"
    found = parse_address(url)
    assert found.url == "http://city.example/Agenda/?id=7&redirect=no&start=2024-05-01"
    assert (
        found.page_key == parse_address("https://www.city.example/Agenda/?start=2024-05-01&redirect=no&id=7").page_key
    )
    assert parse_address("https://forge.example/group/project/-/issues").item_key is None


def test_the_clean_address_keeps_the_shape_the_site_gave() -> None:
    url = f"{ICC}/newsroom/-/asset_publisher/SdoH/content/annual-meeting;jsessionid=1?utm_source=x"
    assert clean_address(url) == f"{ICC}/newsroom/-/asset_publisher/SdoH/content/annual-meeting"
