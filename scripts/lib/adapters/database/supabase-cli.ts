// The migrations that PROD does not have yet, by Supabase's own CLI, on a STAGING that was just rebuilt as
// PROD is: what PROD will get, rehearsed. The password travels in the environment, never on a command line.

import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import {childEnvironment} from '../../guard/environment.ts'
import {runProgram} from '../../guard/process/run-program.ts'
import type {Connection} from './connection.ts'

type Environment = Readonly<Record<string, string | undefined>>

const folder = 'supabase/migrations'

/** The folder that the CLI works in, for migrations that lie where it wants them. Throws a `Problem` (2). */
export function workFolder(root: string, migrations: string): string {
  const path = migrations.replace(/\/+$/, '')
  if (path === folder) return root
  if (path.endsWith(`/${folder}`)) return join(root, path.slice(0, -folder.length - 1))
  throw problem({
    what: {
      fr: `database.migrateWith: supabase-cli veut des migrations dans ${folder}.`,
      en: `database.migrateWith: supabase-cli wants its migrations in ${folder}.`,
    },
    why: migrations,
    next: {
      fr: 'corriger database.migrations, ou retirer database.migrateWith, dans postgate.yaml',
      en: 'correct database.migrations, or take database.migrateWith out, in postgate.yaml',
    },
    exit: 2,
  })
}

/** Whether the CLI answers, and its version: asked before anything is dropped. */
export async function cliReady(environment: Environment): Promise<Judgement> {
  const {code, stdout} = await run(['--version'], childOf(environment))
  if (code === 0) return pass(`supabase ${stdout.trim()}`)
  return fail(
    {fr: 'supabase est introuvable dans PATH', en: 'supabase was not found on PATH'},
    {
      next: {
        fr: 'installez-le : npm install -g supabase',
        en: 'install it: npm install -g supabase',
      },
    },
  )
}

/** Applies what the history lacks. Throws a `Problem` (1) with the CLI's last words. */
export async function pushMigrations(input: {
  readonly connection: Connection
  readonly work: string
  readonly environment: Environment
}): Promise<void> {
  const {connection, work, environment} = input
  const home = await mkdtemp(join(tmpdir(), 'postgate-supabase-'))
  try {
    const words = ['db', 'push', '--include-all', '--yes', '--workdir', work]
    const {code, stdout, stderr} = await run(
      [...words, '--db-url', addressOf(connection)],
      // A home of its own: the person's sign-in, and a project linked there, have no say.
      childOf(environment, {PGPASSWORD: connection.password, HOME: home, DO_NOT_TRACK: '1'}),
    )
    if (code !== 0) throw notPushed(lastLine(stderr) ?? lastLine(stdout) ?? `exit ${code}`)
  } finally {
    await rm(home, {recursive: true, force: true})
  }
}

/** Without the password: the driver takes it from PGPASSWORD. */
function addressOf({host, port, user, database, ssl}: Connection): string {
  const at = host.includes(':') ? `[${host}]` : host
  const mode = ssl === false ? 'disable' : ssl.rejectUnauthorized ? 'verify-full' : 'require'
  return `postgresql://${user}@${at}:${port}/${database}?sslmode=${mode}`
}

const childOf = (base: Environment, extra: Readonly<Record<string, string>> = {}) =>
  childEnvironment({base, mode: 'EXECUTIVE', allow: [], extra})

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

// Whatever it might ask has been answered before.
async function run(words: readonly string[], env: Record<string, string>): Promise<Ran> {
  const {exit, stdout, stderr, failure} = await runProgram({program: 'supabase', args: words, env})
  return {code: exit ?? 1, stdout, stderr: failure === null ? stderr : `${stderr}${failure}\n`}
}

const lastLine = (text: string): string | undefined =>
  text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '' && !/^Try rerunning|^A new version/.test(line))

function notPushed(why: Text) {
  return problem({
    what: {
      fr: 'supabase db push a échoué : STAGING est comme PROD, sans les migrations de cette version.',
      en: 'supabase db push failed: STAGING is as PROD is, without the migrations of this release.',
    },
    why,
    next: {
      fr: 'corriger la migration et refaire une gate, ou abandonner',
      en: 'correct the migration and make a new gate, or abort',
    },
    exit: 1,
  })
}
