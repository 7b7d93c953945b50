"""The five rules of the made-up cohort against queries that share nothing with the engine.

The example `cohort` writes the cohort and what the engine makes of it; DuckDB judges the same cohort by SQL. Every
opportunity must be the same: when it opened, what became of it, and when it was done.
"""

import os
import subprocess
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENTS = 10_000

COHORT = ROOT / "tests/cohort"
RULES = {path.stem: path.read_text() for path in sorted(COHORT.glob("*.sql")) if path.stem != "tables"}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("cohort")
    # Of the whole workspace, as the tests in Rust are built: so it is not built a second time.
    build = ["cargo", "build", "--locked", "--quiet", "--workspace", "--example", "cohort"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    subprocess.run([target / "debug/examples/cohort", folder, str(PATIENTS)], check=True)
    connection = duckdb.connect()
    connection.execute(f"set variable folder = '{folder}'")
    connection.execute((COHORT / "tables.sql").read_text())
    types = "types = {'opened': 'bigint', 'done': 'bigint'}"
    connection.execute(f"create table engine as select * from read_csv('{folder}/opportunities.csv', {types})")
    return connection


@pytest.mark.parametrize("rule", RULES)
def test_every_opportunity_is_what_a_query_makes_of_it(cohort: duckdb.DuckDBPyConnection, rule: str) -> None:
    ours = cohort.execute(
        "select status, count(*) from engine where rule = ? group by all order by all", [rule]
    ).fetchall()
    theirs = cohort.execute(f"select status, count(*) from ({RULES[rule]}) group by all order by all").fetchall()
    assert ours == theirs
    assert len(ours) >= 4, "a rule that reaches few statuses compares little"
    columns = "patient, opened, status, done"
    missing = cohort.execute(
        f"(select {columns} from engine where rule = ? except select {columns} from ({RULES[rule]})) order by all limit 5",
        [rule],
    ).fetchall()
    assert missing == []
