"""Libraries: what is embedded, what is laid over it, what is wrong with documents."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import shockpath
from conftest import ROOT

PROTOCOL = (ROOT / "protocols/scai-stage/2.0.0.yaml").read_text(encoding="utf-8")


def test_the_embedded_library_is_the_checkout(library: shockpath.Library) -> None:
    ids = {held.id for held in library.protocols()}
    assert ids == {path.parent.name for path in (ROOT / "protocols").glob("*/*.*.*.yaml")}
    assert len(shockpath.Library.load(ROOT / "protocols").protocols()) == len(library.protocols())
    assert repr(library) == f"<Library of {len(ids)} protocols>"


def test_a_folder_of_one_protocol_is_laid_over_what_is_embedded(tmp_path: Path, library: shockpath.Library) -> None:
    (tmp_path / "scai-stage").mkdir()
    newer = PROTOCOL.replace("version: 2.0.0", "version: 2.1.0")
    (tmp_path / "scai-stage/2.1.0.yaml").write_text(newer, encoding="utf-8")
    laid = shockpath.Library.load(tmp_path)
    versions = {held.version for held in laid.protocols() if held.id == "scai-stage"}
    assert versions == {"1.0.0", "2.0.0", "2.1.0"}
    assert laid.show("scai-stage").version == "2.1.0"
    assert library.show("scai-stage").version == "2.0.0"


def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(shockpath.ProtocolError, match="no such file or folder"):
        shockpath.Library.load(tmp_path / "nothing")
    with pytest.raises(shockpath.ProtocolError, match="holds no documents"):
        shockpath.Library.load(tmp_path)
    (tmp_path / "1.0.0.yaml").write_bytes(b"id: \xff")
    with pytest.raises(shockpath.ProtocolError, match="not UTF-8"):
        shockpath.Library.load(tmp_path)


def test_documents_make_another_library(library: shockpath.Library) -> None:
    newer = PROTOCOL.replace("version: 2.0.0", "version: 2.9.0")
    other = library.with_documents({"newer.yaml": newer})
    assert other.show("scai-stage").version == "2.9.0"
    assert library.show("scai-stage").version == "2.0.0"


def test_errors_carry_every_diagnostic(library: shockpath.Library) -> None:
    broken = PROTOCOL.replace("version: 2.0.0", "version: 2.9.0").replace("lactate >=", "lactat >=")
    with pytest.raises(shockpath.ProtocolError) as caught:
        library.with_documents({"broken.yaml": broken})
    error = caught.value
    first = error.diagnostics[0]
    assert first.code == "E201" and first.severity == "error" and first.is_error
    assert first.message == "unknown concept `lactat`"
    assert first.help is not None and "lactate" in first.help
    assert first.file == "broken.yaml"
    line = broken.splitlines()[(first.line or 0) - 1]
    assert line[(first.column or 0) - 1 :].startswith("lactat ")
    # What is printed has the line and its mark, without colors.
    assert str(error).startswith("error[E201]: unknown concept `lactat`")
    assert "^^^^^^" in str(error) and "\x1b" not in str(error)
    assert isinstance(error, shockpath.ShockpathError)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error) and again.diagnostics == error.diagnostics


def test_check_reads_mappings_files_and_folders(library: shockpath.Library, tmp_path: Path) -> None:
    assert not library.check({"scai.yaml": PROTOCOL}).errors
    path = tmp_path / "record.yaml"
    path.write_text("entries:\n  - {at: 2026-03-01T08:00:00, observe: {lactate: 2 mmol/L}}\n", encoding="utf-8")
    for found in (library.check(path), library.check([path]), library.check(tmp_path)):
        assert [held.code for held in found] == ["E401"]
        assert found[0].place == shockpath.Place(str(path), 2, 10, 2, 29)
        assert "has no offset from UTC" in str(found)
        assert repr(found) == "<Found: 1 errors, 0 others>"


def test_a_protocol_is_shown(library: shockpath.Library) -> None:
    shown = library.show("scai-stage@2.0.0")
    assert (shown.id, shown.version) == ("scai-stage", "2.0.0")
    assert shown.parameters and all(isinstance(value, str) for value in shown.parameters.values())
    assert shown.to_dict()["title"] == shown.title
    assert repr(shown) == f"<Protocol scai-stage@2.0.0: {shown.title}>"
    page = shown.to_html()
    assert page.startswith("<!DOCTYPE html>") and "<script" not in page
    assert shown._repr_html_().startswith("<iframe sandbox") and "<html" not in shown._repr_html_()
    assert library.show("scai-stage", language="ko").title == "SCAI 쇼크 단계(2022년 개정)"
    with pytest.raises(shockpath.ProtocolError, match="unknown protocol"):
        library.show("scai-stag")


def test_cases_run(library: shockpath.Library) -> None:
    report = library.test("scai-stage")
    assert report.passed and report.to_dict()["cases"]
    assert "0 errors" in repr(report)


def test_codes_and_schemas() -> None:
    explained = shockpath.explain("E204")
    assert explained.code == "E204" and str(explained).startswith("E204: ")
    with pytest.raises(shockpath.ShockpathError, match="unknown code"):
        shockpath.explain("E999")
    assert shockpath.schema("record")["type"] == "object"
    with pytest.raises(shockpath.ShockpathError, match="no schema of"):
        shockpath.schema("nothing")
    with pytest.raises(shockpath.ShockpathError, match="unknown language"):
        shockpath.show("scai-stage", language="de")  # type: ignore[arg-type]
