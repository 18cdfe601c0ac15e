// The programs of this machine: there or not, and in which version.

import {constants} from 'node:fs'
import {access, mkdir} from 'node:fs/promises'
import {findProgram} from '../../base/program.ts'
import type {Project} from '../../domain/project.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import {runProgram} from '../../guard/process/run-program.ts'
import type {World} from '../../store/world.ts'
import type {DoctorLine} from './doctor-line.ts'

const slowest = 20_000

export function machineLines(world: World, project: Project): DoctorLine[] {
  const program = (name: string, version: readonly string[], mend: Text, advice = false) => ({
    ...{title: name, advice},
    judge: () => programVersion(world, {name, version, mend}),
  })
  const browser = Object.values(project.environments).some(
    (each) => each !== undefined && each.smoke.browser !== 'off',
  )
  return [
    {title: 'Node', judge: async () => node()},
    program('git', ['--version'], install('git')),
    program('ssh-keygen', [], install('openssh-client')),
    {title: {fr: 'Cache', en: 'Cache'}, judge: () => writable(world.cache)},
    ...(project.database === undefined
      ? []
      : [
          program(
            'pg_dump',
            ['--version'],
            {
              fr: 'apt-get install postgresql-client ; sans lui la sauvegarde est une copie par table',
              en: 'apt-get install postgresql-client; without it the backup is a copy of each table',
            },
            true,
          ),
        ]),
    ...(browser
      ? [{title: 'Chromium', advice: true, judge: () => chromium(world)} satisfies DoctorLine]
      : []),
    ...(project.ci === undefined ? [] : [token(world, ['GITHUB_TOKEN', 'GH_TOKEN'])]),
    ...(project.database?.adapter === 'supabase'
      ? [{...token(world, ['SUPABASE_ACCESS_TOKEN']), advice: true}]
      : []),
  ]
}

const install = (packageName: string): Text => ({
  fr: `l’installer : apt-get install ${packageName}`,
  en: `install it: apt-get install ${packageName}`,
})

function node(): Judgement {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > 20 || (major === 20 && minor >= 19)
    ? pass(process.versions.node)
    : fail(process.versions.node, {next: 'Node >= 20.19'})
}

interface Program {
  readonly name: string
  /** Arguments that print a version; none: only whether it is there. */
  readonly version: readonly string[]
  readonly mend: Text
}

/** First line of what the program says of itself. */
export async function programVersion(
  {environment}: World,
  {name, version, mend}: Program,
): Promise<Judgement> {
  const path = await findProgram(name, environment)
  if (path === null) {
    return fail(
      {fr: `${name} est introuvable dans PATH`, en: `${name} was not found on PATH`},
      {next: mend},
    )
  }
  if (version.length === 0) return pass(path)
  const {exit, stdout} = await runProgram({
    ...{program: path, args: version, timeoutMs: slowest},
    env: {PATH: environment.PATH, HOME: environment.HOME, CI: 'true'},
  })
  if (exit === 0) return pass(`${stdout.trim().split('\n')[0] ?? ''} (${path})`)
  return unknown(
    {fr: `${path} ne dit pas sa version`, en: `${path} does not tell its version`},
    {next: mend},
  )
}

async function writable(folder: string): Promise<Judgement> {
  try {
    await mkdir(folder, {recursive: true, mode: 0o700})
    await access(folder, constants.W_OK)
    return pass(folder)
  } catch {
    return fail(
      {fr: `${folder} n’est pas inscriptible`, en: `${folder} cannot be written`},
      {next: 'XDG_CACHE_HOME'},
    )
  }
}

async function chromium({environment}: World): Promise<Judgement> {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']) {
    const path = await findProgram(name, environment)
    if (path !== null) return pass(path)
  }
  return fail(
    {fr: 'aucun navigateur', en: 'no browser'},
    {
      next: {
        fr: 'apt-get install chromium ; sans lui les pages sont demandées à une personne',
        en: 'apt-get install chromium; without it a person is asked about the pages',
      },
    },
  )
}

/** Whether a variable is set; never its value. */
function token({environment}: World, names: readonly string[]): DoctorLine {
  const [name = ''] = names
  const set = names.find((each) => (environment[each] ?? '') !== '')
  return {
    title: name,
    advice: true,
    judge: async () =>
      set === undefined
        ? fail(
            {fr: 'non défini', en: 'not set'},
            {
              next: {
                fr: `export ${name}=… ; sans jeton, ce qui en demande un est attesté par une personne`,
                en: `export ${name}=…; without a token a person attests what needs one`,
              },
            },
          )
        : pass({fr: `défini (${set})`, en: `set (${set})`}),
  }
}
