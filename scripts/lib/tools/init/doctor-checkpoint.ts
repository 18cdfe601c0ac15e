// What the phases would refuse, seen in the commit that the gate names, or in HEAD before there is a gate.

import type {Environment} from '../../domain/event.ts'
import {Problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Database} from '../../kit/ports/database.ts'
import {gatesByMonth, readGate} from '../../policy/gate-file.ts'
import {codeOf} from '../../proofs/code.ts'
import {foreseen} from '../../proofs/foreseen.ts'
import type {Workspace} from '../../run/session.ts'
import {shortList} from '../../words/observed.ts'
import type {DoctorLine} from './doctor-line.ts'

interface Gated {
  readonly tag: string
  /** null: it is not in this clone. */
  readonly commit: string | null
}

/** What the gate that a run would rest on names; null where there is none, or none that can be used. */
async function gated({world}: Workspace): Promise<Gated | null> {
  if ((await gatesByMonth(world.project)).size === 0) return null
  try {
    const {tag, commit} = await readGate(world.project, undefined, world.repository.asCommitted)
    return {tag, commit: await world.repository.resolveCommit(commit)}
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** One line each; nothing where an adapter does not exist, which its own line says. */
export async function foreseenLines(
  workspace: Workspace,
  environment: Environment,
  settings: ProjectEnvironment,
  tools: () => Promise<AdapterTools>,
): Promise<DoctorLine[]> {
  const {world, project, catalogue} = workspace
  const commit = (await gated(workspace))?.commit ?? (await world.repository.headCommit())
  const hosting = catalogue.hosting[settings.hosting.adapter]
  const builder = catalogue.builder[project.builder.adapter]
  const database = catalogue.database[project.database?.adapter ?? '']
  if (commit === null || hosting === undefined || builder === undefined) return []
  if (project.database !== undefined && database === undefined) return []
  let opened: Database | null = null
  const lines = await foreseen({
    ...{world, project, environment, commit, env: () => workspace.env(environment)},
    builder: async () => (await builder())(await tools()),
    hosting: async () => (await hosting())(await tools(), settings),
    database: async () => {
      if (database === undefined) throw new Error('there is no database')
      opened = await (await database())(await tools())
      return opened
    },
  })
  // What is the same for both is said once.
  const wanted = environment === 'staging' ? lines : lines.filter(({own}) => own)
  return wanted.map(({title, judge}) => ({
    title,
    judge: async () => {
      try {
        return await judge()
      } finally {
        await opened?.close()
        opened = null
      }
    },
  }))
}

/** Code that came after the tag: the start is blocked, and with it a new shape of PROD. */
export async function codeSinceTag(workspace: Workspace): Promise<DoctorLine[]> {
  const gate = await gated(workspace)
  if (gate?.commit == null) return []
  const {tag, commit} = gate
  return [
    {
      title: {fr: `Code depuis ${tag}`, en: `Code since ${tag}`},
      judge: () => codeAfter(workspace, {tag, commit}),
    },
  ]
}

async function codeAfter(
  {world, project}: Workspace,
  {tag, commit}: {readonly tag: string; readonly commit: string},
): Promise<Judgement> {
  const {repository} = world
  const main = await repository.remoteMain()
  if (main === null) return pass({fr: 'rien n’est poussé', en: 'nothing is pushed'})
  await repository.fetchCommit(main.sha)
  const files = await repository.changedFiles(commit, main.sha, codeOf({world, project}))
  return files.length === 0
    ? pass({fr: 'aucun', en: 'none'})
    : fail(shortList(files, 8), {
        next: {
          fr: `livrer depuis un nouveau tag qui contient ces fichiers, et ouvrir son gate : ${tag} ne les a pas`,
          en: `release from a new tag that contains these files, and open its gate: ${tag} does not have them`,
        },
      })
}
