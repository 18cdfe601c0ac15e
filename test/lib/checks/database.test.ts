// What the phases ask of a database, on answers that a test makes up: which question decides, and what
// is kept for later steps.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {backupVerified} from '../../../scripts/lib/checks/backup-verified.ts'
import {databaseIdentity} from '../../../scripts/lib/checks/database-identity.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {fail, type Judgement, pass} from '../../../scripts/lib/domain/verdict.ts'
import type {Database} from '../../../scripts/lib/kit/ports/database.ts'
import {backedUp, backupEffects} from '../../../scripts/lib/steps/checkpoint.ts'
import {
  databaseClean,
  onlyAllowedTablesDiffer,
  referencesIntact,
  resetDone,
  rowSecurity,
  sameShape,
  tablesEmpty,
  viewsPresent,
} from '../../../scripts/lib/steps/database.ts'
import {resetEffects} from '../../../scripts/lib/steps/reset.ts'
import {testContext} from '../../helpers/context.ts'
import {testProject, testWorld} from '../../helpers/world.ts'

const checks = suite('database checks')

/** A database that passes everything but what is handed in; `asked` lists the questions. */
function made(given: Partial<Record<string, Judgement>> = {}) {
  const asked: string[] = []
  const answer = (name: string) => async (argument?: unknown) => {
    asked.push(argument === undefined ? name : `${name} ${JSON.stringify(argument)}`)
    return given[name] ?? pass(name)
  }
  const database: Database = {
    product: 'made up',
    identify: answer('identify'),
    tables: async () => ({units: {rows: 3, sha256: 'aa'}, log_actions: {rows: 1, sha256: null}}),
    tablesEmpty: answer('tablesEmpty'),
    viewsPresent: answer('viewsPresent'),
    referencesIntact: answer('referencesIntact'),
    rowSecurity: answer('rowSecurity'),
    proveShape: async () => {},
    sameShape: answer('sameShape'),
    backup: async () => ({bytes: 0, sha256: '', tables: 0, checked: 'restored'}),
    backupReadable: answer('backupReadable'),
    vendorBackup: answer('vendorBackup'),
    refusesWrites: answer('refusesWrites'),
    lastReset: async () =>
      given.lastReset === undefined
        ? {run: context.run().run, at: '2026-01-23T09:00:00.000Z'}
        : null,
    countRows: async () => 0,
    close: async () => {},
  }
  const {context, keep} = testContext({
    world: testWorld({project: '/nowhere', cache: '/nowhere'}),
    project: testProject({database: {reference: ['units'], mayChange: ['log_actions']}}),
    adapters: {database: async () => database},
  })
  return {context, keep, asked}
}

const before = {tables: {units: {rows: 3, sha256: 'aa'}, orders: {rows: 5, sha256: null}}}

checks('ask for every table but the reference tables to be empty', async () => {
  const {context, asked} = made()
  assert.is((await tablesEmpty(context)).verdict, 'pass')
  assert.equal(asked, ['tablesEmpty ["units"]'])
})

checks('know nothing of reference tables that nobody counted before', async () => {
  const {context, asked, keep} = made()
  assert.is((await referencesIntact(context)).verdict, 'unknown')
  keep({...pass(''), facts: {'database-before': before}})
  assert.is((await referencesIntact(context)).verdict, 'pass')
  assert.equal(asked, ['referencesIntact {"units":{"rows":3,"sha256":"aa"}}'])
})

checks(
  'take a reset for done only where it is ours, and left the database empty and in shape',
  async () => {
    assert.is((await resetDone(made().context)).verdict, 'pass')
    assert.is((await resetDone(made({lastReset: fail('of another run')}).context)).verdict, 'fail')
    const full = await resetDone(made({tablesEmpty: fail('orders (5)')}).context)
    assert.equal([full.verdict, full.observed], ['fail', 'orders (5)'])
    assert.is((await resetDone(made({sameShape: fail('grants')}).context)).verdict, 'fail')
  },
)

checks('never take a project’s own reset script for done that did not end with 0', async () => {
  const project = testProject({database: {reset: 'tools/reset.sh'}})
  const ended = (exitCode: number | null) => [
    {
      ...{exitCode, signal: null, stdout: '', stderr: '', durationMs: 1},
      ...{timedOut: false, aborted: false},
    },
  ]
  const judged = async (commands: Parameters<typeof resetDone>[2], marked = false) => {
    const {context} = made(marked ? {} : {lastReset: fail('no mark')})
    const {verdict, attestable} = await resetDone({...context, project}, {}, commands)
    return [verdict, attestable]
  }
  assert.equal(await judged(ended(0), true), ['pass', undefined])
  assert.equal(await judged(ended(0)), ['fail', undefined])
  for (const marked of [true, false]) {
    assert.equal(await judged(ended(1), marked), ['fail', undefined])
    assert.equal(await judged(ended(null), marked), ['fail', undefined])
  }
  // After a crash nobody knows how it ended: an empty database proves nothing, the mark does.
  assert.equal(await judged(null), ['unknown', {}])
  assert.equal(await judged(null, true), ['pass', undefined])
})

checks(
  'let only the named tables differ after the smoke tests, and keep what was seen',
  async () => {
    const {context, asked, keep} = made()
    keep({...pass(''), facts: {'database-before': before}})
    const judgement = keep(await onlyAllowedTablesDiffer(context))
    assert.is(judgement.verdict, 'pass')
    assert.is(asked[0], 'tablesEmpty ["units","log_actions"]')
    assert.is(context.fact('database-after')?.tables.log_actions?.rows, 1)
    const other = made({rowSecurity: fail('no row security: lines')})
    other.keep({...pass(''), facts: {'database-before': before}})
    assert.is((await onlyAllowedTablesDiffer(other.context)).verdict, 'fail')
  },
)

checks('hand identity and backup age to the database', async () => {
  const {context, asked} = made()
  await databaseIdentity.judge(context, {})
  await backupVerified.judge(context, {age: 86_400_000})
  assert.equal(asked, ['identify', 'vendorBackup 86400000'])
})

checks('leave what asks for a database to a person where the project describes none', async () => {
  const {context} = testContext({
    world: testWorld({project: '/nowhere', cache: '/nowhere'}),
    project: testProject({}),
    envFiles: {},
  })
  const judgements = await Promise.all([
    databaseIdentity.judge(context, {}),
    backupVerified.judge(context, {age: 1}),
    ...[tablesEmpty, viewsPresent, referencesIntact, rowSecurity, sameShape].map((each) =>
      each(context),
    ),
    ...[resetDone, databaseClean, onlyAllowedTablesDiffer, backedUp].map((each) => each(context)),
  ])
  for (const {verdict, attestable, observed} of judgements) {
    assert.equal([verdict, attestable], ['unknown', {declares: 'no-database'}])
    assert.match(inLang(observed, 'en'), 'describes no database')
  }
  assert.equal(await resetEffects(context), [])
  assert.equal(backupEffects(context, {keep: 1}), [])
})

checks.run()
