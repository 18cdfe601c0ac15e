// Goal: an approval holds for exactly what was signed, by exactly who may, exactly then; each other one
// is refused with a reason of its own. Method: real keys of ssh-keygen, a real remote, a clock that the
// test sets; each case changes one thing.

import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {approve, prepareStatement} from '../../../scripts/lib/approvals/approve.ts'
import {type ApprovalScope, findApproval} from '../../../scripts/lib/approvals/find.ts'
import {sign} from '../../../scripts/lib/approvals/ssh.ts'
import {type Statement, serialise} from '../../../scripts/lib/approvals/statement.ts'
import {prefix, publishApproval} from '../../../scripts/lib/approvals/store.ts'
import {refPrint, targetOf} from '../../../scripts/lib/approvals/target.ts'
import {approversExist} from '../../../scripts/lib/checks/approvers-exist.ts'
import {authorised} from '../../../scripts/lib/checks/authorised.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import {Problem} from '../../../scripts/lib/domain/problem.ts'
import {recorded} from '../../../scripts/lib/domain/recorded.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import type {Context} from '../../../scripts/lib/kit/context.ts'
import {readAuthorities} from '../../../scripts/lib/policy/authorities.ts'
import {openPolicy} from '../../../scripts/lib/policy/policy.ts'
import {openRepository} from '../../../scripts/lib/store/git/open-repository.ts'
import type {RecordedRun} from '../../../scripts/lib/store/records/records.ts'
import {testContext} from '../../helpers/context.ts'
import {recordOf} from '../../helpers/records.ts'
import {gitEnvironment, testRepository} from '../../helpers/repository.ts'
import {testProject, testWorld} from '../../helpers/world.ts'
import {fact, journal, started} from '../run/story.ts'

const approvals = suite('approvals')

const tag = 'prod-ready-2026-01-23'
const hour = 3_600_000
const stagingEnd = '2026-01-20T09:00:00.000Z'
const now = new Date('2026-01-23T09:00:00Z')
const people = {
  paul: {name: 'Paul Lemaire', address: 'paul@example.org', role: 'Directeur'},
  helene: {name: 'Hélène Faure', address: 'helene@example.org', role: 'PCA'},
  claire: {name: 'Claire Moreau', address: 'claire@example.org', role: 'Release Manager'},
} as const
type Who = keyof typeof people

interface Place {
  readonly rows?: readonly string[]
  readonly signers?: (key: (who: string) => string) => readonly string[]
  readonly revoked?: (key: (who: string) => string) => string
}

const row = ({name, address, role}: {name: string; address: string; role: string}) =>
  `| ${name} | ${address} | ${role} |`
const decision = (rows: readonly string[]) => `# Décision

| Scénario | Rôles |
| --- | --- |
| A | Release Manager, QA Lead, PCA |
| B | PCA, Directeur |
| C | Release Manager, PCA |

| Personne | Adresse | Rôle |
| --- | --- | --- |
${rows.join('\n')}
`

const env = 'PROD_REF=abcdefghijklmnopqrst\nPROD_KEY=sb_publishable_0123456789\n'

function stagingRun(
  commit: string,
  at = stagingEnd,
  result: 'succeeded' | 'rolled-back' = 'succeeded',
): RecordedRun {
  const checkpoint = {tag, tagObject: commit, commit}
  return recordOf(journal(at, [started('staging', {run: `staging-${at}`, checkpoint})]), result)
}

async function open(place: Place = {}) {
  const test = testRepository({'lib/app.dart': 'one\n'})
  const keys = join(test.folder, 'keys')
  test.write({'keys/.keep': ''}, test.folder)
  for (const who of [...Object.keys(people), 'stranger']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', who, '-f', join(keys, who)])
  }
  const key = (who: string) =>
    readFileSync(join(keys, `${who}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ')
  const line = (who: Who) => `${people[who].address} namespaces="postgate" ${key(who)}`
  const signers = place.signers?.(key) ?? [line('paul'), line('helene'), line('claire')]
  const commit = test.commit({
    'runbooks/decision.md': decision(place.rows ?? Object.values(people).map(row)),
    'runbooks/allowed_signers': `# who\n${signers.join('\n')}\n`,
    ...(place.revoked && {'runbooks/revoked_signers': place.revoked(key)}),
  })
  test.push()
  test.write({'env/.env.prod': env})
  const checkpoint = {tag, tagObject: commit, commit}
  const world = {
    ...testWorld({project: test.clone, cache: join(test.folder, 'cache'), now}),
    repository: await openRepository(test.clone, {environment: gitEnvironment}),
    operator: 'Claire Moreau',
  }
  const project = testProject({
    environments: {
      staging: {envFile: 'env/.env.staging', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}},
      production: {
        envFile: 'env/.env.prod',
        url: 'https://app.example',
        hosting: {adapter: 'folder'},
        database: {ref: 'PROD_REF'},
        defines: {ANON: 'PROD_KEY'},
      },
    },
  })
  const policy = openPolicy({root: test.clone, bundle: join(test.folder, 'bundle')})
  const asking = (
    given: {
      records?: RecordedRun[]
      at?: Date
      operator?: string
      scenario?: 'staging' | 'production'
    } = {},
  ): Context => {
    const {context} = testContext({
      world: {
        ...world,
        clock: {now: () => given.at ?? now, wait: async () => {}},
        operator: given.operator ?? world.operator,
      },
      project,
      environment: given.scenario ?? 'production',
      envFiles: {production: join(test.clone, 'env/.env.prod')},
      tag,
      commit,
      records: {runs: given.records ?? [stagingRun(commit)], complete: true},
    })
    return Object.assign(context, {
      gate: {path: 'docs/RELEASE_GATE_2026_01.md', sha256: 'a'.repeat(64)},
      runbook: {path: 'runbooks/production.md', sha256: 'b'.repeat(64)},
      policy,
      authorities: () => readAuthorities({world, policy}),
      run: () => {
        throw new Error('no run yet')
      },
    })
  }
  /** A statement as `who` would sign it, with `changes`. */
  const statement = async (who: Who, changes: Partial<Statement> = {}): Promise<Statement> => {
    const target = targetOf(project, 'production', await asking().env('production'))
    return {
      v: 1,
      scenario: 'production',
      project: project.name,
      tag,
      tagObject: commit,
      commit,
      gate: {path: 'docs/RELEASE_GATE_2026_01.md', sha256: 'a'.repeat(64)},
      runbook: {path: 'runbooks/production.md', sha256: 'b'.repeat(64)},
      target,
      role: people[who].role,
      name: people[who].name,
      principal: people[who].address,
      issuedAt: new Date(+now - hour).toISOString(),
      expiresAt: new Date(+now + 23 * hour).toISOString(),
      nonce: '0123456789abcdef0123456789abcdef',
      ...changes,
    }
  }
  /** Signs with the key of `with` (the person's own by default) and publishes, without any check. */
  const publish = async (who: Who, changes: Partial<Statement> = {}, withKey: string = who) => {
    const made = await statement(who, changes)
    const signature = await sign(serialise(made), join(keys, withKey), world.environment)
    await publishApproval(world.repository, {statement: made, signature})
    return {made, signature}
  }
  return {test, world, checkpoint, keys, key, asking, statement, publish}
}

type Scene = Awaited<ReturnType<typeof open>>
const scene = (name: string, place: Place, body: (scene: Scene) => Promise<void>) =>
  approvals(name, async () => {
    const opened = await open(place)
    try {
      await body(opened)
    } finally {
      opened.test.close()
    }
  })

async function refusal(asking: ApprovalScope): Promise<string> {
  const {accepted, refused} = await findApproval(asking)
  assert.is(accepted, null)
  return refused[0]?.code ?? 'none'
}

scene(
  'one that was signed by a Directeur holds, is read by another clone and leaves its fact',
  {},
  async ({test, asking, publish, world}) => {
    await publish('paul')
    const judgement = await authorised.judge(asking(), {signature: 'required'})
    assert.is(judgement.verdict, 'pass', inLang(judgement.observed, 'en'))
    assert.match(inLang(judgement.observed, 'fr'), /signé par Paul Lemaire, Directeur/)
    const events = journal(now.toISOString(), [
      started('production'),
      fact('approval', judgement.facts?.approval),
    ])
    const kept = recorded(fold(events), 'approval')
    assert.is(kept?.role, 'Directeur')
    assert.match(kept?.signature ?? '', /BEGIN SSH SIGNATURE/)
    const elsewhere = await openRepository(test.another('elsewhere'), {environment: gitEnvironment})
    const found = await findApproval({...asking(), world: {...world, repository: elsewhere}})
    assert.is(found.accepted?.person.name, 'Paul Lemaire')
  },
)

const later = new Date(+now + 48 * hour)
const changes: readonly (readonly [string, string, Partial<Statement>])[] = [
  ['before STAGING’s validation ended', 'before-staging', {issuedAt: '2026-01-20T08:00:00.000Z'}],
  ['for another commit', 'wrong-commit', {commit: 'd'.repeat(40)}],
  ['for another tag object', 'wrong-commit', {tagObject: 'd'.repeat(40)}],
  ['for another scenario', 'other-scenario', {scenario: 'staging'}],
  ['for another gate', 'gate-changed', {gate: {path: 'x', sha256: 'c'.repeat(64)}}],
  ['for another runbook', 'runbook-changed', {runbook: {path: 'x', sha256: 'c'.repeat(64)}}],
  [
    'for another project ref',
    'other-target',
    {target: {url: 'https://app.example', ref: 'z'.repeat(20), key: null}},
  ],
  ['that has expired', 'expired', {expiresAt: now.toISOString()}],
  [
    'that is dated in the future',
    'not-yet-valid',
    {issuedAt: later.toISOString(), expiresAt: new Date(+later + hour).toISOString()},
  ],
  ['in a role that does not decide', 'wrong-role', {role: 'QA Lead'}],
  ['in a role that the person does not have', 'wrong-role', {role: 'PCA'}],
]
approvals('one thing changed, one reason each', async () => {
  const opened = await open()
  try {
    for (const [index, [name, code, change]] of changes.entries()) {
      const nonce = index.toString(16).padStart(32, '0')
      await opened.publish('paul', {...change, nonce})
      const {accepted, refused} = await findApproval(opened.asking())
      const own = refused.find(({approval}) => approval.nonce === nonce)
      assert.is(accepted, null, name)
      assert.is(own?.code, code, name)
    }
    const reasons = new Set(
      (await findApproval(opened.asking())).refused.map(({reason}) => inLang(reason, 'en')),
    )
    assert.ok(reasons.size >= 10, 'the reasons differ')
  } finally {
    opened.test.close()
  }
})

scene('a role that decides, but not this scenario, is refused', {}, async ({asking, publish}) => {
  await publish('claire')
  assert.is(await refusal(asking({operator: 'Somebody else'})), 'wrong-role')
})

scene(
  'the operator cannot approve B, by name or by address',
  {},
  async ({test, asking, publish}) => {
    await publish('paul')
    assert.is(await refusal(asking({operator: 'paul lemaire'})), 'operator')
    test.git(['config', 'user.email', 'Paul@example.org'])
    assert.is(await refusal(asking()), 'operator')
  },
)

scene('a key that nobody knows is refused', {}, async ({asking, publish}) => {
  await publish('paul', {}, 'stranger')
  assert.is(await refusal(asking()), 'unknown-key')
})

scene('another person’s key is refused', {}, async ({asking, publish}) => {
  await publish('paul', {}, 'helene')
  assert.is(await refusal(asking()), 'unknown-key')
})

scene(
  'a revoked key is refused',
  {revoked: (key) => `${key('paul')}\n`},
  async ({asking, publish}) => {
    await publish('paul')
    assert.is(await refusal(asking()), 'revoked-key')
  },
)

scene(
  'a line that stands for anybody is refused, whoever signed',
  {signers: (key) => [`${people.paul.address} ${key('paul')}`, `* ${key('stranger')}`]},
  async ({asking, publish}) => {
    await publish('paul')
    assert.is(await refusal(asking()), 'wildcard')
  },
)

scene(
  'one key in two roles is refused',
  {rows: [row(people.paul), row({...people.helene, address: people.paul.address})]},
  async ({asking, publish}) => {
    await publish('paul')
    assert.is(await refusal(asking()), 'two-roles')
  },
)

scene(
  'one key for two people is refused',
  {
    signers: (key) => [
      `${people.paul.address} ${key('paul')}`,
      `${people.helene.address} ${key('paul')}`,
    ],
  },
  async ({asking, publish}) => {
    await publish('paul')
    assert.is(await refusal(asking()), 'two-roles')
  },
)

scene(
  'a key for another purpose, a key out of its time and a certificate authority are refused',
  {
    signers: (key) => [
      `${people.paul.address} namespaces="git" ${key('paul')}`,
      `${people.helene.address} valid-before="20260101" ${key('helene')}`,
      `${people.claire.address} cert-authority ${key('claire')}`,
    ],
    rows: [row(people.paul), row(people.helene), row({...people.claire, role: 'PCA'})],
  },
  async ({asking, publish}) => {
    await publish('paul', {nonce: '1'.repeat(32)})
    await publish('helene', {nonce: '2'.repeat(32)})
    await publish('claire', {nonce: '3'.repeat(32), role: 'PCA'})
    const {accepted, refused} = await findApproval(asking({operator: 'Nobody'}))
    assert.is(accepted, null)
    assert.equal(
      refused.map(({code}) => code),
      ['unknown-key', 'unknown-key', 'unknown-key'],
    )
    const judgement = await approversExist.judge(asking({operator: 'Nobody'}), {})
    assert.is(judgement.verdict, 'fail')
  },
)

scene(
  'an edited statement is refused, and so is one in another’s place',
  {},
  async ({asking, publish, world}) => {
    const {made, signature} = await publish('paul', {
      expiresAt: new Date(+now + hour).toISOString(),
    })
    await publishApproval(world.repository, {
      statement: {
        ...made,
        expiresAt: new Date(+now + 99 * hour).toISOString(),
        nonce: 'e'.repeat(32),
      },
      signature,
    })
    const {refused} = await findApproval(asking({at: new Date(+now + 2 * hour)}))
    assert.equal(refused.map(({code}) => code).sort(), ['edited', 'expired'])
  },
)

scene('an approval under a foreign nonce does not count', {}, async ({test, asking, publish}) => {
  await publish('paul')
  const nonce = '0123456789abcdef0123456789abcdef'
  test.git([
    'push',
    '--quiet',
    'origin',
    `${test.git(['ls-remote', 'origin', `${prefix}${nonce}`]).split('\t')[0]}:${prefix}${'f'.repeat(32)}`,
  ])
  test.git(['push', '--quiet', 'origin', `:${prefix}${nonce}`])
  assert.is(await refusal(asking()), 'reused-nonce')
})

scene(
  'a nonce that an earlier run used up is refused',
  {},
  async ({asking, publish, checkpoint}) => {
    const {made} = await publish('paul')
    const used = {
      role: 'Directeur',
      name: 'Paul',
      nonce: made.nonce,
      issuedAt: made.issuedAt,
      expiresAt: made.expiresAt,
      fingerprint: '',
      statement: '',
    }
    const events = journal('2026-01-22T09:00:00Z', [
      started('production', {run: 'production-1', checkpoint}),
      fact('approval', used),
    ])
    const records = [stagingRun(checkpoint.commit), recordOf(events, 'rolled-back')]
    assert.is(await refusal(asking({records})), 'reused-nonce')
  },
)

scene('a nonce can be published once', {}, async ({publish}) => {
  await publish('paul')
  try {
    await publish('helene')
    assert.unreachable()
  } catch (error) {
    assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
  }
})

scene(
  'without STAGING’s validation, or after a later rollback there, no approval holds',
  {},
  async ({asking, publish, checkpoint}) => {
    await publish('paul')
    assert.is(await refusal(asking({records: []})), 'before-staging')
    const back = [
      stagingRun(checkpoint.commit),
      stagingRun(checkpoint.commit, '2026-01-21T09:00:00.000Z', 'rolled-back'),
    ]
    assert.is(await refusal(asking({records: back})), 'before-staging')
  },
)

scene(
  'policy counts as it is on the remote’s main, not as it lies in the clone',
  {},
  async ({test, asking, publish, key}) => {
    test.write({'runbooks/allowed_signers': `${people.paul.address} ${key('stranger')}\n`})
    await publish('paul', {}, 'stranger')
    assert.is(await refusal(asking()), 'unknown-key')
  },
)

scene(
  'approving signs, verifies and publishes; what a run would refuse is not published',
  {},
  async ({asking, keys, test}) => {
    const approver = {role: 'Directeur', key: '', validForMs: 24 * hour}
    const {statement} = await prepareStatement(asking(), approver)
    assert.is(statement.target?.ref, refPrint('abcdefghijklmnopqrst'))
    try {
      await approve(asking(), statement, join(keys, 'stranger'))
      assert.unreachable()
    } catch (error) {
      assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
    }
    assert.is(test.git(['ls-remote', 'origin', `${prefix}*`]), '')
    await approve(asking(), statement, join(keys, 'paul'))
    assert.is((await findApproval(asking())).accepted?.person.role, 'Directeur')
  },
)

scene(
  'required and missing: unknown, with the command to pass on, and nobody can declare it',
  {},
  async ({asking}) => {
    const judgement = await authorised.judge(asking(), {signature: 'required'})
    assert.is(judgement.verdict, 'unknown')
    assert.is(judgement.attestable, undefined)
    assert.match(inLang(judgement.next ?? '', 'en'), /approve\.ts production --role PCA/)
  },
)

scene('optional and missing: those who may declare it are named', {}, async ({asking}) => {
  const judgement = await authorised.judge(asking(), {signature: 'optional'})
  assert.equal(judgement.attestable?.roles, ['PCA', 'Directeur'])
})

scene('a refused approval is told with its reason', {}, async ({asking, publish}) => {
  await publish('paul', {expiresAt: now.toISOString()})
  const judgement = await authorised.judge(asking(), {signature: 'required'})
  assert.is(judgement.verdict, 'fail')
  assert.match(inLang(judgement.observed, 'fr'), /Paul Lemaire : expirée/)
})

scene('approvers exist: entitled, with a key, and not the operator', {}, async ({asking}) => {
  const judgement = await approversExist.judge(asking(), {})
  assert.is(judgement.verdict, 'pass')
  assert.match(inLang(judgement.observed, 'fr'), /Paul Lemaire \(Directeur\)/)
})

scene(
  'approvers exist: fails where only the operator could sign, and where nobody has the role',
  {rows: [row(people.paul)]},
  async ({asking}) => {
    const own = await approversExist.judge(asking({operator: 'Paul Lemaire'}), {})
    assert.is(own.verdict, 'fail')
    assert.match(inLang(own.observed, 'en'), /is the operator/)
    const none = await approversExist.judge(
      Object.assign(asking(), {
        authorities: async () => ({staging: [], production: ['PCA'], freeze: []}),
      }),
      {},
    )
    assert.is(none.verdict, 'fail')
    assert.match(inLang(none.observed, 'en'), /nobody has the role PCA/)
  },
)

scene('with the remote away nothing is known', {}, async ({test, asking}) => {
  test.away()
  try {
    await findApproval(asking())
    assert.unreachable()
  } catch (error) {
    assert.ok(error instanceof Problem && error.parts.exit === 3)
  }
})

approvals.run()
