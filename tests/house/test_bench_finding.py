"""What docs/search.md says of terms holds of two issues as it does of three hundred."""

from pathlib import Path

from finding import changed, compared, ours


def test_pairs_find_everything_and_words_do_not(repository: Path) -> None:
    sample = (repository / "source" / "2026-11-23" / "issue.xml").read_text(encoding="utf-8")
    xmls = [changed(sample, number) for number in range(2)]
    assert xmls[0] != xmls[1] != sample
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in compared(xmls, 5) if row[0] == "|"]
    recall = {row[0]: [float(cell) for cell in row[1:4]] for row in rows[2:]}
    precision = {row[0]: float(row[4]) for row in rows[2:]}
    assert recall["pairs"] == recall["trigram"] == [1, 1, 1]
    assert precision["pairs"] == 1
    assert max(recall["words (jieba)"]) < 1
    told = list(ours(xmls, b"", 2))
    assert told[0].startswith("new: 2 issues, 80 pieces")
    assert len(told) == 3 + 1 + 8
