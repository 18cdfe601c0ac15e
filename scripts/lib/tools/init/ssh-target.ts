// Where a release goes over SSH, in one word: as scp writes it, or as an address where the port is another.

export interface SshTarget {
  readonly host: string
  readonly root: string
  readonly port?: number
}

/** `account@machine:/folder` or `ssh://account@machine:2222/folder`; null for what is neither. */
export function sshTarget(text: string): SshTarget | null {
  const word = /^([\w.@-]+):(\/[\w./-]+)$/.exec(text)
  if (word !== null) return {host: word[1] ?? '', root: word[2] ?? ''}
  const address = /^ssh:\/\/([\w.@-]+)(?::(\d{1,5}))?(\/[\w./-]+)$/.exec(text)
  if (address === null) return null
  const [, host = '', port, root = ''] = address
  return {host, root, ...(port !== undefined && {port: Number(port)})}
}
