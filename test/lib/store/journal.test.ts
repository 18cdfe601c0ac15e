// Goal: a secret that is short hides itself and nothing else. Method: journals whose every text is masked,
// with values that stand in digests and dates by chance.

import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {createMask} from '../../../scripts/lib/guard/mask.ts'
import {openJournal, parseJournal} from '../../../scripts/lib/store/journal.ts'

const journal = suite('journal')

journal('is whole whatever is masked in it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-journal-'))
  try {
    const path = join(folder, 'live.jsonl')
    // Four digits stand in one digest of a thousand; the year stands in each date, the word in each line.
    const numbers = Array.from({length: 40}, (_, index) => String(1_000 + 7 * index))
    const {mask} = createMask([...numbers, '2026', 'notified', 'run-ended', 'hidden value'])
    const opened = openJournal(path, () => new Date('2026-12-01T09:00:00Z'), mask)
    for (let index = 0; index < 200; index += 1)
      opened.append({
        type: 'item-judged',
        item: `ended in 2026, ${index}`,
        verdict: 'pass',
        observed: 'a hidden value',
        by: null,
      } as never)
    const text = readFileSync(path, 'utf8')
    const read = parseJournal(text, path)
    assert.is(read.length, 200)
    assert.not.match(text, 'hidden value')
    assert.not.match(text, 'in 2026')
    assert.ok(read.every(({at, type}) => at.startsWith('2026-12-01') && type === 'item-judged'))
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
})

journal.run()
