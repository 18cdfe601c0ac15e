// Goal: no byte of an anchored journal can change, go or come without a finding. Method: every line of
// told journals, edited, dropped, doubled, swapped, cut and chained anew, against a commit's anchor.

import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {headOf, openJournal, sha256} from '../../../../scripts/lib/store/journal.ts'
import type {Anchor} from '../../../../scripts/lib/tools/audit/history.ts'
import {
  againstRecord,
  isAnchored,
  judgeJournal,
} from '../../../../scripts/lib/tools/audit/journal.ts'
import {frozen, productionRolledBack, stagingSuccess} from '../../run/story.ts'

const journals = suite('an anchored journal')

const stories = [stagingSuccess(), productionRolledBack(), frozen()].map((events) => {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-audit-'))
  let now = ''
  const journal = openJournal(join(folder, 'journal.jsonl'), () => new Date(now))
  for (const {v, seq, prev, at, ...body} of events) {
    now = at
    journal.append(body)
  }
  rmSync(folder, {recursive: true, force: true})
  const [first] = events
  const run = first?.type === 'run-started' ? first.run : ''
  return {run, text: journal.text()}
})

const anchorOf = (run: string, text: string, more: Partial<Anchor> = {}): Anchor => ({
  ...{kind: 'commit', name: 'abc', object: 'abc', commit: 'abc', parent: null, run},
  ...headOf(text),
  ...more,
})

function findings(run: string, original: string, text: string, anchored = true) {
  const path = 'journal.jsonl'
  const anchors = [anchorOf(run, original)]
  return judgeJournal({
    ...{run, path, commit: null, text, anchors},
    anchored: anchored ? original : null,
  })
}

function rechained(lines: readonly string[]): string {
  let prev = '0'.repeat(64)
  return lines
    .map((line, index) => {
      const chained = JSON.stringify({...JSON.parse(line), seq: index + 1, prev})
      prev = sha256(chained)
      return `${chained}\n`
    })
    .join('')
}

journals('that nobody touched has no finding', () => {
  for (const {run, text} of stories) {
    assert.equal(findings(run, text, text), [])
    assert.equal(againstRecord(run, text, `${text}more\n`), [])
  }
})

journals('is found out at each byte that changes, and its line is named', () => {
  for (const {run, text} of stories) {
    const lines = text.trimEnd().split('\n')
    for (const [index, line] of lines.entries()) {
      for (const at of [0, 7, Math.floor(line.length / 2), line.length - 2, line.length - 1]) {
        const edited = lines.with(index, `${line.slice(0, at)}~${line.slice(at + 1)}`)
        const found = findings(run, text, `${edited.join('\n')}\n`)
        assert.ok(
          found.some((one) => one.kind === 'journal' && one.line === index + 1),
          `${run}:${index + 1}, byte ${at}`,
        )
        // Without the committed copy the chain and the anchor still tell.
        assert.ok(findings(run, text, `${edited.join('\n')}\n`, false).length > 0)
      }
    }
  }
})

journals('is found out when lines go, come, change places or are cut off', () => {
  for (const {run, text} of stories) {
    const lines = text.trimEnd().split('\n')
    for (const [index, line] of lines.entries()) {
      const next = lines[index + 1] ?? line
      const trials: Readonly<Record<string, readonly string[]>> = {
        dropped: lines.toSpliced(index, 1),
        doubled: lines.toSpliced(index, 0, line),
        ...(index + 1 < lines.length && {swapped: lines.toSpliced(index, 2, next, line)}),
        truncated: lines.slice(0, index),
        'with a blank line': lines.toSpliced(index, 0, ''),
      }
      for (const [what, list] of Object.entries(trials)) {
        const changed = list.map((each) => `${each}\n`).join('')
        for (const anchored of [true, false])
          assert.ok(
            findings(run, text, changed, anchored).length > 0,
            `${run}:${index + 1} ${what}`,
          )
        // And with a chain that is whole again.
        if (what === 'with a blank line') continue
        const forged = rechained(list)
        if (forged === text) continue
        assert.ok(findings(run, text, forged, false).length > 0, `${run}:${index + 1} ${what} anew`)
      }
    }
  }
})

journals('that an anchor names only up to a point may go on, a freeze’s tag for one', () => {
  for (const {run, text} of stories) {
    const beginning = text.split('\n').slice(0, 3).join('\n')
    const tag = anchorOf(run, `${beginning}\n`, {kind: 'tag', name: 'freeze-2026-01-23'})
    assert.is(isAnchored(text, [tag]), true)
    assert.is(isAnchored(text, [{...tag, name: 'staging-2026-01-23'}]), false)
    assert.is(isAnchored(text, [{...tag, hash: '0'.repeat(64)}]), false)
  }
})

journals('does not begin a full record that says something else', () => {
  for (const {run, text} of stories) {
    assert.is(againstRecord(run, text, text.slice(0, -1)).length, 1)
    assert.is(againstRecord(run, text, text.replace('"seq":2', '"seq": 2'))[0]?.line, 2)
  }
})

journals('of another run is no journal of this one', () => {
  const [{run, text}] = [stories[0] ?? {run: '', text: ''}]
  assert.ok(findings(`${run}-2`, text, text).length > 0)
})

journals.run()
