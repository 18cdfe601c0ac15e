// Goal: whatever is changed of a recorded run is found and named with its place, and what people may
// write is not. Method: real repositories with a recorded run, one edit each, and the audit of the clone.

import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {headOf, sha256} from '../../../../scripts/lib/store/journal.ts'
import {frozen, productionRolledBack, stagingSuccess} from '../../run/story.ts'
import {auditOf, differences, edit, recorded} from './recorded.ts'

/** The chain computed anew over changed lines. */
function rechained(text: string, change: (lines: string[]) => void): string {
  const lines = text.trimEnd().split('\n')
  change(lines)
  let prev = '0'.repeat(64)
  return lines
    .map((line, index) => {
      const chained = JSON.stringify({...JSON.parse(line), seq: index + 1, prev})
      prev = sha256(chained)
      return `${chained}\n`
    })
    .join('')
}

const forge = (text: string) =>
  rechained(text, (lines) => {
    lines[1] = (lines[1] ?? '').replace('12 lignes sur 12', '13 lignes sur 13')
  })

const untouched = suite('a record that nobody touched')

for (const [name, story] of Object.entries({stagingSuccess, productionRolledBack, frozen})) {
  untouched(
    `is found as recorded: ${name}`,
    recorded(async ({clone, another, git}, {run, tag}) => {
      const {runs, remote} = await auditOf(clone)
      assert.equal(runs[0]?.findings, [])
      assert.is(runs[0]?.run, run)
      assert.is(runs[0]?.anchors.length, tag === null ? 1 : 2)
      assert.is(remote, true)
      const alone = another('alone')
      git(['remote', 'remove', 'origin'], alone)
      assert.equal(await differences(alone), [], 'in a clone that has only the repository')
    }, story),
  )
}

untouched(
  'is found as recorded with the remote away, and that is said',
  recorded(async ({clone, away}) => {
    away()
    const {runs, remote} = await auditOf(clone)
    assert.equal(runs[0]?.findings, [])
    assert.is(remote, false)
  }),
)

untouched(
  'takes no history that is cut off or replaced, and no run that is not there',
  recorded(async (test, {run, commit}) => {
    const refused = async (folder: string, wanted?: string) => {
      try {
        await auditOf(folder, wanted)
      } catch (error) {
        return error instanceof Problem ? error.parts.exit : error
      }
      return 0
    }
    assert.is(await refused(test.clone, 'nothing-like-it'), 2)
    assert.is(await refused(test.clone, run.slice(-4)), 0, 'a part of its id that no other has')
    test.git(['replace', commit, `${commit}^`])
    assert.is(await refused(test.clone), 2)
    const shallow = join(test.folder, 'shallow')
    test.git(['clone', '--quiet', '--depth=1', `file://${test.remote}`, shallow], test.folder)
    assert.is(await refused(shallow), 2)
  }),
)

untouched.run()

const journals = suite('a journal')

journals(
  'that is edited, cut, torn or gone is named with its line, and the rest is judged all the same',
  recorded(async (test, {journal, report}) => {
    const whole = readFileSync(join(test.clone, journal), 'utf8')
    const lines = whole.trimEnd().split('\n')
    const trials: readonly [string, string, string][] = [
      ['an edited event', whole.replace('12 lignes', '13 lignes'), 'journal journal.jsonl:2'],
      ['its end gone', lines.slice(0, -2).join('\n'), `journal journal.jsonl:${lines.length - 2}`],
      ['emptied', '', 'journal journal.jsonl:1'],
    ]
    edit(test, report, (text) => `${text}un mot de plus\n`)
    for (const [what, text, expected] of trials) {
      assert.is.not(text, whole)
      writeFileSync(join(test.clone, journal), text)
      const found = await differences(test.clone)
      assert.ok(found.includes(expected), `${what}: ${found.join(', ')}`)
      assert.is(found.filter((one) => one.startsWith('document')).length, 1, what)
    }
    rmSync(join(test.clone, journal))
    assert.ok((await differences(test.clone)).includes('journal journal.jsonl'), 'removed')
  }),
)

journals(
  'whose chain was computed anew is not the anchored one',
  recorded(async (test, {journal}) => {
    edit(test, journal, forge)
    assert.equal(await differences(test.clone), [
      `anchor journal.jsonl:${headOf(forge(readFileSync(join(test.clone, journal), 'utf8'))).count}`,
      `anchor journal.jsonl:${headOf(readFileSync(join(test.clone, journal), 'utf8')).count}`,
      'journal journal.jsonl:2',
    ])
  }),
)

journals(
  'that a later commit replaced, with trailers of its own, is found by the commit before it',
  recorded(async (test, {journal, run}) => {
    edit(test, journal, forge)
    const {hash, count} = headOf(readFileSync(join(test.clone, journal), 'utf8'))
    const trailers = `Postgate-Run: ${run}\nPostgate-Journal-Head: ${hash}\nPostgate-Journal-Events: ${count}`
    test.git(['commit', '--quiet', '--all', '--message', `Correction\n\n${trailers}`])
    test.push()
    const found = await differences(test.clone)
    assert.ok(found.includes('journal journal.jsonl:2'), found.join(', '))
    assert.ok(found.some((one) => one.startsWith('anchor')))
  }),
)

journals(
  'whose history was rewritten is found by its tag and its full record',
  recorded(async (test, {journal, run, commit}) => {
    edit(test, journal, forge)
    const {hash, count} = headOf(readFileSync(join(test.clone, journal), 'utf8'))
    const message = test
      .git(['log', '-1', '--format=%B', commit])
      .replace(/Head: .*/, `Head: ${hash}`)
      .replace(/Events: .*/, `Events: ${count}`)
    test.git(['commit', '--quiet', '--all', '--amend', '--message', message])
    test.git(['push', '--quiet', '--force', 'origin', 'HEAD:main'])
    const found = await differences(test.clone)
    assert.ok(
      found.some((one) => one.startsWith('anchor journal.jsonl')),
      found.join(', '),
    )
    assert.ok(found.includes(`record refs/postgate/runs/${run}:2`))
  }),
)

journals(
  'whose full record is gone from the remote is told as that, and no finding',
  recorded(async ({clone, git}, {run}) => {
    git(['push', '--quiet', 'origin', `:refs/postgate/runs/${run}`])
    const [found] = (await auditOf(clone)).runs
    assert.equal(found?.findings, [])
    assert.match(
      JSON.stringify(found?.notes),
      `does not have the full record refs/postgate/runs/${run}`,
    )
  }),
)

journals(
  'that no commit anchors is a finding, and so is one whose folder was deleted',
  recorded(async (test, {journal, run}) => {
    const copy = journal.replace(run, `${run}-2`)
    test.write({[copy]: readFileSync(join(test.clone, journal), 'utf8')})
    assert.ok((await differences(test.clone)).some((one) => one.startsWith('anchor')))
    rmSync(join(test.clone, copy))
    test.git(['rm', '--quiet', '-r', `docs/runs/${run}`])
    test.git(['commit', '--quiet', '--message', 'Clean up'])
    test.push()
    const found = await differences(test.clone)
    assert.ok(found.includes('journal journal.jsonl'), found.join(', '))
    assert.ok(found.includes('document runbook.md'))
  }),
)

journals.run()

const documents = suite('documents')

documents(
  'that were changed are named, each with its line, and so is one that is gone',
  recorded(async (test, {report, names}) => {
    const edits: readonly [string, (text: string) => string, RegExp][] = [
      [report, (text) => `${text}un mot de plus\n`, /^document docs\/DEPLOYMENT_REPORT.*:\d+$/],
      [
        `${names.folder}/runbook.md`,
        (text) => text.replace('✅', '❌'),
        /^document runbook.md:\d+$/,
      ],
      [`${names.folder}/manifest.sha256`, (text) => `${text}\n`, /^document manifest.sha256:\d+$/],
      [
        names.ledger,
        (text) => text.replace('✅ Succès', '❌ Échec'),
        /STAGING_DEPLOYMENTS.md:\d+$/,
      ],
      [names.gate, (text) => text.replace('Alice Martin', 'Bob'), /^document .*RELEASE_GATE_2026/],
      [names.changelog, (text) => text.replace('mise en ligne', 'rien'), /^document CHANGELOG.md/],
    ]
    for (const [path, change] of edits) edit(test, path, change)
    const found = await differences(test.clone)
    assert.is(found.length, edits.length, found.join(', '))
    for (const [path, , expected] of edits)
      assert.ok(
        found.some((one) => expected.test(one)),
        `${path}: ${found.join(', ')}`,
      )
    test.git(['checkout', '--quiet', '--', '.'])
    rmSync(join(test.clone, report))
    assert.equal(await differences(test.clone), [`document ${report}`])
  }),
)

documents(
  'say what was expected and what was found',
  recorded(async (test, {report}) => {
    edit(test, report, (text) => text.replace('2026.1.23', '2026.1.24'))
    const [finding] = (await auditOf(test.clone)).runs[0]?.findings ?? []
    assert.match(String(finding?.expected), /2026\.1\.23/)
    assert.match(String(finding?.found), /2026\.1\.24/)
  }),
)

documents.run()
