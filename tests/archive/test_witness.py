"""Words of the XML sought in what an extractor read."""

from __future__ import annotations

from issue_publisher.archive.passages import Passage, Said
from issue_publisher.archive.witness import Evidence, Reading, witness

FIRST = "今天清晨六时整，一声汽笛划过江面，停航四个月的码头重新开航。"
SECOND = "头班船载着四十名乘客驶向对岸，船长老周把速度压得很低。"
THIRD = "码头上的人站到船影看不见才散，有人说这一冬总算有了声响。"


def p(words: str, item: str = "ferry", kind: str = "p", **more: object) -> Passage:
    return Passage(item, 1, kind, words, running=kind == "p", **more)  # type: ignore[arg-type]


ISSUE = Said((p("晨渡复航", kind="headline"), p(FIRST), p(SECOND), p(THIRD)), (), ())
WHOLE = f"晨渡复航\r\n{FIRST}{SECOND}{THIRD}"


def heard(*pages: str, said: Said = ISSUE, is_print: bool = True, **more: str) -> Evidence:
    return witness(said, Reading("test", pages, **more), is_print=is_print)


def clean(testimony: Evidence) -> bool:
    return not (testimony.losses or testimony.moved or testimony.added or testimony.left_out)


def test_all_of_it_is_found_whatever_the_lines() -> None:
    assert clean(heard(WHOLE))
    assert clean(heard("\r\n".join(WHOLE)))
    assert heard(WHOLE).passages == 4


def test_a_lost_paragraph_is_named_with_the_page_of_its_article() -> None:
    [loss] = heard("", WHOLE.replace(SECOND, "")).losses
    assert (loss.passage.words, loss.page) == (SECOND, 2)
    assert loss.wanted.startswith(SECOND[:5])


def test_one_character_is_enough() -> None:
    [loss] = heard(WHOLE.replace("四十名", "四百名")).losses
    assert loss.passage.words == SECOND
    assert "四十名" in loss.wanted
    assert "四百名" in loss.found


def test_words_of_a_paragraph_stand_in_their_order() -> None:
    turned = SECOND[13:] + SECOND[:13]
    assert [loss.passage.words for loss in heard(WHOLE.replace(SECOND, turned)).losses] == [SECOND]


def test_a_character_too_many_is_no_line_end() -> None:
    assert [loss.passage.words for loss in heard(WHOLE.replace("重新开航", "重新不开航")).losses] == [FIRST]


def test_a_paragraph_is_not_put_together_from_the_words_of_others() -> None:
    told = Said((*ISSUE.passages, p("汽笛划过江面，船影看不见。", item="b")), (), ())
    [loss] = heard(WHOLE + "\r\n汽笛划过\r\n江面，船影看不清。", said=told).losses
    assert loss.passage.item == "b"
    [loss] = heard(f"晨渡复航\r\n{SECOND}{THIRD}\r\n今天清晨六时整，有雨。一声汽笛。停航", said=ISSUE).losses
    assert loss.passage.words == FIRST


def test_what_is_said_twice_must_be_there_twice() -> None:
    twice = Said((*ISSUE.passages, p(FIRST, item="again")), (), ())
    assert [loss.passage.words for loss in heard(WHOLE, said=twice).losses] == [FIRST]
    assert clean(heard(WHOLE, FIRST, said=twice))


def test_a_line_of_a_longer_text_does_not_stand_for_a_short_one() -> None:
    short = Said((*ISSUE.passages, p("老周", item="list")), (), ())
    assert [loss.passage.words for loss in heard(WHOLE, said=short).losses] == ["老周"]


def test_jumps_captions_and_notes_may_stand_in_between() -> None:
    parted = f"晨渡复航\r\n{FIRST}{SECOND[:14]}\r\n（下转第3版）\r\n{THIRD}"
    assert clean(heard(parted, f"晨渡复航\r\n（上接第1版）\r\n{SECOND[14:]}"))
    captioned = Said((*ISSUE.passages, p("江面今晨的样子。", kind="caption")), (), ())
    assert clean(
        heard(WHOLE.replace(SECOND, f"{SECOND[:14]}\r\n江面今晨的样子。\r\n{SECOND[14:]}"), said=captioned)
    )


def test_a_rest_may_stand_on_an_earlier_page_but_not_before_its_own_beginning() -> None:
    assert clean(heard(f"（上接第2版）\r\n{THIRD[12:]}", WHOLE.replace(THIRD, THIRD[:12])))


def test_hyphens_of_lines_are_no_words() -> None:
    said = Said((p("characterisationofsuperalloyscontinues"),), (), ())
    assert clean(heard("character\ufffe\r\nisation of superalloys con-\ntinues", said=said))


def test_paragraphs_that_changed_places_are_told() -> None:
    swapped = WHOLE.replace(SECOND, "\0").replace(THIRD, SECOND).replace("\0", THIRD)
    [moved] = heard(swapped).moved
    assert moved.passage.words == THIRD


def test_words_that_nobody_wrote_are_told() -> None:
    testimony = heard(WHOLE + "本报今起停刊")
    assert [words for _, words in testimony.added] == ["本报今起停刊"]
    assert not heard(WHOLE + "第2版 2026 （下转第2版） 晨渡复航").added


def test_the_first_words_of_a_passage_cut_short_are_its_own_whatever_marks_are_among_them() -> None:
    said = Said((p("图为渡口“水运＋公路”的新码头，昨天启用。", kind="caption"),), (), ())
    whole = "图为渡口“水运＋公路”的新码头，昨天启用。"
    assert not heard(whole + "图为渡口“水运＋公路”的…", said=said).added
    assert heard(whole + "图为渡口“水运＋铁路”的…", said=said).added


def test_optional_matter_and_shorter_headlines_are_print_s_alone() -> None:
    said = Said(
        (p("晨渡复航", kind="headline", instead=("复航",)), p(FIRST), p(SECOND, optional=True)), (), ()
    )
    pages = f"复航{FIRST}"
    assert not heard(pages, said=said).losses
    assert {one.passage.words for one in heard(pages, said=said).left_out} == {SECOND, "晨渡复航"}
    assert len(heard(pages, said=said, is_print=False).losses) == 2


def test_print_may_name_the_page_that_a_piece_came_to() -> None:
    said = Said((p(FIRST), p("见2版", kind="p", item="", repaged="见第?[0-9]+版")), (), ())
    assert clean(heard(f"{FIRST}见7版", said=said))
    assert heard(f"{FIRST}见7版", said=said, is_print=False).losses


def test_a_headline_in_the_contents_is_not_that_of_the_article() -> None:
    assert clean(heard("目录晨渡复航", WHOLE, is_print=False))
    [loss] = heard("目录晨渡复航", WHOLE.removeprefix("晨渡复航"), is_print=False).losses
    assert loss.passage.kind == "headline"


def test_a_summary_on_the_opening_page_is_not_the_deck_either() -> None:
    deck = "停航四个月之后，江上重新有了汽笛声，岸上重新有了等船的人，冬天就算过去了一半。"
    said = Said((p(deck, kind="deck"), *ISSUE.passages), (), ())
    assert clean(heard(f"目录{deck}", deck + WHOLE, said=said, is_print=False))
    [loss] = heard(f"目录{deck}", WHOLE, said=said, is_print=False).losses
    assert loss.passage.kind == "deck"


def test_readings_are_sought_beside_the_words() -> None:
    said = Said(ISSUE.passages, (p("dù", kind="ruby reading="),), ())
    assert heard(WHOLE, said=said).losses
    assert clean(heard(WHOLE, said=said, beside="chén dù"))
