// Goal: whatever is changed of a recorded run is found and named with its place, and what people may
// write is not. Method: real repositories with a recorded run, one edit each, and the audit of the clone.

import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {headOf, sha256} from '../../../../scripts/lib/store/journal.ts'
import {checkpointTag} from '../../../helpers/recorded-runbook.ts'
import type {TestRepository} from '../../../helpers/repository.ts'
import {frozen, productionRolledBack, stagingSuccess} from '../../run/story.ts'
import {
  auditOf,
  differences,
  gatePath,
  type RecordedRun,
  recordedProject,
  recordRun,
} from './recorded.ts'

type Trial = (test: TestRepository, run: RecordedRun) => Promise<void>

const recorded =
  (work: Trial, story = stagingSuccess, options = {}) =>
  async () => {
    const key = `${story.name} ${JSON.stringify(options)}`
    const {test, run} = await recordedProject(key, (made) => recordRun(made, story(), options))
    try {
      await work(test, run)
    } finally {
      test.close()
    }
  }

function edit({clone}: TestRepository, path: string, change: (text: string) => string): void {
  const before = readFileSync(join(clone, path), 'utf8')
  const after = change(before)
  assert.is.not(after, before, `${path}: the edit changed nothing`)
  writeFileSync(join(clone, path), after)
}

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
  'is found as recorded beside later runs, later policy and words of people',
  recorded(async (test, {names}) => {
    const later = productionRolledBack()
    await recordRun(test, later)
    test.commit({
      'templates/deployment-report.md': '# Autre modèle\n',
      'runbooks/staging.md': readFileSync(join(test.clone, 'runbooks/staging.md'), 'utf8').replace(
        '- [ ] **Build**',
        '- [ ] **Nouveau** : oui\n- [ ] **Build**',
      ),
    })
    test.push()
    edit(test, 'CHANGELOG.md', (text) => text.replace('De nos mains.', 'Réécrit.'))
    edit(test, gatePath, (text) => `${text}\nUne remarque.\n`)
    edit(test, names.ledger, (text) => `${text}\nUne remarque sous la table.\n`)
    edit(test, 'docs/POST_MORTEM_ROLLBACK_2026_01_26.md', (text) =>
      text.replaceAll('_à remplir_', 'dit par Alice'),
    )
    assert.equal(await differences(test.clone), [])
  }),
)

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
  'is looked at on main where the checked-out branch is older',
  recorded(async ({clone, git}, {commit}) => {
    git(['checkout', '--quiet', '-b', 'feature', `${commit}^`])
    assert.equal(await differences(clone), [])
    assert.is((await auditOf(clone)).runs.length, 1)
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

documents(
  'that differ on main alone are named with the commit',
  recorded(async (test, {report}) => {
    const other = test.another('other')
    const text = readFileSync(join(other, report), 'utf8')
    test.commit({[report]: text.replace('2026.1.23', '2026.1.24')}, 'Correct', other)
    test.push(other)
    const found = await differences(test.clone)
    assert.is(found.length, 1)
    assert.match(found[0] ?? '', /^document docs\/DEPLOYMENT_REPORT.*@commit$/)
  }),
)

documents(
  'keep to the machine’s part of what people write in',
  recorded(async (test, {names}) => {
    const path = names.backlog ?? ''
    edit(test, path, (text) => text.replaceAll('_à remplir_', 'Zoé'))
    assert.equal(await differences(test.clone), [])
    edit(test, path, (text) => text.replace('caisse.dart:42', 'caisse.dart:43'))
    assert.is((await differences(test.clone)).length, 1)
  }, frozen),
)

documents(
  'of another version of the bundle are compared by their digests, and that is said',
  recorded(
    async (test, {report}) => {
      const [run] = (await auditOf(test.clone)).runs
      assert.equal(run?.findings, [])
      assert.is(run?.notes.length, 1)
      edit(test, report, (text) => `${text}un mot de plus\n`)
      assert.equal(await differences(test.clone), [`digest ${report}`])
    },
    stagingSuccess,
    {bundle: '0.9.0'},
  ),
)

documents(
  'of a template that history does not hold are compared by their digests, and it is named',
  recorded(
    async (test, {report}) => {
      edit(test, report, (text) => `${text}un mot de plus\n`)
      assert.equal(await differences(test.clone), [
        'source templates/freeze.md',
        `digest ${report}`,
      ])
    },
    stagingSuccess,
    {lostTemplate: 'templates/freeze.md'},
  ),
)

documents(
  'of views that changed under the same version differ, and the audit says what that can mean',
  recorded(
    async (test, {report}) => {
      const [found] = (await auditOf(test.clone)).runs
      const [first] = found?.findings ?? []
      assert.is(found?.findings.length, 1)
      assert.is(`${first?.kind} ${first?.path}`, `document ${report}`)
      const told = found?.notes.map((note) => (typeof note === 'string' ? note : note.en))
      assert.match(told?.join() ?? '', /Postgate changed under the same version number, or/)
    },
    stagingSuccess,
    {views: ['Rapport', 'Compte rendu']},
  ),
)

documents.run()

const tags = suite('tags')

tags(
  'that moved, lost their words or went away are found',
  recorded(async (test, {tag}) => {
    const {git, clone} = test
    const push = (name: string) =>
      git(['push', '--quiet', '--force', 'origin', `refs/tags/${name}`])
    const name = tag ?? ''
    const [outcome, checkpoint] = [name, checkpointTag].map((one) => git(['rev-parse', one]))
    git(['tag', '--force', checkpointTag, 'HEAD'])
    push(checkpointTag)
    assert.is((await differences(clone)).length, 2, 'moved here and there')
    git(['update-ref', `refs/tags/${checkpointTag}`, checkpoint ?? ''])
    push(checkpointTag)

    git(['tag', '--force', name, `${name}^{}`])
    push(name)
    assert.ok((await differences(clone)).includes(`tag refs/tags/${name}`), 'a light one instead')
    git(['tag', '--delete', name])
    git(['push', '--quiet', '--delete', 'origin', name])
    assert.ok((await differences(clone)).includes(`tag refs/tags/${name}`), 'deleted')
    git(['update-ref', `refs/tags/${name}`, outcome ?? ''])
    push(name)
    assert.equal(await differences(clone), [])
  }),
)

tags.run()
