#!/usr/bin/env bash
# SQLite 3.40.1: quick_check finds a NULL in a sound table without rowids.
#
# In a table WITHOUT ROWID whose primary key names the columns in another order than the table does, every column is NOT NULL and
# every row has all values. Expected: "PRAGMA quick_check" says "ok", as "PRAGMA integrity_check" does. Seen: "NULL value in t.a",
# so that a program which throws damaged files away throws sound ones away. 3.41.0 says "ok". Debian 12 has 3.40.1.
#
# Needs a python3 of at most 3.11 with venv, for which there is a wheel of that SQLite. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.40.1.0
"$work/venv/bin/python" - <<'PYTHON'
import apsw

connection = apsw.Connection(":memory:")
connection.execute("CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, PRIMARY KEY (b, a)) WITHOUT ROWID")
connection.execute("INSERT INTO t VALUES (1, 'x')")
quick, whole = (connection.execute(f"PRAGMA {name}_check").fetchall() for name in ("quick", "integrity"))
print(f"SQLite {apsw.sqlitelibversion()}: quick_check says {quick}, integrity_check says {whole}")
raise SystemExit((quick, whole) != ([("NULL value in t.a",)], [("ok",)]))
PYTHON
