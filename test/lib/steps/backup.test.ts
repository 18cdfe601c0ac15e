// Goal: a backup of STAGING lies where the project says, and never where git could take it; PROD's own is
// asked for and never written. Method: the steps, in folders of their own.

import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {backupVerified} from '../../../scripts/lib/checks/backup-verified.ts'
import {Problem} from '../../../scripts/lib/domain/problem.ts'
import {unknown} from '../../../scripts/lib/domain/verdict.ts'
import {backupFolder} from '../../../scripts/lib/proofs/backup-folder.ts'
import {backupEffect} from '../../../scripts/lib/steps/checkpoint.ts'
import {testContext} from '../../helpers/context.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {perform, testProject, testWorld} from '../../helpers/world.ts'

const backups = suite('backups')

const place = (backups?: string, environment: Readonly<Record<string, string>> = {}) => {
  const world = testWorld({project: '/srv/app/web', cache: '/var/cache/x', environment})
  return backupFolder({
    world: {...world, repository: {...world.repository, root: '/srv/app'}},
    project: testProject({database: {...(backups !== undefined && {backups})}}),
  })
}

backups(
  'lie in the user’s cache, or where postgate.yaml says, home and neighbours included',
  () => {
    assert.is(place(), '/var/cache/x/backups')
    assert.is(place('/mnt/backups'), '/mnt/backups')
    assert.is(place('~/backups', {HOME: '/people/a'}), '/people/a/backups')
    assert.is(place('../../backups'), '/srv/backups')
    assert.is(place('../../app-backups'), '/srv/app-backups')
  },
)

backups('are refused anywhere inside the repository', () => {
  for (const inside of ['backups', '.', '/srv/app/web/x', '../docs', '..', '/srv/app']) {
    try {
      place(inside)
      assert.unreachable(inside)
    } catch (error) {
      assert.ok(error instanceof Problem && error.parts.exit === 2, `${inside}: ${error}`)
    }
  }
})

backups('of the step go there', async () => {
  const folder = temporaryFolder()
  const project = join(folder.path, 'project')
  try {
    const asked: string[] = []
    const world = testWorld({project, cache: join(folder.path, 'cache')})
    const {context} = testContext({
      world: {...world, repository: {...world.repository, root: project}},
      project: testProject({database: {backups: '../kept'}}),
      adapters: {
        database: async () =>
          Object.assign(JSON.parse('{}'), {
            backup: async (file: string) => {
              asked.push(file)
              return {bytes: 1, sha256: 'a', tables: 1}
            },
            tables: async () => ({}),
          }),
      },
    })
    await perform(backupEffect(Object.assign(context, {record: async () => {}}), {keep: 1}))
    assert.equal(asked, [join(folder.path, 'kept/run-1.backup')])
    assert.ok(existsSync(join(folder.path, 'kept')))
    assert.not.ok(existsSync(join(folder.path, 'cache')))
  } finally {
    folder.remove()
  }
})

backups(
  'of PROD are the vendor’s: asked for, attestable where nobody answers, never made',
  async () => {
    const asked: string[] = []
    const {context} = testContext({
      world: testWorld({project: '/nowhere', cache: '/nowhere'}),
      project: testProject({database: {}}),
      adapters: {
        database: async () =>
          Object.assign(JSON.parse('{}'), {
            vendorBackup: async (age: number) => {
              asked.push(`vendor ${age}`)
              return unknown('no token', {attestable: {}})
            },
            backup: async () => asked.push('written'),
          }),
      },
    })
    const judgement = await backupVerified.judge(context, {age: 5})
    assert.equal([judgement.verdict, judgement.attestable, asked], ['unknown', {}, ['vendor 5']])
  },
)

backups.run()
