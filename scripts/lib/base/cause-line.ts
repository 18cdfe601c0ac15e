// The line of a failed program's output that tells why. Programs go on printing after the cause (rsync ends
// with its exit code, ssh with a closed connection), so that the last line is hardly ever it.

/** What the system or a server refused, in the words of libc, OpenSSH and curl. */
const refusals =
  /no space left on device|disk quota exceeded|read-only file system|permission denied|operation not permitted|too many open files|cannot allocate memory|input\/output error|host key verification failed|host identification has changed|too many authentication failures|authentication failed|connection (?:refused|timed out|reset by)|operation timed out|network is unreachable|no route to host|could not resolve host|temporary failure in name resolution|certificate (?:has expired|verify failed)|\b(?:ENOSPC|EDQUOT|EROFS|EACCES|ECONNREFUSED|ENOTFOUND)\b/i

// psql, pg_restore, git, compilers: `file:12: ERROR: ...`, `error: ...`, `fatal: ...`, `PANIC: ...`
const namesAnError = /(?:^|[\s:[(])(?:error|fatal|panic|erreur)\]?\s*:/i
const warns = /(?:^|[\s:[(])(?:warning|attention|notice)\]?\s*:/i

// Colours and cursor moves.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
const escapes = /\u001B\[[0-9;?]*[A-Za-z]/g

/** Trimmed; '' of an output that says nothing. */
export function causeLine(output: string): string {
  const lines = output
    .replace(escapes, '')
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const telling = lines.filter((line) => !warns.test(line))
  return (
    telling.find((line) => refusals.test(line)) ??
    telling.find((line) => namesAnError.test(line)) ??
    lines.at(-1) ??
    ''
  )
}

/** `exit 11: No space left on device`: the end of a program, with what it said of it. */
export function withCause(end: string, output: string): string {
  const cause = causeLine(output)
  return cause === '' ? end : `${end}: ${cause}`
}
