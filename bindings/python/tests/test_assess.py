"""Records and assessments."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import shockpath
from conftest import DATA, RECORD

KST = timezone(timedelta(hours=9))


def test_a_record_is_a_text_a_mapping_or_a_path(library: shockpath.Library, tmp_path: Path) -> None:
    entries = [
        {"at": datetime(2026, 3, 1, 8, 10, tzinfo=KST), "observe": {"lactate": "5.2 mmol/L", "sbp": "82 mm[Hg]"}},
    ]
    path = tmp_path / "record.yaml"
    path.write_text(RECORD, encoding="utf-8")
    for given in (RECORD, path, str(path), {"id": "made-up", "entries": entries}):
        record = library.record(given)
        assert record.id == "made-up"
        assert not record.issues
    record = library.record(RECORD)
    assert record.last_instant == datetime(2026, 3, 1, 9, 30, tzinfo=KST)
    assert len(record.instants) == 3
    assert len(record) == 5
    with pytest.raises(shockpath.RecordError, match="no such file or folder"):
        library.record(tmp_path / "nothing.yaml")
    with pytest.raises(TypeError, match="a text, a mapping or a path"):
        library.record(3)  # type: ignore[arg-type]


def test_an_assessment_is_what_the_wire_says(library: shockpath.Library, rupture: shockpath.Record) -> None:
    assessment = library.assess(rupture)
    text = (DATA / "papillary-muscle-rupture.yaml").read_text(encoding="utf-8")
    call = {"op": "assess", "record": {"name": "record", "text": text}}
    assert library.run_json(json.dumps(call)) == '{"ok":' + assessment.to_json() + "}"


def test_an_assessment_hands_out_objects(library: shockpath.Library, rupture: shockpath.Record) -> None:
    assessment = library.assess(rupture)
    stage = assessment["scai-stage"]["stage"]
    assert isinstance(stage, shockpath.Classification)
    assert stage.level == "E" and stage.possible == ("E",)
    assert repr(stage) == "<Classification scai-stage/stage: E>"
    first = assessment.recommended[0]
    assert first.urgency == "emergent" and first.asks
    assert repr(first) == f"<Recommendation {first.protocol}/{first.id}: {first.status}>"
    assert first.trace is not None
    charted = [step for step in first.trace.walk() if step.at is not None]
    cited = [step for step in first.trace.walk() if step.citation is not None]
    assert charted or cited
    assert assessment.missing[0].decides
    assert {item.status for item in assessment.monitoring} <= {"recommended", "done", "undetermined", "not_indicated", "declined", "blocked"}
    assert all(score.min <= score.max for score in assessment.scores)
    assert "scai-stage" in assessment and "nothing" not in assessment
    assert len(assessment) == len(assessment.protocols) == len(list(assessment))
    with pytest.raises(KeyError):
        assessment["nothing"]
    assert str(assessment).startswith("papillary-muscle-rupture  2021-01-01T09:00:00Z")
    html = assessment._repr_html_()
    assert html.startswith("<section") and "SCAI SHOCK stage" in html and "<script" not in html


def test_text_and_html_are_escaped(library: shockpath.Library) -> None:
    record = RECORD.replace("made-up", '"<script>alert(1)</script>"')
    assert "<script>" not in library.assess(record, "scai-stage")._repr_html_()


def test_at_is_an_instant(library: shockpath.Library) -> None:
    early = library.assess(RECORD, "scai-stage", at=datetime(2026, 3, 1, 8, 10, tzinfo=KST))
    assert early.at == datetime(2026, 3, 1, 8, 10, tzinfo=KST)
    assert early.to_json() == library.assess(RECORD, "scai-stage", at="2026-02-28T23:10:00Z").to_json()
    with pytest.raises(shockpath.InstantError, match="has no offset from UTC") as caught:
        library.assess(RECORD, at=datetime(2026, 3, 1, 8, 10))
    assert isinstance(caught.value, ValueError)
    assert caught.value.diagnostics[0].code == "E401"
    with pytest.raises(shockpath.InstantError, match="is not an instant"):
        library.assess(RECORD, at="tomorrow")
    with pytest.raises(TypeError, match="a datetime or a text"):
        library.assess(RECORD, at=3)  # type: ignore[arg-type]


def test_what_is_received_later_is_refused(library: shockpath.Library) -> None:
    received = datetime(2026, 3, 1, 9, 0, tzinfo=KST)
    assert [issue.code for issue in library.record(RECORD, received=received).issues] == ["E408"]
    # A record that was read already is read again.
    assert [issue.code for issue in library.assess(library.record(RECORD), received=received).issues] == ["E408"]


def test_parameters_are_tried_out(library: shockpath.Library, rupture: shockpath.Record) -> None:
    with pytest.raises(shockpath.ProtocolError):
        library.assess(rupture, "scai-stage", set={"scai-stage": {"nothing": "2 mmol/L"}})
    plain = library.assess(rupture, "scai-stage")
    other = library.assess(rupture, "scai-stage", set={"scai-stage": {"lactate_extreme": "12 mmol/L"}})
    assert plain["scai-stage"].protocol.basis != other["scai-stage"].protocol.basis
    assert plain["scai-stage"].protocol.hash == other["scai-stage"].protocol.hash


def test_a_site_and_korean(library: shockpath.Library, rupture: shockpath.Record) -> None:
    korean = library.assess(rupture, language="ko")
    assert korean.language == "ko"
    assert "권고" in korean.to_text() and "권고" in korean._repr_html_()
    assert korean["scai-stage"].protocol.title == "SCAI 쇼크 단계(2022년 개정)"
    site = library.assess(rupture, site=DATA / "site-example.yaml")
    assert site["scai-stage"].protocol.basis != korean["scai-stage"].protocol.basis
    with pytest.raises(shockpath.ProtocolError):
        library.assess(rupture, site="language: xx\n")


def test_a_record_of_one_library_is_read_by_another(library: shockpath.Library, rupture: shockpath.Record) -> None:
    other = library.with_documents({})
    assert other.assess(rupture).to_json() == library.assess(rupture).to_json()


def test_a_record_that_is_none(library: shockpath.Library) -> None:
    for wrong in ("- 1\n", "a: [\n", ""):
        with pytest.raises(shockpath.RecordError) as caught:
            library.record(wrong)
        assert caught.value.diagnostics
    with pytest.raises(shockpath.RecordError, match="no entry that can be used"):
        library.assess("id: a\nentries: []\n")


def test_nothing_of_a_patient_gets_into_a_log(library: shockpath.Library, caplog: pytest.LogCaptureFixture) -> None:
    secret = "id: p1\nnote: Kim Chul-su\nentries:\n  - {at: 2026-03-01T08:00:00+09:00, observe: {lactate: 4.44 mmol/L}} # Kim\n"
    record = library.record(secret)
    assessment = library.assess(record)
    with caplog.at_level(logging.INFO):
        logging.getLogger().info("%r %r %r", record, assessment, assessment["scai-stage"])
        logging.getLogger().info("%r", assessment.recommendations)
        try:
            library.record(secret + "unknown: [\n")
        except shockpath.RecordError as error:
            logging.getLogger().exception("failed")
            assert "Kim" in error.rendered or "unknown" in error.rendered
    for word in ("Kim", "4.44", "mmol"):
        assert word not in caplog.text
    assert repr(record) == "<Record 'p1': 1 entries, 0 issues>"


@pytest.mark.parametrize(
    "text",
    [
        "entries: " + "[" * 5000,
        "a: &a [*a]\n",
        "entries: [{at: 2026-03-01T08:00:00Z, observe: {lactate: .nan}}]\n",
        "\x00",
        "\ufeff",
        "id: \ud7ff\nentries: []\n",
        "{" * 100_000,
        '{"op": 1e999}',
    ],
)
def test_hostile_texts_end_in_a_message(library: shockpath.Library, text: str) -> None:
    try:
        library.assess(library.record(text))
    except shockpath.ShockpathError as error:
        assert error.diagnostics
    assert library.run_json(text).startswith('{"error":')


def test_lone_surrogates_are_refused_by_python(library: shockpath.Library) -> None:
    with pytest.raises(UnicodeEncodeError):
        library.record("id: \ud800\nentries: []\n")
