// The clone and its documents: remote, rights, gate, runbooks, and who may sign.

import {relative} from 'node:path'
import {brokenLines, keysOf, readRoster} from '../../approvals/roster.ts'
import {missedItems} from '../../documents/missed-items.ts'
import {join as joined} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import {gateOpening, gatesByMonth} from '../../policy/gate-file.ts'
import {gateFacts} from '../../run/gate-facts.ts'
import {argumentsOf} from '../../run/read-only-context.ts'
import {sessionOf, type Workspace} from '../../run/session.ts'
import {provePushRight} from '../../store/git/push-right.ts'
import {RemoteRefused} from '../../store/git/remote-problem.ts'
import {proveSigning} from '../../store/git/signing.ts'
import {committing} from '../../words/commands.ts'
import type {DoctorLine} from './doctor-line.ts'

export function repositoryLines(workspace: Workspace): DoctorLine[] {
  const {repository} = workspace.world
  return [
    {
      title: {fr: 'Dépôt distant', en: 'Remote'},
      judge: async () => {
        if (repository.remote === null) return noRemote
        const main = await repository.remoteMain()
        return main === null
          ? fail(
              {
                fr: `${repository.remote} n’a pas de branche ${repository.branch}`,
                en: `${repository.remote} has no branch ${repository.branch}`,
              },
              {next: `git push ${repository.remote} ${repository.branch}`},
            )
          : pass(`${repository.remote}/${repository.branch} ${main.sha.slice(0, 12)}`)
      },
    },
    {title: {fr: 'Droit de pousser', en: 'Right to push'}, judge: () => mayPush(workspace)},
    {
      title: {fr: 'Commits signés', en: 'Signed commits'},
      judge: async () => {
        if (!repository.signsCommits()) return pass({fr: 'pas demandés', en: 'not asked for'})
        await proveSigning(repository, workspace.world.clock.now())
        return pass({fr: 'une signature réussit', en: 'one can be made'})
      },
    },
    {
      title: {fr: 'Histoire complète', en: 'Whole history'},
      judge: async () =>
        (await repository.isShallow())
          ? fail({fr: 'clone superficiel', en: 'shallow clone'}, {next: 'git fetch --unshallow'})
          : pass({fr: 'oui', en: 'yes'}),
    },
    {
      title: {fr: 'Procédures committées', en: 'Committed policy'},
      judge: () => committed(workspace),
    },
  ]
}

const noRemote = fail(
  {fr: 'aucun dépôt distant', en: 'no remote'},
  {next: 'git remote add origin <URL>'},
)

/** Asks the remote for a ref of ours by really making, moving and deleting it. */
async function mayPush({world: {repository, clock}}: Workspace): Promise<Judgement> {
  if (repository.remote === null) return noRemote
  try {
    await provePushRight(repository, clock.now())
  } catch (error) {
    if (!(error instanceof RemoteRefused)) throw error
    const {what, why = '', next = ''} = error.parts
    return fail(joined([what, why], ' '), {next})
  }
  return pass({
    fr: 'refs/postgate/* : créé, déplacé, supprimé',
    en: 'refs/postgate/*: made, moved, deleted',
  })
}

async function committed(workspace: Workspace): Promise<Judgement> {
  const names = await notCommitted(workspace)
  const folders = new Set(
    names.map((path) => path.replace(/(^|\/)(runbooks|templates)\/.*$/, '$1$2')),
  )
  const paths = [...folders].sort()
  const {repository, project} = workspace.world
  const commands = committing({...repository, project, paths, message: 'Postgate'}).join(' && ')
  const shown = `${names.slice(0, 3).join(', ')}${names.length > 3 ? `, … (+${names.length - 3})` : ''}`
  return names.length === 0
    ? pass({fr: 'postgate.yaml, runbooks, modèles', en: 'postgate.yaml, runbooks, templates'})
    : fail(
        {fr: `pas encore : ${shown}`, en: `not yet: ${shown}`},
        {
          next: {
            fr: `seule compte la version committée : ${commands}`,
            en: `only what is committed counts: ${commands}`,
          },
        },
      )
}

/** What `init` writes, what it completes, and PROD's shape, as git sees it changed; a bundle inside the project is one thing, by its folder. */
async function notCommitted({
  world: {repository, bundle},
  project,
}: Workspace): Promise<readonly string[]> {
  const inside = relative(repository.root, bundle)
  const {staged, unstaged, untracked} = await repository.status()
  const ours =
    /(?:^|\/)(?:postgate\.yaml|runbooks\/.*|templates\/.*)$|^\.gitignore$|^\.github\/workflows\/nightly\.yml$/
  const isBundles = (path: string) => inside !== '' && path.startsWith(`${inside}/`)
  const shape = project.database?.shape
  const policy = [...staged, ...unstaged, ...untracked].filter(
    (path) => ours.test(path) || path === shape,
  )
  const open = [...policy, ...untracked.filter(isBundles)]
  return [...new Set(open.map((path) => (isBundles(path) ? inside : path)))]
}

export async function policyLines(workspace: Workspace): Promise<DoctorLine[]> {
  // Before the first release there is none; one that is there and cannot be used stands in every run's way.
  const known = (await gatesByMonth(workspace.world.project)).size > 0
  return [
    {title: 'runbooks', judge: () => runbooks(workspace)},
    ...(known
      ? await gateLines(workspace)
      : [{title: 'Release Gate', advice: true, judge: () => noGate(workspace)}]),
    ...(workspace.project.environments.production === undefined
      ? []
      : [
          {
            title: {fr: 'Personnes qui signent', en: 'People who sign'},
            judge: () => people(workspace),
          },
        ]),
  ]
}

const noGate = async ({world: {project}}: Workspace) =>
  fail({fr: 'aucun', en: 'none'}, {next: await gateOpening(project)})

async function runbooks({policy}: Workspace): Promise<Judgement> {
  const names = ['staging', 'production', 'freeze'] as const
  const read = await Promise.all(names.map((name) => policy.runbook(name)))
  const problems = read.flatMap((each) => [...each.problems, ...missedItems(each.document)])
  const [first] = problems
  return first === undefined
    ? pass(read.map(({path}) => path).join(', '))
    : fail(first.placed, {
        next: 'npx zx scripts/lint.ts',
      })
}

/** The gate that a run would rest on, as `gate.ts check` judges it; one that cannot be read is told too. */
async function gateLines(workspace: Workspace): Promise<DoctorLine[]> {
  try {
    const args = argumentsOf({lang: workspace.terminal.lang})
    const session = await sessionOf(
      workspace,
      {scenario: 'freeze', phases: [], rollback: null},
      args,
    )
    const {path, tag, entries} = session.gate
    const facts = await gateFacts(session)
    const open = entries.filter(({mark}) => mark !== 'validated').length
    const known = pass({
      fr: `${path} : ${tag} ; ${entries.length - open} ${entries.length - open > 1 ? 'lignes validées' : 'ligne validée'} sur ${entries.length}`,
      en: `${path}: ${tag}; ${entries.length - open} of ${entries.length} entries validated`,
    })
    return [
      {title: 'Release Gate', judge: async () => known},
      ...facts.map(
        ({title, judgement, silent}): DoctorLine => ({
          title: joined(['Release Gate', title], ' · '),
          advice: silent,
          judge: async () => judgement,
        }),
      ),
    ]
  } catch (error) {
    // Told on its own line, as the doctor tells any problem.
    return [{title: 'Release Gate', judge: () => Promise.reject(error)}]
  }
}

async function people(workspace: Workspace): Promise<Judgement> {
  const {world, policy} = workspace
  const open = (await notCommitted(workspace)).filter((path) =>
    /decision\.md$|_signers$/.test(path),
  )
  // The line that commits them stands above.
  if (open.length > 0)
    return unknown({
      fr: `pas encore committé : ${open.join(', ')}`,
      en: `not committed yet: ${open.join(', ')}`,
    })
  const roster = await readRoster({world, policy})
  if (roster.wildcard !== null) {
    return fail(`${roster.allowed.path}:${roster.wildcard.line}: *`, {
      next: {fr: 'retirer cette ligne', en: 'take this line out'},
    })
  }
  const broken = brokenLines(roster)
  if (broken.length > 0) {
    return fail(
      {fr: `pas une clé : ${broken.join(', ')}`, en: `no key: ${broken.join(', ')}`},
      {next: {fr: 'corriger ou retirer ces lignes', en: 'correct these lines, or take them out'}},
    )
  }
  const now = world.clock.now()
  const able = roster.people.filter(({address}) => keysOf(roster, address, now).length > 0)
  const next = {
    fr: `compléter ${roster.decision.path} et ${roster.allowed.path}, par une modification relue`,
    en: `complete ${roster.decision.path} and ${roster.allowed.path}, through a reviewed change`,
  }
  if (roster.people.length === 0) {
    return unknown({fr: 'personne n’est inscrit', en: 'nobody is entered'}, {next})
  }
  const names = able.map(({name, role}) => `${name} (${role})`).join(', ')
  return able.length > 0
    ? pass(names)
    : fail({fr: 'personne n’a de clé connue', en: 'nobody has a known key'}, {next})
}
