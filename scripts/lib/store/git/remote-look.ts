// What the remote says, asked once for everything: a look receives all refs whatever names it is given, so
// one look answers for lease, main, tags, approvals, incidents and records together.

import {remoteAway, remoteSilenceMs} from './remote-problem.ts'
import {type Git, lastWords} from './run.ts'

export interface RemoteLook {
  /** By full name; annotated tags also peeled, as `<ref>^{}`. */
  readonly refs: ReadonlyMap<string, string>
  /** The branch that the remote's HEAD names; null where it names none. */
  readonly head: string | null
}

export interface RefMade {
  readonly ref: string
  /** null: deleted. */
  readonly to: string | null
  /** Of an annotated tag, the commit that it stands on. */
  readonly peeled?: string | undefined
}

export interface RemoteLooks {
  /** `again`: whatever is known. Throws `RemoteAway` (3) when the remote does not answer. */
  readonly look: (how?: {readonly again?: boolean}) => Promise<RemoteLook>
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
}

export function remoteLooks({git, remote, maxAgeMs}: Parts): RemoteLooks {
  let known: {readonly at: number; readonly look: Promise<RemoteLook>} | undefined
  return {
    look({again = false} = {}) {
      const now = performance.now()
      if (!again && known !== undefined && now - known.at < maxAgeMs) return known.look
      const look = ask(git, remote)
      const asked = {at: now, look}
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
      const {at, look} = known
      const next = {at, look: look.then(({refs, head}) => ({refs: withMade(refs, made), head}))}
      next.look.catch(() => {})
      known = next
    },
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
