// A program that this machine lacks is no defect of ours: it is told as what to install (2).

import {type Problem, problem} from '../domain/problem.ts'
import {findProgram} from './program.ts'

/** Debian's package of each program that the bundle starts by itself. */
const packages: Readonly<Record<string, string>> = {git: 'git', 'ssh-keygen': 'openssh-client'}

/** The `Problem` (2) that a program which could not be started is for people; null for anything else. */
export async function missingProgram(error: unknown): Promise<Problem | null> {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return null
  const [, name] = /^spawn(?:Sync)? ([^/]+)$/.exec(String(error.syscall)) ?? []
  if (error.code !== 'ENOENT' || name === undefined) return null
  // Node says the same of a folder that is not there.
  if ((await findProgram(name, process.env)) !== null) return null
  const wanted = packages[name]
  const again = {fr: 'puis relancez la même commande', en: 'then run the same command again'}
  const install = wanted === undefined ? name : `apt-get install -y ${wanted}`
  return problem({
    what: {
      fr: `Il manque un programme sur cette machine : ${name}.`,
      en: `A program is missing on this machine: ${name}.`,
    },
    why: {
      fr: `aucun ${name} dans PATH : ${process.env.PATH ?? ''}`,
      en: `no ${name} on PATH: ${process.env.PATH ?? ''}`,
    },
    next: {fr: `${install} ; ${again.fr}`, en: `${install}; ${again.en}`},
    exit: 2,
  })
}
