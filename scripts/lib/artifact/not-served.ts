// Files of an artifact that users do not get, and are not meant to: those that a host's own tool leaves
// behind, and names with a dot that a web server keeps to itself.

/**
 * True where a host is not given this file. `.*`: any part of the path with a dot before it, but
 * `.well-known`; `**` + `/name`: that name in any folder, where a `*` is any part of it; `folder/`: all
 * below it; `folder/*`: what lies in it, without folders; else an exact path.
 */
export function isIgnored(path: string, ignored: readonly string[]): boolean {
  const parts = path.split('/')
  const name = parts.at(-1) ?? ''
  return ignored.some((pattern) => {
    if (pattern === '.*') return parts.some(hasDot)
    if (pattern.startsWith('**/')) return nameLike(pattern.slice(3)).test(name)
    if (pattern.endsWith('/*')) return path === `${pattern.slice(0, -1)}${name}`
    return pattern.endsWith('/') ? path.startsWith(pattern) : path === pattern
  })
}

const nameLike = (pattern: string) =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's')

interface Answered {
  readonly path: string
  readonly kind: 'missing' | 'different' | 'unanswered'
  readonly status?: number
}

/**
 * Of what is not right, the names with a dot that the web server keeps to itself: those it forbids, and
 * those it says are not there, where it says so of every one of them. One that is served tells that the
 * server has no such rule, and what is missing is missing.
 */
export function notServed<Left extends Answered>(
  left: readonly Left[],
  asked: readonly {readonly path: string}[],
): readonly Left[] {
  const dotted = asked.filter(({path}) => path.split('/').some(hasDot)).length
  const missing = left.filter(({path, kind}) => kind === 'missing' && path.split('/').some(hasDot))
  return missing.length === dotted ? missing : missing.filter(({status}) => status === 403)
}

const hasDot = (part: string) => /^\.(?!well-known$)/.test(part)
