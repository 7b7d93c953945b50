"""What is wrong with a protocol that somebody is writing: every problem at once, as text and as objects."""

import shockpath

DRAFT = """\
shockpath: 1
id: my-protocol
version: 1.0.0
status: draft
effective: {from: 2026-01-01}
title: {en: A draft, ko: 초안}
sources:
  local-2026: {citation: Local practice}
parameters:
  lactate_high: {value: 2 mg, source: local-2026, verified: recalled, title: {en: High lactate, ko: 높은 젖산}}
recommend:
  call:
    title: {en: Call the shock team, ko: 쇼크팀 호출}
    when: lactat > lactate_high
    action: consult
    of: [treating_team]
    urgency: urgent
    strength: none
    sources: [local-2026]
    because: {en: Lactate is high., ko: 젖산이 높습니다.}
"""

found = shockpath.check({"draft.yaml": DRAFT})
print(found)
for problem in found.errors:
    print(problem.code, problem.line, problem.column, problem.message, problem.help or "", sep=" | ")

# What cannot be used is an exception that carries the same.
try:
    shockpath.Library().with_documents({"draft.yaml": DRAFT})
except shockpath.ProtocolError as error:
    codes = sorted({problem.code for problem in error.diagnostics})
    print("refused:", ", ".join(codes))
    print(shockpath.explain(codes[0]))
