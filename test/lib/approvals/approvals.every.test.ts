// Goal: an approval holds for exactly what was signed, by exactly who may, exactly then; each other one
// is refused with a reason of its own. Method: real keys of ssh-keygen, a real remote, a clock that the
// test sets; each case changes one thing.

import {execFileSync} from 'node:child_process'
import {copyFileSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {approve, prepareStatement} from '../../../scripts/lib/approvals/approve.ts'
import {type ApprovalScope, findApproval} from '../../../scripts/lib/approvals/find.ts'
import {sign} from '../../../scripts/lib/approvals/ssh.ts'
import {type ApprovalStatement, serialise} from '../../../scripts/lib/approvals/statement.ts'
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
  /** A project that has neither a database nor public values. */
  readonly plain?: boolean
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
  test.git(['config', 'user.email', people.claire.address])
  test.write({'env/.env.prod': env})
  const checkpoint = {tag, tagObject: commit, commit}
  const world = {
    ...testWorld({project: test.clone, cache: join(test.folder, 'cache'), now}),
    repository: await openRepository(test.clone, {environment: gitEnvironment}),
    operator: 'Claire Moreau',
  }
  /** A person's git is set before a command opens the repository, which reads it once. */
  const configure = async (name: string, value: string) => {
    test.git(['config', name, value])
    world.repository = await openRepository(test.clone, {environment: gitEnvironment})
  }
  const project = testProject({
    environments: {
      staging: {envFile: 'env/.env.staging', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}},
      production: {
        envFile: 'env/.env.prod',
        url: 'https://app.example',
        hosting: {adapter: 'folder'},
        ...(!place.plain && {database: {ref: 'PROD_REF'}, defines: {ANON: 'PROD_KEY'}}),
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
      environment?: Readonly<Record<string, string>>
    } = {},
  ): Context => {
    const {context} = testContext({
      world: {
        ...world,
        clock: {now: () => given.at ?? now, wait: async () => {}},
        operator: given.operator ?? world.operator,
        environment: {...world.environment, ...given.environment},
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
      runbook: {
        ...{path: 'runbooks/production.md', sha256: 'b'.repeat(64)},
        prerequisites: [{name: 'authorised', parameters: {'holds-most': '30d'}}],
      },
      policy,
      authorities: () => readAuthorities({world, policy}),
      run: () => {
        throw new Error('no run yet')
      },
    })
  }
  /** A statement as `who` would sign it, with `changes`. */
  const statement = async (
    who: Who,
    changes: Partial<ApprovalStatement> = {},
  ): Promise<ApprovalStatement> => {
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
  const publish = async (
    who: Who,
    changes: Partial<ApprovalStatement> = {},
    withKey: string = who,
  ) => {
    const made = await statement(who, changes)
    const signature = await sign(serialise(made), join(keys, withKey), world.environment)
    await publishApproval(world.repository, {statement: made, signature})
    return {made, signature}
  }
  return {test, world, checkpoint, keys, key, asking, statement, publish, configure}
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
    const judgement = await authorised.judge(asking(), {
      signature: 'required',
      'holds-most': undefined,
    })
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
const changes: readonly (readonly [string, string, Partial<ApprovalStatement>])[] = [
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
  async ({configure, asking, publish}) => {
    await publish('paul')
    assert.is(await refusal(asking({operator: 'paul lemaire'})), 'operator')
    await configure('user.email', 'Paul@example.org')
    assert.is(await refusal(asking()), 'operator')
  },
)

const cased = people.claire.address
scene(
  'an operator whom nothing recognises is a question, whatever name git gives them',
  {},
  async ({configure, asking, publish}) => {
    await publish('paul')
    await configure('user.email', 'claire@elsewhere.example')
    await configure('user.name', 'P. Lemaire')
    const judged = async (environment: Readonly<Record<string, string>> = {}) =>
      authorised.judge(asking({operator: 'P. Lemaire', environment}), {
        ...{signature: 'required', 'holds-most': undefined},
      })
    const judgement = await judged()
    assert.is(judgement.verdict, 'unknown')
    assert.ok(judgement.awaited)
    assert.match(inLang(judgement.next ?? '', 'en'), /POSTGATE_OPERATOR/)
    assert.is((await judged({POSTGATE_OPERATOR: cased})).verdict, 'pass')
    // Who signed, under any spelling, is recognised as the operator too.
    const own = await judged({POSTGATE_OPERATOR: people.paul.address})
    assert.match(inLang(own.observed, 'en'), /is the operator/)
  },
)

scene(
  'an operator is recognised by the key that git signs with',
  {},
  async ({configure, asking, publish, keys}) => {
    await publish('paul')
    await configure('user.email', 'other@elsewhere.example')
    await configure('user.signingKey', join(keys, 'helene.pub'))
    const {operator, accepted} = await findApproval(asking({operator: 'x'}))
    assert.is(operator?.person.name, 'Hélène Faure')
    assert.is(operator?.how, 'key')
    assert.ok(accepted)
    await configure('user.signingKey', join(keys, 'paul.pub'))
    assert.is(await refusal(asking({operator: 'x'})), 'operator')
  },
)

scene(
  'on a runner the operator is who asked the forge, where decision.md knows the account',
  {},
  async ({configure, test, asking, publish}) => {
    await configure('user.email', 'runner@forge.example')
    const rows = Object.values(people).map(
      (person) => `${row(person)} @${person.name.split(' ')[0]} |`,
    )
    const source = decision(rows).replace(
      '| Personne | Adresse | Rôle |\n| --- | --- | --- |',
      '| Personne | Adresse | Rôle | Compte |\n| --- | --- | --- | --- |',
    )
    test.commit({'runbooks/decision.md': source})
    test.push()
    await publish('paul')
    const by = (account: string) =>
      asking({operator: 'runner', environment: {GITHUB_ACTOR: account}})
    assert.is((await findApproval(by('claire'))).operator?.how, 'forge')
    assert.ok((await findApproval(by('claire'))).accepted)
    assert.is((await findApproval(by('octocat'))).operator, null)
    assert.is(await refusal(by('paul')), 'operator')
  },
)

scene(
  'a machine that holds the private key of the approval is no second person',
  {},
  async ({test, asking, publish, keys}) => {
    await publish('paul')
    const home = join(test.folder, 'home')
    test.write({'home/.ssh/known_hosts': '', 'home/.ssh/id_other': 'x'}, test.folder)
    assert.ok((await findApproval(asking({environment: {HOME: home}}))).accepted)
    // Without its public half beside it, and behind a passphrase.
    copyFileSync(join(keys, 'paul'), join(home, '.ssh/work'))
    execFileSync('ssh-keygen', [
      '-q',
      '-p',
      '-N',
      'secret',
      '-P',
      '',
      '-f',
      join(home, '.ssh/work'),
    ])
    assert.is(await refusal(asking({environment: {HOME: home}})), 'key-here')
  },
)

scene(
  'of several lines for one key the one that is valid now counts',
  {
    signers: (key) => [
      `paul@example.org valid-before="20250101Z",namespaces="postgate" ${key('paul')}`,
      `paul@example.org valid-after="20250101Z",namespaces="post*" ${key('paul')}`,
    ],
  },
  async ({asking, publish}) => {
    await publish('paul')
    assert.ok((await findApproval(asking())).accepted)
  },
)

scene(
  'addresses are compared as they are written: another person’s key does not count',
  {
    rows: [
      row(people.paul),
      row({...people.paul, name: 'Pàul Autre', address: 'pàul@example.org'}),
    ],
    signers: (key) => [`pàul@example.org ${key('paul')}`],
  },
  async ({asking, publish}) => {
    await publish('paul')
    assert.is(await refusal(asking()), 'unknown-key')
  },
)

scene(
  'two persons with one address and key are refused',
  {rows: [row(people.paul), row({...people.paul, name: 'Pauline Lemaire'})]},
  async ({asking, publish}) => {
    await publish('paul')
    assert.is(await refusal(asking()), 'two-roles')
  },
)

scene(
  'a line in the list of revoked keys that is no key is named, and revokes nobody',
  {revoked: (key) => `# gone\n${key('stranger')}\nSHA256:abcdef\n`},
  async ({asking, publish}) => {
    await publish('paul')
    const {refused} = await findApproval(asking())
    assert.is(refused[0]?.code, 'revocations-unreadable')
    assert.match(inLang(refused[0]?.reason ?? '', 'en'), /revoked_signers:3 is no public key/)
  },
)

scene(
  'signed for another purpose is told as that',
  {},
  async ({asking, publish, statement, keys, world, test}) => {
    const made = await statement('paul')
    const file = join(test.folder, 'statement')
    writeFileSync(file, serialise(made))
    execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', 'file', '-f', join(keys, 'paul'), file])
    const signature = readFileSync(`${file}.sig`, 'utf8')
    await publishApproval(world.repository, {statement: made, signature})
    assert.is(await refusal(asking()), 'other-namespace')
    assert.ok(publish)
  },
)

scene(
  'how long an approval may hold stands in the runbook',
  {},
  async ({asking, publish, keys}) => {
    await publish('paul', {expiresAt: new Date(+now + 31 * 24 * hour).toISOString()})
    assert.is(await refusal(asking()), 'too-long')
    const approver = {role: 'PCA', key: '', validForMs: 31 * 24 * hour}
    const {statement} = await prepareStatement(asking(), approver)
    const error = await approve(asking(), statement, join(keys, 'helene')).catch((thrown) => thrown)
    assert.match(inLang(error.parts.why, 'en'), /limits an approval to 720 h/)
  },
)

scene(
  'a statement in another’s name, or about documents of another path, is refused',
  {},
  async ({asking, publish}) => {
    await publish('paul', {name: 'Hélène Faure'})
    assert.is(await refusal(asking()), 'wrong-role')
    const nonce = 'f'.repeat(32)
    const runbook = {path: 'elsewhere/production.md', sha256: 'b'.repeat(64)}
    await publish('paul', {nonce, runbook})
    const codes = (await findApproval(asking())).refused.map(({code}) => code)
    assert.ok(codes.includes('runbook-changed'), codes.join())
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
  async ({configure, asking, publish}) => {
    await configure('user.email', 'nobody@example.org')
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
  'approving without a database: tag, documents and address are bound, and a run takes it',
  {plain: true},
  async ({asking, keys}) => {
    const approver = {role: 'Directeur', key: '', validForMs: 24 * hour}
    const {statement} = await prepareStatement(asking(), approver)
    assert.equal(statement.target, {url: 'https://app.example', ref: null, key: null})
    await approve(asking(), statement, join(keys, 'paul'))
    const judgement = await authorised.judge(asking(), {
      signature: 'required',
      'holds-most': undefined,
    })
    assert.is(judgement.verdict, 'pass', inLang(judgement.observed, 'en'))
  },
)

scene(
  'the operator’s own approval is refused before it is published, wherever it is known who operates',
  {},
  async ({test, asking, keys, checkpoint}) => {
    const approver = {role: 'Directeur', key: '', validForMs: 24 * hour}
    const {statement} = await prepareStatement(asking(), approver)
    const paul = join(keys, 'paul')
    const opened = (...more: Parameters<typeof journal>[1]) => ({
      here: false,
      state: fold(
        journal(now.toISOString(), [started('production', {checkpoint, operator: 'P'}), ...more]),
      ),
    })
    const byPaul = fact('operator', {
      ...{name: people.paul.name, address: people.paul.address, how: 'address'},
    })
    const byClaire = fact('operator', {
      ...{name: people.claire.name, address: people.claire.address, how: 'address'},
    })
    const refusedAs = async (words: RegExp, act: () => Promise<unknown>) => {
      try {
        await act()
        assert.unreachable()
      } catch (error) {
        assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
        assert.match(inLang(error.parts.why ?? '', 'en'), words)
      }
      assert.is(test.git(['ls-remote', 'origin', `${prefix}*`]), '')
    }
    await refusedAs(/is the operator/, () => approve(asking(), statement, paul, opened(byPaul)))
    const said = asking({environment: {POSTGATE_OPERATOR: people.paul.address}})
    await refusedAs(/is the operator/, () => approve(said, statement, paul))
    // The run is open in this clone, and so is the key.
    test.write({'.ssh/id_ed25519': readFileSync(paul, 'utf8')}, test.folder)
    test.write({'.ssh/id_ed25519.pub': readFileSync(`${paul}.pub`, 'utf8')}, test.folder)
    const home = asking({environment: {HOME: test.folder}})
    await refusedAs(/is on this machine/, () =>
      approve(home, statement, paul, {...opened(byClaire), here: true}),
    )
    await approve(home, statement, paul, opened(byClaire))
    assert.is((await findApproval(asking())).accepted?.person.name, 'Paul Lemaire')
  },
)

scene(
  'required and missing: unknown, with the command to pass on, and nobody can declare it',
  {},
  async ({asking}) => {
    const judgement = await authorised.judge(asking(), {
      signature: 'required',
      'holds-most': undefined,
    })
    assert.is(judgement.verdict, 'unknown')
    assert.is(judgement.attestable, undefined)
    assert.match(inLang(judgement.next ?? '', 'en'), /approve\.ts production --role PCA/)
  },
)

scene(
  'nobody is sent to collect an approval that would be void, or over, when PRODUCTION is possible',
  {},
  async ({asking, publish, checkpoint: {commit}}) => {
    const judgedWith = async (records: RecordedRun[]) => {
      const context = asking({records})
      const waits = {name: 'staging-validated', parameters: {hours: '48'}}
      const {prerequisites} = context.runbook
      Object.assign(context.runbook, {prerequisites: [...prerequisites, waits]})
      return authorised.judge(context, {signature: 'required', 'holds-most': undefined})
    }
    const nextWith = async (records: RecordedRun[]) =>
      inLang((await judgedWith(records)).next ?? '', 'en')
    const before = (hours: number) => new Date(+now - hours * hour).toISOString()
    assert.match(
      await nextWith([]),
      /^first bring scenario A to its end.*does not count; then pass on to PCA, Directeur:/,
    )
    assert.match(
      await nextWith([stagingRun(commit, before(5), 'rolled-back')]),
      /^first bring scenario A to its end/,
    )
    assert.match(
      await nextWith([stagingRun(commit, before(2))]),
      /^B is possible from 2026-01-25 0\d:00 UTC on: sign then, or with --valid-for 70h,.*; then pass on/,
    )
    // Signed for a day it still holds when the wait is over.
    assert.match(await nextWith([stagingRun(commit, before(30))]), /^pass on to PCA/)
    assert.match(await nextWith([stagingRun(commit)]), /^pass on to PCA/)
    // Collected all the same: it is told what becomes of it.
    await publish('paul')
    const early = await judgedWith([stagingRun(commit, before(2))])
    assert.is(early.verdict, 'pass')
    assert.match(inLang(early.observed, 'en'), /; B is possible from 2026-01-25 .* expires before$/)
    const {observed} = await judgedWith([stagingRun(commit)])
    assert.not.match(inLang(observed, 'en'), /B is possible/)
  },
)

scene('optional and missing: those who may declare it are named', {}, async ({asking}) => {
  const judgement = await authorised.judge(asking(), {
    signature: 'optional',
    'holds-most': undefined,
  })
  assert.equal(judgement.attestable?.roles, ['PCA', 'Directeur'])
})

scene('a refused approval is told with its reason', {}, async ({asking, publish}) => {
  await publish('paul', {expiresAt: now.toISOString()})
  const judgement = await authorised.judge(asking(), {
    signature: 'required',
    'holds-most': undefined,
  })
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

scene(
  'a remark in parentheses behind a name is no part of it',
  {rows: [row({...people.paul, name: `${people.paul.name} (intérim)`}), row(people.claire)]},
  async ({asking, publish}) => {
    await publish('paul')
    const {accepted} = await findApproval(asking())
    assert.is(accepted?.person.name, people.paul.name)
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
