// What the phases would refuse, seen in the commit that the gate names, or in HEAD before there is a gate.

import type {Environment} from '../../domain/event.ts'
import {Problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Database} from '../../kit/ports/database.ts'
import {gatesByMonth, readGate} from '../../policy/gate-file.ts'
import {foreseen} from '../../proofs/foreseen.ts'
import type {Workspace} from '../../run/session.ts'
import type {DoctorLine} from './doctor-line.ts'

/** Of the gate that a run would rest on; null where there is none, or none that can be used. */
async function gatedCommit({world}: Workspace): Promise<string | null> {
  if ((await gatesByMonth(world.project)).size === 0) return null
  try {
    const {commit} = await readGate(world.project, undefined, world.repository.asCommitted)
    return await world.repository.resolveCommit(commit)
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
  const commit = (await gatedCommit(workspace)) ?? (await world.repository.headCommit())
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
