// Commands in what is shown to a person can be pasted as they stand. Our sentences name the bundle's scripts
// in one way (`npx zx scripts/lint.ts`); here, and nowhere else, it becomes the call that works where the
// person stands, with the flags by which it finds the same project again.

// The command, and the flags and plain words behind it.
const command = /npx zx scripts\/([\w/-]+)\.ts((?: (?:open|check|nightly-post-mortem)\b)?)/g
// Where a sentence goes on, or another command begins.
const ends = /\n|[`;»]|, |npx zx/

// A command as it stands in a sentence, with the flags behind it and what follows each.
const words = /(?:"[^"]*"|'[^']*'|<[^>]*>|[^\s"'`,;»<-][^\s,;`»]*)/.source
const typed = new RegExp(
  `(?:npx zx scripts/[\\w/-]+\\.ts|(?:npx postgate|\\bpostgate|node (?:'(?:[^']|'\\\\'')*postgate\\.js'|\\S*postgate\\.js)) [\\w/-]+)(?: (?:open|check|nightly-post-mortem|staging|production|freeze)\\b)?(?: --[\\w-]+(?:[ =]${words})?)*`,
  'g',
)
// No text of ours holds it.
const held = '\uE000'

/** Works on a text whose commands are one word each, so that no line ends within one: half a command runs. */
export const commandsWhole = (text: string, work: (text: string) => string): string =>
  work(text.replace(typed, (found) => found.replaceAll(' ', held))).replaceAll(held, ' ')

export interface Here {
  /** What starts a command from here: `postgate`, `npx postgate`, or `node` and the bundle's file. */
  readonly call: string
  /** ` --sandbox`, ` --project DIR`, or nothing. */
  readonly flags: string
}

/** `text` with each command as it is typed here; one that says its project keeps it. */
export function commandsWith(text: string, {call, flags}: Here): string {
  return text.replace(command, (found, script: string, verb: string, at: number) => {
    const [own = ''] = text.slice(at + found.length).split(ends)
    const given = /--(?:sandbox|project)\b/.test(own) ? '' : flags
    return `${call} ${script}${verb}${given}`
  })
}

/** One word as a shell reads it, quoted only where it must be. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
