// A disk that answers a single call with an error: strace answers in the kernel's place, to this
// process and to every program that it starts, from one moment of the run to the end of the command.

import {spawn} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Fault, type Next, wrong} from './fault.ts'
import {duringDeployment} from './lying-host.ts'
import type {Lies, Stage} from './stage.ts'

interface Answer {
  /** `fsync:error=EIO:when=1`, as strace takes it; counted in each thread by itself. */
  readonly inject: string
  /** Only calls that are about this file. */
  readonly path?: string
}

/** Lies from now on. Answers how many calls it has lied to, and ends. */
async function lieTo({inject, path}: Answer): Promise<() => Promise<number>> {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-strace-'))
  const log = join(folder, 'log')
  const [calls = ''] = inject.split(':')
  const strace = spawn(
    'strace',
    [
      ...['-f', '-o', log, '-e', `trace=${calls}`, '-e', `inject=${inject}`],
      ...(path === undefined ? [] : ['-P', path]),
      ...['-p', String(process.pid)],
    ],
    {stdio: ['ignore', 'ignore', 'pipe']},
  )
  const ended = new Promise<void>((resolve) => {
    strace.on('close', () => resolve())
    strace.on('error', () => resolve())
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    strace.stderr.on('data', (chunk) => {
      said += String(chunk)
      if (/attached/.test(said)) resolve()
    })
    strace.on('error', reject)
    strace.on('close', () => reject(new Error(`strace cannot trace this process: ${said}`)))
  })
  return async () => {
    strace.kill('SIGINT')
    await ended
    const lied = readFileSync(log, 'utf8').split('(INJECTED)').length - 1
    rmSync(folder, {recursive: true, force: true})
    return lied
  }
}

interface Moment {
  readonly when: string
  readonly lies: (happens: () => Promise<void>) => Lies
}

const before = (step: string, when: string): Moment => ({
  when,
  lies: (happens) => ({before: {[step]: happens}}),
})
const starting = before('checkpoint', 'in the first phase')
const building = before('build', 'before the build')
const deploying = before('deploy', 'right before the deployment')
const deployed: Moment = {
  when: 'between the deployment and its outcome',
  lies: (happens) => duringDeployment(happens),
}
const ending = before('served-bytes', 'towards the end')

function answered(
  what: string,
  moment: Moment,
  answer: (stage: Stage) => Answer,
  {exit = 3, served, next}: Pick<Partial<Fault>, 'exit' | 'served' | 'next'> = {},
): Fault {
  const last = new WeakMap<Stage, () => Promise<number>>()
  return {
    name: `${what} ${moment.when}`,
    lies: (stage) => {
      stage.closing(async () => void (await last.get(stage)?.()))
      return moment.lies(async () => {
        if (!last.has(stage)) last.set(stage, await lieTo(answer(stage)))
      })
    },
    exit,
    ...(served !== undefined && {served}),
    check: async (stage) => {
      const end = last.get(stage) ?? wrong('the moment never came')
      last.delete(stage)
      if ((await end()) === 0) wrong('no call was lied to')
    },
    next: next ?? goesOn,
  }
}

const goesOn: Next = {exit: 0, served: 'new'}
const goesOnWithoutLocks: Next = {
  ...goesOn,
  after: (stage) => {
    removeLocks(stage)
    return undefined
  },
}

/** What git could not remove blocks every git after it: the words name the file, and a person removes it. */
function removeLocks({remote, project}: Stage): void {
  for (const folder of [remote, join(project, '.git')])
    for (const name of readdirSync(folder, {recursive: true, encoding: 'utf8'}))
      if (name.endsWith('.lock')) rmSync(join(folder, name), {force: true})
}

const journal = (inject: string) => (stage: Stage) => ({inject, path: stage.journalFile})
const kept = (inject: string) => (stage: Stage) => ({
  inject,
  path: join(stage.project, '.git/postgate/refs-before.json'),
})
const anywhere = (inject: string) => () => ({inject})
const renames = 'rename,renameat,renameat2'

export const faults: readonly Fault[] = [
  answered('the journal is not flushed (EIO)', starting, journal('fsync:error=EIO:when=1')),
  answered('the journal is not flushed (EIO)', deploying, journal('fsync:error=EIO:when=1'), {
    served: 'old',
  }),
  answered('the journal is not flushed (EIO)', deployed, journal('fsync:error=EIO:when=1')),
  answered('the journal is not written (ENOSPC)', building, journal('write:error=ENOSPC:when=1')),
  answered('the journal is not written (EDQUOT)', deploying, journal('write:error=EDQUOT:when=1'), {
    served: 'old',
  }),
  answered('the journal is not written (EIO)', deployed, journal('write:error=EIO:when=1')),
  answered('the journal is not opened (EMFILE)', ending, journal('openat:error=EMFILE:when=1')),
  answered('the journal is not put aside (EIO)', ending, journal(`${renames}:error=EIO:when=1`)),
  answered('the refs before an act are not kept (ENOSPC)', deploying, kept('write:error=ENOSPC')),
  answered('the refs before an act are not flushed (EIO)', building, kept('fsync:error=EIO')),
  answered('nothing is renamed (EROFS)', building, anywhere(`${renames}:error=EROFS`)),
  answered('nothing is renamed (EIO)', ending, anywhere(`${renames}:error=EIO`)),
  answered('nothing is removed (EIO)', ending, anywhere('unlink,unlinkat:error=EIO'), {
    next: goesOnWithoutLocks,
  }),
]
