from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockership.recognition import amazon, fedex, home, ups, usps, vocabulary
from lockership.recognition.fold import read
from lockership.recognition.phrase import Network, Phrase, any_of, compiled, first_match
from lockership.words import Confidence, Kind

from .strategies import address

NETWORKS = (home.APARTMENT_LOCKERS, amazon.AMAZON, ups.UPS, fedex.FEDEX, usps.USPS, home.PRIVATE_MAILBOXES)
PHRASES = [phrase for network in NETWORKS for phrase in network.phrases]


def test_every_vocabulary_is_asked() -> None:
    """A network that is written down and not listed in vocabulary.py would never be found."""
    assert vocabulary.NETWORKS == NETWORKS


def test_every_rule_has_a_name_of_its_own() -> None:
    """Evidence names the rule, so no two rules may share a name."""
    rules = [phrase.rule for phrase in PHRASES]
    assert len(set(rules)) == len(rules)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.rule)
def test_doubt_names_its_alternatives(phrase: Phrase) -> None:
    """Possible goes with alternatives, and a kind is no alternative to itself."""
    assert phrase.alternatives or phrase.confidence is not Confidence.POSSIBLE
    assert phrase.kind not in phrase.alternatives


def test_blanks_of_a_pattern() -> None:
    """A blank stands for one or more, an underscore for any number, across lines too when asked."""
    assert compiled("a b_c").search("a  bc")
    assert not compiled("a b").search("a|b")
    assert compiled("a b", across_lines=True).search("a|b")


def test_a_choice_of_stems_finds_what_its_parts_find() -> None:
    """Grouping by first letter changes the speed and nothing else."""
    choice = any_of(r"amaz amz u\d{8} \#")
    assert all(choice.search(text) for text in ("amz", "amazon", "u12345678", "#"))
    assert not any(choice.search(text) for text in ("am", "u1", ""))


def test_a_network_is_one_block() -> None:
    """A newcomer writes stems and phrases, and the search works."""
    phrase = Phrase("gls.shop", Kind.STREET, r"\bgls_parcel_shop\b")
    network = Network("gls", phrase)
    text = read(address(company="GLS ParcelShop"))
    found = first_match(network.likely(text.letters), text.folded)
    assert found is not None
    assert found.phrase is phrase
    assert network.likely(read(address(company="Parcel Shop")).letters) == []


@pytest.mark.parametrize(
    "phrase", [phrase for phrase in PHRASES if phrase.stems], ids=lambda phrase: phrase.rule
)
@settings(max_examples=settings().max_examples // 8)
@given(data=st.data())
def test_no_phrase_is_without_its_stems(phrase: Phrase, data: st.DataObject) -> None:
    """The cheap test lets every text pass that the pattern fits, within a line and across lines."""
    across_lines = data.draw(st.booleans())
    found = data.draw(st.from_regex(compiled(phrase.pattern, across_lines=across_lines)))
    letters = found.replace(" ", "").replace("|", "")
    assert any(stem in letters for stem in phrase.stems.split())
