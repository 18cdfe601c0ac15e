// What a fault is, and what surviving it means: a named end (never 70), words that say what, why and
// what next, a report where something was changed, and a next command that really helps.

import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import type {Ended} from './command.ts'
import {type Flags, type Lies, openStage, type Stage} from './stage.ts'

export interface Fault {
  readonly name: string
  /** Prepares the world, and says what lies in the first command. */
  readonly lies?: (stage: Stage) => Lies | Promise<Lies>
  readonly flags?: Flags
  /** Exit code of the command. */
  readonly exit: 0 | 1 | 2 | 3 | 4
  /** Words that it has to say. */
  readonly says?: RegExp
  /** What is served behind the first command; not asked where the host is another. */
  readonly served?: 'new' | 'old'
  /** What the first command must have left. */
  readonly check?: (stage: Stage, ended: Ended) => void | Promise<void>
  /** The next command, behind what a person does first. */
  readonly next?: Next
  /** How many releases may have been put into the folder of releases at the end; 1 unless said. */
  readonly releases?: number
  /** Where it is played on something else than a stage: throws where it is not survived. */
  readonly play?: () => Promise<void>
}

export interface Next {
  readonly after?: (stage: Stage) => Lies | undefined | Promise<Lies | undefined>
  readonly flags?: Flags
  readonly exit: 0 | 1 | 2 | 3 | 4
  readonly served?: 'new' | 'old'
  readonly says?: RegExp
  readonly check?: (stage: Stage) => void
  readonly next?: Next
}

/** Plays it on a stage of its own. Throws where it is not survived. */
export async function survive(fault: Fault): Promise<void> {
  if (fault.play !== undefined) return fault.play()
  const stage = await openStage()
  try {
    const lies = await fault.lies?.(stage)
    const ended = await stage.run(lies, fault.flags)
    await judge(stage, ended, fault)
    try {
      await fault.check?.(stage, ended)
    } catch (error) {
      throw new Error(
        `${error instanceof Error ? error.message : error}\n${ended.said.slice(-2500)}`,
      )
    }
    let last = ended
    let own = lies
    for (let next = fault.next; next !== undefined; next = next.next) {
      const changed = await next.after?.(stage)
      // The setting stays; only what lied is gone.
      own = {...own, before: {}, catalogue: (real) => real, ...changed}
      last = await stage.run(own, next.flags)
      await judge(stage, last, next)
      next.check?.(stage)
    }
    whole(stage, last, fault.releases ?? 1)
  } finally {
    await stage.close()
  }
}

async function judge(
  stage: Stage,
  ended: Ended,
  {exit, says, served}: Pick<Fault, 'exit' | 'says' | 'served'>,
): Promise<void> {
  const lost = (why: string) => new Error(`${why}\n${ended.said.slice(-2500)}`)
  if (ended.defect !== null) throw lost(`a defect (70): ${ended.defect}`)
  if (ended.exit !== exit) throw lost(`exit ${ended.exit}, wanted ${exit}`)
  if (says !== undefined && !says.test(ended.said)) throw lost(`does not say ${says}`)
  if (ended.exit > 1 && !/ {2}next/.test(ended.said)) throw lost('does not say what next')
  if (ended.problem !== null && (ended.problem.why ?? '') === '' && ended.exit === 3)
    throw lost('does not say why')
  if (served !== undefined) {
    const title = served === 'new' ? 'nouveau' : 'ancien'
    const text = await stage.served()
    if (!text.includes(title)) throw lost(`serves ${JSON.stringify(text)}, not ${title}`)
  }
  if (ended.exit > 1) return
  const events = stage.events()
  const deployed = events.some((event) => event.type === 'step-intended' && event.step === 'deploy')
  if (deployed && stage.report() === '')
    throw lost('something was deployed, and there is no report')
}

/** Nothing lost: the journal reads, the repositories are sound, nothing happened twice, nothing is held. */
function whole(stage: Stage, {exit, said}: Ended, releases: number): void {
  stage.events()
  for (const folder of [stage.project, stage.remote])
    execFileSync('git', ['-C', folder, 'fsck', '--connectivity-only'], {stdio: 'pipe'})
  const made = readdirSync(join(stage.hosting, 'releases')).length - 1
  if (made > releases) throw new Error(`${made} releases were made\n${said}`)
  if (exit > 1) return
  if (existsSync(stage.journalFile)) throw new Error(`the run is still open\n${said}`)
  const held = stage.remoteGit('for-each-ref', 'refs/postgate/lease')
  if (held !== '') throw new Error(`the lease is still held\n${said}`)
}

export const wrong = (why: string): never => {
  throw new Error(why)
}
