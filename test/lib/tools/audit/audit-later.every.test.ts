// Goal: what is changed of a recorded run is found, also where history, versions and templates went on since;
// audit.test.ts tries the ordinary edits. Method: real repositories with a recorded run, and the audit of the clone.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {checkpointTag} from '../../../helpers/recorded-runbook.ts'
import {frozen, productionRolledBack, stagingSuccess} from '../../run/story.ts'
import {auditOf, differences, edit, gatePath, recorded, recordRun} from './recorded.ts'

const untouched = suite('a record that nobody touched, later')

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
  'is looked at on main where the checked-out branch is older',
  recorded(async ({clone, git}, {commit}) => {
    git(['checkout', '--quiet', '-b', 'feature', `${commit}^`])
    assert.equal(await differences(clone), [])
    assert.is((await auditOf(clone)).runs.length, 1)
  }),
)

untouched.run()

const documents = suite('documents, later')

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
