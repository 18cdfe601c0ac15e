// Commands in what is shown to a person can be pasted as they stand. Our sentences name the bundle's scripts
// in one way (`npx zx scripts/lint.ts`); here, and nowhere else, it becomes the call that works where the
// person stands, with the flags by which it finds the same project again.

import {relative} from 'node:path'

// The command, and the flags and plain words behind it.
const command = /npx zx scripts\/([\w/-]+)\.ts((?: (?:open|check|nightly-post-mortem)\b)?)/g
// Where a sentence goes on, or another command begins.
const ends = /\n|[`;»]|, |npx zx/

// A command as it stands in a sentence, with the flags behind it and what follows each.
const quoted = /"[^"]*"|'(?:[^']|'\\'')*'|<[^>]*>/.source
const words = `(?:${quoted}|[^\\s("'\`,;»<-][^\\s,;\`»]*)`
const call = /npx postgate|\bpostgate|node (?:'(?:[^']|'\\'')*postgate\.js'|\S*postgate\.js)/.source
const verbs = /open|check|nightly-post-mortem|staging|production|freeze/.source
const ours = `(?:npx zx scripts/[\\w/-]+\\.ts|(?:${call}) [\\w/-]+)(?: (?:(?:${verbs})\\b|${quoted}|--[\\w-]+(?:[ =]${words})?))*`
// Of git and of the shell, as far as a sentence of ours goes on with its words.
const theirs = `(?:\\bgit (?:-C ${words} )?(?:add|commit|push|tag|config|remote add) |\\bmkdir -p )(?:${words}|--?[\\w-]*(?:=${words})?|&&|\\|\\|)(?: (?!(?:puis|then) )(?:&&|\\|\\||${words}|--?[\\w-]*(?:=${words})?))*`
// The vendor's own way back ends the sentence that names it.
const byHand =
  /(?<=(?:à la main|by hand|commande de l’hébergeur|vendor’s command)[^:;\n]*: )\S[^\n]*?(?= \(|\n|$)/
    .source
const typed = new RegExp(`${byHand}|${ours}|${theirs}`, 'g')
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
  /** The project's folder as a shell reads it from here; nothing where this is it. */
  readonly folder?: string
}

// What a person is told to type of git, in our own words: not what quotes a runbook's command.
const git =
  /(?<![\w/.-]|« |“|"|')git (?=(?:add|commit|push|pull|fetch|tag|rm|checkout|merge|config|remote add)\b)/g

/** `text` with each command as it is typed here; one that says its project keeps it. */
export function commandsWith(text: string, {call, flags, folder = ''}: Here): string {
  const here = folder === '' ? text : text.replace(git, () => `git -C ${folder} `)
  return here.replace(command, (found, script: string, verb: string, at: number) => {
    const [own = ''] = here.slice(at + found.length).split(ends)
    const given = /--(?:sandbox|project)\b/.test(own) ? '' : flags
    return `${call} ${script}${verb}${given}`
  })
}

interface Committing {
  /** From the repository's root. */
  readonly paths: readonly string[]
  readonly message: string
  /** Whether some may stand in `.gitignore`. */
  readonly ignored?: boolean
  readonly remote: string | null
  readonly branch: string
  readonly root: string
  /** Where it is typed: the project's folder, in the repository. */
  readonly project: string
}

/** The lines by which a person commits these files alone, and pushes them. */
export const committing = ({paths, message, ignored = false, ...place}: Committing): string[] => {
  const {remote, branch, root, project} = place
  const from = relative(root, project) === '' ? '' : ':/'
  const files = paths.map((path) => shellWord(`${from}${path}`)).join(' ')
  return [
    `git add ${ignored ? '--force ' : ''}${files}`,
    `git commit -m ${shellWord(message)} -- ${files}`,
    ...(remote === null ? [] : [`git push ${remote} ${branch}`]),
  ]
}

/** One word as a shell reads it, quoted only where it must be. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
