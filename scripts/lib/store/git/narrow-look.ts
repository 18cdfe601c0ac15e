// A look that is told the refs asked for, and no others. `ls-remote` is told all whatever it is given; a fetch
// of patterns sends their prefixes along (protocol 2), and its packet trace shows the very answer, with
// peeled tags and with what HEAD names. Whatever is odd about it answers null: then all are asked for.

import {randomBytes} from 'node:crypto'
import {readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {remoteAway, remoteSilenceMs} from './remote-problem.ts'
import {type Git, lastWords} from './run.ts'

export interface RemoteLook {
  /** By full name; annotated tags also peeled, as `<ref>^{}`. */
  readonly refs: ReadonlyMap<string, string>
  /** The branch that the remote's HEAD names; null where it names none. */
  readonly head: string | null
}

/** `patterns`: full names, or prefixes that end with `*`. Nothing here changes but objects. Throws
 * `RemoteAway` where the remote was silent. */
export async function narrowLook(
  git: Git,
  remote: string,
  patterns: readonly string[],
): Promise<RemoteLook | null> {
  const trace = join(tmpdir(), `postgate-look-${randomBytes(8).toString('hex')}`)
  // Made first, so that nobody else reads it.
  await writeFile(trace, '', {mode: 0o600, flag: 'wx'})
  try {
    const asked = await git.attempt(
      [
        ...['fetch', '--dry-run', '--quiet', '--no-tags', '--refmap='],
        ...['--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules', remote],
        // A name that is missing ends a fetch, a pattern that nothing matches does not.
        ...['HEA*', ...patterns].map((pattern) => {
          const glob = pattern.endsWith('*') ? pattern : `${pattern}*`
          return `${glob}:refs/postgate/look/${glob}`
        }),
      ],
      {timeoutMs: remoteSilenceMs, environment: {GIT_TRACE_PACKET: trace}},
    )
    if (asked.exitCode < 0) throw remoteAway(remote, lastWords(asked))
    return asked.exitCode === 0 ? readTrace(await readFile(trace, 'latin1')) : null
  } finally {
    await rm(trace, {force: true})
  }
}

const request = /packet:\s+fetch> command=ls-refs$/
const answer = /packet:\s+fetch< (.*)$/
const line = /^([0-9a-f]{40}|[0-9a-f]{64}) (\S+)((?: (?:peeled|symref-target):\S+)*)$/

/** null where it is not the whole answer to one question. */
export function readTrace(trace: string): RemoteLook | null {
  const lines = trace.split('\n')
  const asked = lines.findIndex((each) => request.test(each))
  if (asked < 0) return null
  const refs = new Map<string, string>()
  let head: string | null = null
  for (const each of lines.slice(asked)) {
    const said = answer.exec(each)?.[1]
    if (said === undefined) continue
    if (said === '0000') return {refs, head}
    // A HEAD that names a branch without commits.
    if (said.startsWith('unborn ')) continue
    const [, id, name, more = ''] = line.exec(said) ?? []
    if (id === undefined || name === undefined) return null
    const ref = unescaped(name)
    if (ref === null) return null
    const peeled = / peeled:(\S+)/.exec(more)?.[1]
    const target = / symref-target:(\S+)/.exec(more)?.[1]
    if (ref === 'HEAD') head = target === undefined ? null : unescaped(target)
    else refs.set(ref, id)
    if (ref !== 'HEAD' && peeled !== undefined) refs.set(`${ref}^{}`, peeled)
  }
  return null
}

/** Bytes beyond ASCII stand there in octal, with their sign extended where the machine's are signed. */
function unescaped(name: string): string | null {
  const bytes = name.replace(/\\(?:37777777([0-7]{3})|([0-3][0-7]{2}))/g, (_, signed, plain) =>
    String.fromCharCode(Number.parseInt(signed ?? plain, 8) & 0xff),
  )
  return bytes.includes('\\') ? null : Buffer.from(bytes, 'latin1').toString('utf8')
}
