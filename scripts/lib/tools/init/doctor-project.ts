// The clone and its documents: remote, rights, gate, runbooks, and who may sign.

import {join, relative} from 'node:path'
import {keysOf, readRoster} from '../../approvals/roster.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {Workspace} from '../../run/session.ts'
import {lastWords} from '../../store/git/run.ts'
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

/** Asks the remote whether it would take one of our refs; a dry run writes nothing. */
async function mayPush({world: {repository}}: Workspace): Promise<Judgement> {
  const {git, remote} = repository
  if (remote === null) return noRemote
  const result = await git.attempt([
    ...['push', '--dry-run', '--quiet', '--no-verify', '--no-follow-tags'],
    ...[remote, 'HEAD:refs/postgate/doctor'],
  ])
  return result.exitCode === 0
    ? pass('refs/postgate/*')
    : fail(lastWords(result), {
        next: {
          fr: 'obtenir le droit de pousser refs/postgate/* et la branche des documents',
          en: 'get the right to push refs/postgate/* and the documents’ branch',
        },
      })
}

async function committed({world: {repository}}: Workspace): Promise<Judgement> {
  const {staged, unstaged, untracked} = await repository.status()
  const open = [...staged, ...unstaged, ...untracked].filter((path) =>
    /(^|\/)(postgate\.yaml|runbooks\/.*|templates\/.*)$/.test(path),
  )
  const names = [...new Set(open)]
  const shown = `${names.slice(0, 3).join(', ')}${names.length > 3 ? `, … (+${names.length - 3})` : ''}`
  return names.length === 0
    ? pass({fr: 'postgate.yaml, runbooks, modèles', en: 'postgate.yaml, runbooks, templates'})
    : fail(
        {fr: `pas encore : ${shown}`, en: `not yet: ${shown}`},
        {
          next: {
            fr: 'les committer et les pousser : seule compte la version committée',
            en: 'commit and push them: only what is committed counts',
          },
        },
      )
}

export function policyLines(workspace: Workspace): DoctorLine[] {
  return [
    {title: 'runbooks', judge: () => runbooks(workspace)},
    {title: 'Release Gate', advice: true, judge: () => gates(workspace)},
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

async function runbooks({policy}: Workspace): Promise<Judgement> {
  const names = ['staging', 'production', 'freeze'] as const
  const read = await Promise.all(names.map((name) => policy.runbook(name)))
  const problems = read.flatMap((each) => each.problems)
  const [first] = problems
  return first === undefined
    ? pass(read.map(({path}) => path).join(', '))
    : fail(first.placed, {
        next: 'npx zx scripts/lint.ts',
      })
}

async function gates({world}: Workspace): Promise<Judgement> {
  const {globby} = await import('globby')
  const found = await globby('docs/RELEASE_GATE_*.md', {cwd: world.project})
  return found.length > 0
    ? pass(found.sort().join(', '))
    : fail(
        {fr: 'aucun', en: 'none'},
        {next: `npx zx ${script(world.project, world.bundle)}gate.ts open --tag <tag>`},
      )
}

const script = (project: string, bundle: string): string => {
  const inside = relative(project, bundle)
  return inside === '' || inside.startsWith('..') ? 'scripts/' : join(inside, 'scripts/')
}

async function people({world, policy}: Workspace): Promise<Judgement> {
  const roster = await readRoster({world, policy})
  if (roster.wildcard !== null) {
    return fail(`${roster.allowed.path}:${roster.wildcard.line}: *`, {
      next: {fr: 'retirer cette ligne', en: 'take this line out'},
    })
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
