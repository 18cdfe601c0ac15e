// What single programs other than git may not do: each judgement reads the words of one command, and names
// what it would break. Which command a text runs is found by shell.ts.

import {marks} from '../authorised/words.ts'
import type {ForbiddenAct} from './act.ts'
import {type Arg, scan} from './options.ts'
import {
  bypass,
  executed,
  forbiddenAct,
  inGitFolder,
  isReadableFile,
  nameOf,
  namesGitFolder,
  readingPrograms,
} from './words.ts'

type Acts = readonly ForbiddenAct[]

const none: Acts = []

/** A program that may write is pointed at the git folder. */
export function gitFolderActs(name: string, rest: readonly Arg[]): Acts {
  if (readingPrograms.has(name)) return none
  const path = rest.find(
    (arg) => arg !== null && inGitFolder.test(arg) && !/^--exclude(-dir)?=/.test(arg),
  )
  return path === undefined
    ? none
    : bypass(`écriture directe dans \`${path}\``, `a direct write to \`${path}\``)
}

const codeModules = new Set(['timeit', 'pdb', 'code', 'trace', 'profile', 'cProfile', 'runpy'])

/** Code that stands in the words of an interpreter, or comes to it from elsewhere, is read by nobody. */
export function interpreterActs(name: string, rest: readonly Arg[]): Acts {
  const awk = /awk$/.test(name)
  const inline = awk
    ? rest.some((arg) => arg === null || /system\s*\(|\||getline/.test(arg))
    : scan(rest, {stopAtFirst: true}).shorts.size > 0 &&
      rest.some((arg) => arg !== null && /^-[a-zA-Z]*[cepErR]/.test(arg)) &&
      !rest.every((arg) => arg !== null && /^--?(version|help|v|V|h)$/.test(arg))
  const long = !awk && rest.some((arg) => arg !== null && /^--(eval|print|run)\b/.test(arg))
  // A module that runs its words, a subcommand that does, or code that comes by an address.
  const file = rest.findIndex((arg) => arg === null || !/^(-|run$)/.test(arg))
  const written = rest.some((arg) => arg !== null && namesGitFolder.test(arg))
  const elsewhere =
    (rest[file - 1] === '-m' && codeModules.has(String(rest[file]))) ||
    rest
      .slice(0, file + 1)
      .some((arg) => arg !== null && /^(--[\w-]+=)?(data|https?|npm|jsr):/.test(arg)) ||
    /^(eval|repl|exec)$/.test(String(rest[0]))
  const silent = !awk && !rest.some((arg) => arg !== null && arg !== '-' && isReadableFile(arg))
  return [
    ...(written ? gitFolderActs(name, ['.git']) : none),
    ...(inline || long || silent || elsewhere
      ? bypass(`du code dans les mots de \`${name}\``, `code in the words of \`${name}\``)
      : none),
  ]
}

/** `find` reads, unless it deletes or hands over what it finds: then it has to begin beside .git. */
export function findActs(rest: readonly Arg[]): Acts {
  const writes = rest.some(
    (arg) => arg !== null && /^-(delete|exec|execdir|ok|okdir|fprint.*|fls)$/.test(arg),
  )
  if (!writes) return none
  const end = rest.findIndex((arg) => arg !== null && /^[-(!]/.test(arg))
  const starts = rest.slice(0, end < 0 ? rest.length : end)
  const apart = (start: Arg) =>
    start !== null &&
    !marks.test(start) &&
    /^[\w-][\w./-]*$/.test(start) &&
    !/(^|\/)\.\.?(\/|$)/.test(start)
  const readsOnly = executed(rest).every(
    ([program]) => program != null && readingPrograms.has(nameOf(program)),
  )
  const deletes = rest.some((arg) => arg !== null && /^-(delete|fprint.*|fls)$/.test(arg))
  if ((!deletes && readsOnly) || (starts.length > 0 && starts.every(apart))) return none
  return bypass(
    '`find` supprime ou transmet ce qu’il trouve, `.git` compris : le faire partir d’un dossier nommé',
    '`find` deletes or hands over what it finds, `.git` included: let it begin at a named folder',
  )
}

/** What makes a folder equal to another clears it first, `.git` included. */
export function mirrorActs(name: string, rest: readonly Arg[]): Acts {
  if (name !== 'rsync' || !rest.some((arg) => arg === null || /^--del/.test(arg))) return none
  const target = rest.at(-1)
  if (target != null && !/^(\.{0,2}\/*)+$/.test(target)) return none
  return bypass(
    '`rsync --delete` vide le dépôt, `.git` compris : lui nommer un dossier',
    '`rsync --delete` clears the repository, `.git` included: name a folder to it',
  )
}

/** Forges let refs be rewritten over HTTP, where no hook looks. */
export function forgeActs(name: string, rest: readonly Arg[]): Acts {
  if (!['curl', 'wget', 'gh', 'hub', 'http', 'https', 'glab', 'tea'].includes(name)) return none
  const acts: ForbiddenAct[] = []
  const line = rest.map((arg) => arg ?? '').join(' ')
  const writes = /delete|patch|put|post|--(data|field|input|raw-field)|\s-[dfFT]\b/i.test(line)
  if (/\bgit\/(refs|tags)|repository\/(tags|branches)|protect/.test(line) && writes) {
    acts.push(
      forbiddenAct(/heads|branches/.test(line) ? 'forced-push' : 'tag-deletion', {
        fr: 'une référence réécrite par l’API de la forge',
        en: 'a ref rewritten through the forge’s API',
      }),
    )
  }
  if (/^(gh|glab|tea)$/.test(name)) {
    const [noun, verb] = rest.filter((arg) => arg !== null && !arg.startsWith('-'))
    if (/^(pr|mr|pulls?)$/.test(noun ?? '') && /^(merge|accept|update-branch)$/.test(verb ?? '')) {
      acts.push(
        forbiddenAct('code-change-without-gate', {
          fr: `\`${name} ${noun} ${verb}\` change le code sans nouveau Release Gate`,
          en: `\`${name} ${noun} ${verb}\` changes code without a new Release Gate`,
        }),
      )
    }
    if (/^repos?$/.test(noun ?? '') && /^(sync|delete|edit|rename|archive)$/.test(verb ?? '')) {
      acts.push(...bypass(`\`${name} ${noun} ${verb}\``, `\`${name} ${noun} ${verb}\``))
    }
  }
  if (/cleanup-tag/.test(line)) {
    acts.push(forbiddenAct('tag-deletion', {fr: '`--cleanup-tag`', en: '`--cleanup-tag`'}))
  }
  return acts
}
