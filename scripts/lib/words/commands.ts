// Commands in what is shown to a person find the same project again: whatever names one of the bundle's
// scripts is given the flags that say where, so that it can be pasted as it stands.

// The command, and the flags and plain words behind it.
const command = /npx zx scripts\/[\w/-]+\.ts(?: (?:open|check|nightly-post-mortem)\b)?/g
// Where a sentence goes on, or another command begins.
const ends = /\n|[`;»]|, |npx zx/

/** `text` with `flags` (` --sandbox`, ` --project DIR`, or nothing) in each command that has neither. */
export function commandsWith(text: string, flags: string): string {
  if (flags === '') return text
  return text.replace(command, (found, at: number) => {
    const [own = ''] = text.slice(at + found.length).split(ends)
    return /--(?:sandbox|project)\b/.test(own) ? found : `${found}${flags}`
  })
}
