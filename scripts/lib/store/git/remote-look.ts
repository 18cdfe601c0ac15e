// What the remote says, asked once for everybody: one look answers for lease, main, tags, approvals and
// incidents together. Where the remote has many refs, a look is told those that are asked for alone.

import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {narrowLook, type RemoteLook} from './narrow-look.ts'
import {remoteAway, remoteSilenceMs} from './remote-problem.ts'
import {type Git, lastWords} from './run.ts'

export interface RefMade {
  readonly ref: string
  /** null: deleted. */
  readonly to: string | null
  /** Of an annotated tag, the commit that it stands on. */
  readonly peeled?: string | undefined
}

export interface LookOptions {
  /** Whatever is known. */
  readonly again?: boolean
  /** Full names, or prefixes that end with `*`, that the look has to show if they are there; absent: all. */
  readonly patterns?: readonly string[] | undefined
}

export interface RemoteLooks {
  /** Throws `RemoteAway` (3) when the remote does not answer. */
  readonly look: (how?: LookOptions) => Promise<RemoteLook>
  /** Something may have changed there: what is known serves no more. */
  readonly forget: () => void
  /** A push that ended with 0 said so itself, ref by ref: it is known without asking. */
  readonly accepted: (made: readonly RefMade[]) => void
}

interface Parts {
  readonly git: Git
  readonly remote: string
  /** For so many milliseconds a look serves whoever asks, unless it is forgotten. 0: for nobody. */
  readonly maxAgeMs: number
  /** What every look shows, so that one serves all who ask. */
  readonly common: readonly string[]
  /** Where a clone remembers that its remote has many refs; null: it remembers nothing. */
  readonly memory: string | null
}

/** From this number of refs on, only those that are asked for are listed: below it one list of all costs less. */
export const manyRefs = 1_000

interface Known {
  readonly at: number
  /** null: all refs. */
  readonly patterns: readonly string[] | null
  readonly look: Promise<RemoteLook>
}

export function remoteLooks({git, remote, maxAgeMs, common, memory}: Parts): RemoteLooks {
  let known: Known | undefined
  let isMany = remembers(memory, remote)

  const noted = (many: boolean) => {
    if (many !== remembers(memory, remote)) remember(memory, many ? remote : null)
  }
  const askAll = async (): Promise<RemoteLook> => {
    const look = await ask(git, remote)
    isMany = look.refs.size >= manyRefs
    noted(isMany)
    return look
  }
  const askFor = async (patterns: readonly string[]): Promise<RemoteLook> => {
    const look = await narrowLook(git, remote, patterns)
    if (look !== null) {
      noted(true)
      return look
    }
    const all = await askAll()
    // It could not be told apart here: asking twice each time would help nobody.
    isMany = false
    return all
  }
  return {
    look({again = false, patterns} = {}) {
      const now = performance.now()
      const serves =
        known !== undefined && now - known.at < maxAgeMs && shows(known.patterns, patterns)
      if (!again && known !== undefined && serves) return known.look
      const wanted =
        isMany && patterns !== undefined ? [...new Set([...common, ...patterns])] : null
      const look = wanted === null ? askAll() : askFor(wanted)
      const asked = {at: now, patterns: wanted, look}
      known = asked
      look.catch(() => {
        if (known === asked) known = undefined
      })
      return look
    },
    forget() {
      known = undefined
    },
    accepted(made) {
      if (known === undefined) return
      const {look, ...rest} = known
      const next = {
        ...rest,
        look: look.then(({refs, head}) => ({refs: withMade(refs, made), head})),
      }
      next.look.catch(() => {})
      known = next
    },
  }
}

/** Whether what was asked for holds all of what is wanted. */
function shows(asked: Known['patterns'], wanted: LookOptions['patterns']): boolean {
  if (asked === null) return true
  return (
    wanted?.every((each) =>
      asked.some((one) => (one.endsWith('*') ? each.startsWith(one.slice(0, -1)) : one === each)),
    ) ?? false
  )
}

function remembers(memory: string | null, remote: string): boolean {
  if (memory === null || !existsSync(memory)) return false
  return readFileSync(memory, 'utf8') === remote
}

/** It saves bytes, nothing else: where it cannot be written, nothing is said. */
function remember(memory: string | null, remote: string | null): void {
  if (memory === null || !existsSync(dirname(memory))) return
  try {
    if (remote === null) rmSync(memory, {force: true})
    else writeFileSync(memory, remote)
  } catch {
    // a disk that is full or read-only
  }
}

function withMade(refs: ReadonlyMap<string, string>, made: readonly RefMade[]) {
  const now = new Map(refs)
  for (const {ref, to, peeled} of made) {
    now.delete(`${ref}^{}`)
    if (to === null) now.delete(ref)
    else now.set(ref, to)
    if (to !== null && peeled !== undefined) now.set(`${ref}^{}`, peeled)
  }
  return now
}

async function ask(git: Git, remote: string): Promise<RemoteLook> {
  const asked = ['ls-remote', '--quiet', '--symref', remote]
  const result = await git.attempt(asked, {timeoutMs: remoteSilenceMs})
  if (result.exitCode !== 0) throw remoteAway(remote, lastWords(result))
  return readLook(result.stdout.toString('utf8'))
}

/** What `git ls-remote --symref` prints. */
export function readLook(text: string): RemoteLook {
  const refs = new Map<string, string>()
  let head: string | null = null
  for (const line of text.split('\n')) {
    const [value, ref] = line.split('\t')
    if (!value || !ref) continue
    if (ref !== 'HEAD') refs.set(ref, value)
    else if (value.startsWith('ref: ')) head = value.slice('ref: '.length)
  }
  return {refs, head}
}
