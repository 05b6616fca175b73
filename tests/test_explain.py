from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from lockership import Address, Decision, Kind, Parcel, Refusal, Remedy, Route, Trait, route_parcel
from lockership.explain import (
    LANGUAGES,
    explain,
    headline,
    kind_name,
    refusal_text,
    remedy_text,
    what_if_text,
)
from lockership.rules import By
from lockership.testing import decisions
from lockership.testing.places import NAMES
from lockership.words import CHANNELS, Note, RefusalCode, RemedyCode

if TYPE_CHECKING:
    from collections.abc import Iterator

RAW = {
    str(word) for word in (*Kind, *Trait, *RefusalCode, *RemedyCode, *Note) if "_" in word or "." in word
} | {"access_point_id", "location_id", "facility_id", "returned_to_", "{", "}", "None"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")

DECISION = route_parcel(
    Address(company="UPS Access Point - CVS 8421", street1="1250 W Sunset Blvd"),
    "ups",
    Parcel.of("14x10x6 in", "45 lb"),
)


def every_refusal() -> Iterator[Refusal]:
    """Give one refusal of each code, and of each trait."""
    for code in RefusalCode:
        if code is RefusalCode.TRAIT_REFUSED:
            yield from (Refusal(code, By.HOUSE, trait=trait) for trait in Trait)
        else:
            yield Refusal(code, By.NETWORK, "45 lb", "under 44 lb")


def every_remedy() -> Iterator[Remedy]:
    """Give one remedy of each code, and of each channel."""
    for code in RemedyCode:
        if code is RemedyCode.CHOOSE_OTHER_POINT:
            yield from (Remedy(code, channel=kind) for kind in CHANNELS)
        else:
            yield Remedy(code, carrier="usps" if code is RemedyCode.USE_CARRIER else None)


def check(text: str, language: str) -> None:
    """Hold that a text is in its language and shows no code."""
    assert text.strip()
    assert not {raw for raw in RAW if raw in text}, text
    if language == "zh":
        assert CHINESE.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_its_words_in_every_language(language: str) -> None:
    """Kinds, refusals and remedies are said in words of their own; a raw code never reaches a worker."""
    kinds = [kind_name(kind, language) for kind in Kind]
    refusals = [refusal_text(refusal, DECISION, language) for refusal in every_refusal()]
    remedies = [remedy_text(remedy, language) for remedy in every_remedy()]
    for texts in (kinds, refusals, remedies):
        assert len(set(texts)) == len(texts)
        for text in texts:
            check(text, "en" if texts is kinds else language)


@given(decisions())
@settings(max_examples=300)
def test_an_explanation_says_all_and_shows_no_code(decision: Decision) -> None:
    """Every refusal and every remedy is in the explanation, in every language, and no raw code."""
    for language in LANGUAGES:
        text = explain(decision, language)
        check(text, language)
        assert headline(decision, language) in text
        for refusal in decision.refusals:
            assert refusal_text(refusal, decision, language) in text
        for remedy in decision.remedies:
            assert remedy_text(remedy, language) in text


@given(decisions())
@settings(max_examples=300)
def test_an_explanation_names_no_person(decision: Decision) -> None:
    """An explanation can be logged and shown: it holds nobody's name."""
    assert not [name for name in NAMES if name in "".join(explain(decision, x) for x in LANGUAGES)]


@given(decisions())
def test_languages_say_the_same(decision: Decision) -> None:
    """Whatever figures the English text has, the Chinese and the Spanish one have too."""
    figures = [sorted(re.findall(r"\d[\d.]*", explain(decision, language))) for language in LANGUAGES]
    assert all(each == figures[0] for each in figures)


@given(decisions())
def test_what_a_parcel_is_worth_is_not_told_on_paper(decision: Decision) -> None:
    """``value=False`` is for labels that anybody can read."""
    refused = [r for r in decision.refusals if r.code is RefusalCode.VALUE_OVER]
    for language in LANGUAGES:
        paper = headline(decision, language, value=False)
        assert not [r for r in refused if str(r.measured) in paper or str(r.limit) in paper]
        if decision.what_if is not None:
            assert "USD" not in what_if_text(decision.what_if, language, value=False)


def test_a_review_says_stop() -> None:
    """The worker reads first what to do: stop, and why."""
    assert DECISION.route is Route.REVIEW
    english = DECISION.explain()
    assert english.startswith("Stop, do not ship")
    assert "45 lb" in english
    assert "44 lb" in english
    assert DECISION.explain("zh").startswith("暂停，不要发货")


def test_a_review_that_nothing_helps_says_so() -> None:
    """Where no remedy helps, the worker is sent to a person."""
    there = Address(street1="PSC 802 Box 74", city="APO", state="AE", zip="09499")
    decision = route_parcel(there, "usps", Parcel.of("10x10x10 in", "200 lb"))
    assert (decision.route, decision.remedies) == (Route.REVIEW, ())
    assert "ask the person in charge" in decision.explain()


def test_a_language_that_is_not_spoken_is_refused() -> None:
    """The error names those that are."""
    with pytest.raises(ValueError, match="'fr' is not one of en, zh, es"):
        DECISION.explain("fr")
    with pytest.raises(ValueError, match="'EN'"):
        kind_name("street", "EN")
