"""Documents that cannot be read: said with what would be right, exit code 2, no traceback."""

from __future__ import annotations

import zipfile
from pathlib import Path

import paperwork
import pytest
from paths import ROOT
from working_folder import run_cli

from sim import packed
from sim.drafting.draft import draft
from sim.drafting.lexicon import Lexicon
from sim.drafting.readers import read_document
from sim.errors import PlanError


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "holds 0 bytes"),
        ("words.txt", "加强公共卫生体系建设。".encode(), "holds no number"),
        ("old.doc", b"x", "save a .doc as .docx"),
        ("broken.docx", b"no zip", "is no .docx file, or damaged"),
        ("broken.xlsx", b"no zip", "is no .xlsx file, or damaged"),
        ("broken.pdf", b"no pdf", "is no PDF file, or damaged"),
        ("bytes.txt", bytes(range(128, 256)) * 9, "is not text in UTF-8, UTF-16 or GBK"),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    outcome = run_cli("plan", "draft", path, "--out", tmp_path / "review.xlsx", cwd=ROOT)
    assert outcome.code == 2
    assert said in outcome.err
    assert "Traceback" not in outcome.err
    assert not (tmp_path / "review.xlsx").exists()


def test_a_file_that_is_not_there() -> None:
    outcome = run_cli("plan", "draft", "nowhere.txt", cwd=ROOT)
    assert outcome.code == 2
    assert "nowhere.txt | is no file" in outcome.err


@pytest.mark.slow
def test_a_scan_is_told_page_by_page(tmp_path: Path, lexicon: Lexicon) -> None:
    document = read_document(paperwork.as_pdf(tmp_path / "half.pdf", scan=True))
    assert [(place, en) for place, _, en in document.unread] == [
        ("p.2", "no text on this page (a scan), not read")
    ]
    assert draft(document, lexicon).proposals


def test_a_document_of_scans_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(paperwork.pdf_of(["0.5 g 40 40 500 700 re f"] * 2))
    with pytest.raises(PlanError, match=r"holds no text \(p.1, p.2: pictures\).*OCR"):
        read_document(path)


def test_a_document_without_a_period_asks_for_it(tmp_path: Path, lexicon: Lexicon) -> None:
    path = paperwork.as_text(tmp_path / "plan.txt", text=["卫生规划", "每千人口床位数达到7张。"])
    with pytest.raises(PlanError, match=r"says no period.*--period"):
        draft(read_document(path), lexicon)
    out = tmp_path / "r.xlsx"
    assert run_cli("plan", "draft", path, "--period", "2026-2030", "--out", out, cwd=ROOT).code == 0
    wrong = run_cli("plan", "draft", path, "--period", "2030-2026", "--out", tmp_path / "s.xlsx", cwd=ROOT)
    assert wrong.code == 2
    assert "is no span of years" in wrong.err


@pytest.fixture(scope="module", params=["xl/worksheets/sheet1.xml", "xl/media/image1.bmp"])
def swollen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A workbook of half a megabyte or less, one part of which unpacks to more than is taken; its MB."""
    part: str = request.param
    path = tmp_path_factory.mktemp("swollen") / "swollen.xlsx"
    limit = packed.MOST_XML if part.endswith("xml") else packed.MOST_UNPACKED
    chunk = bytes(1_000_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        with book.open(part, "w", force_zip64=True) as file:
            for _ in range(limit // len(chunk) + 1):
                file.write(chunk)
    return path, limit // len(chunk)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("plan", "draft", "FILE"),
        ("plan", "accept", "FILE", "--name", "swollen_15fyp"),
        ("region", "new", "FILE", "--name", "云泽县", "--parent", "410500"),
        ("run", "experiments/anyang_14fyp.yaml", "--known", "FILE", "--dry-run"),
    ],
    ids=lambda c: " ".join(c[:2]),
)
def test_a_workbook_that_would_fill_the_memory_is_refused_unopened(
    swollen: tuple[Path, int], command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpacked(*_: object, **__: object) -> None:
        raise AssertionError("a part was unpacked")

    path, most = swollen
    monkeypatch.setattr(zipfile.ZipFile, "open", unpacked)
    outcome = run_cli(*(str(path) if word == "FILE" else word for word in command), cwd=ROOT)
    assert outcome.code == 2, outcome.err
    assert f"swollen.xlsx | unpacks to {most + 1:,} MB | want {most} MB at most" in outcome.err


def test_a_review_is_not_written_over(tmp_path: Path) -> None:
    path = paperwork.as_text(tmp_path / "plan.txt")
    out = tmp_path / "review.xlsx"
    out.write_text("marked by hand")
    outcome = run_cli("plan", "draft", path, "--out", out, cwd=ROOT)
    assert outcome.code == 2
    assert "exists already" in outcome.err
    assert out.read_text() == "marked by hand"
