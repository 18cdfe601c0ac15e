// A person walks from an empty folder to a release, outside the sandbox: a project and its remote, the bundle
// beside it or inside, two folders that a web server serves, and lines typed into a shell. What a line
// prints to be typed next is taken from its output and typed.

import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {bundleCopy} from '../helpers/bundle-runs.ts'
import {staticSite} from '../helpers/static-site.ts'
import {person, type Ran} from './person.ts'

export interface Walk {
  /** The clone's folder, in which the person stands. */
  readonly project: string
  readonly urls: {readonly staging: string; readonly production: string}
  readonly roots: {readonly staging: string; readonly production: string}
  /** Lines that began a Postgate command. */
  readonly commands: readonly string[]
  /** Types a line; throws, with all that was printed, where its code is another. */
  readonly type: (line: string, code?: number) => Promise<string>
  readonly try: (line: string) => Promise<Ran>
  readonly read: (path: string) => string
  readonly write: (path: string, text: string) => void
  readonly append: (path: string, text: string) => void
  /** What the clock says to what is typed. */
  readonly now: () => Date
  /** From now on it is so much later, for what is typed. */
  readonly later: (hours: number) => void
  /** A key of a person who decides, entered where the project keeps them; its private file. */
  readonly enter: (name: string, address: string, role: string) => Promise<string>
  readonly close: () => Promise<void>
}

/** The bundle's command in a bundle beside the project or in its folder `release/`, as hints have to name it. */
export const callOf = (layout: Layout): string =>
  `node ${layout === 'beside' ? '../postgate' : 'release'}/scripts/postgate.js`

export type Layout = 'beside' | 'inside'

export async function startWalk(
  layout: Layout,
  files: Readonly<Record<string, string>>,
): Promise<Walk> {
  const who = person(files)
  const {folder: place, clone: project} = who
  const roots = {staging: join(place, 'srv/staging'), production: join(place, 'srv/www')}
  for (const folder of [roots.staging, roots.production]) mkdirSync(folder, {recursive: true})
  const bundle = bundleCopy()
  cpSync(bundle.path, layout === 'beside' ? join(place, 'postgate') : join(project, 'release'), {
    ...{recursive: true, verbatimSymlinks: true},
  })
  bundle.remove()
  const sites = await Promise.all([
    staticSite(join(roots.staging, 'current')),
    staticSite(join(roots.production, 'current')),
  ])
  const commands: string[] = []
  let shiftMs = 0
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(project, path)), {recursive: true})
    writeFileSync(join(project, path), text, path.endsWith('.sh') ? {mode: 0o755} : {})
  }
  const attempt = (line: string): Promise<Ran> => {
    if (/\bpostgate(\.js)? /.test(line)) commands.push(line)
    return who.types(line, shiftMs > 0 ? {NODE_OPTIONS: laterClock(shiftMs)} : {})
  }
  const type = async (line: string, code = 0): Promise<string> => {
    const typed = await attempt(line)
    assert.is(typed.code, code, `${line}\n${typed.said}`)
    return typed.said
  }
  // As git keeps it: a script can be run, and a bundle inside is the project's.
  for (const path of Object.keys(files))
    if (path.endsWith('.sh')) chmodSync(join(project, path), 0o755)
  await type(
    [
      'git config user.name "Claire Moreau" && git config user.email claire@example.org',
      'git add -A && git commit -q --amend -m "Un site" && git push -q --force -u origin main',
    ].join(' && '),
  )
  return {
    ...{project, roots, commands, type, write, try: attempt},
    urls: {staging: sites[0].url, production: sites[1].url},
    read: who.read,
    append: (path, text) => appendFileSync(join(project, path), text),
    now: () => new Date(Date.now() + shiftMs),
    later: (hours) => {
      shiftMs += hours * 3_600_000
    },
    enter: async (name, address, role) => {
      const key = `../${address}`
      await type(`ssh-keygen -q -t ed25519 -N '' -C ${address} -f ${key}`)
      const [kind, value] = readFileSync(join(project, `${key}.pub`), 'utf8').split(' ')
      appendFileSync(join(project, 'runbooks/decision.md'), `| ${name} | ${address} | ${role} |\n`)
      appendFileSync(join(project, 'runbooks/allowed_signers'), `${address} ${kind} ${value}\n`)
      return key
    },
    close: async () => {
      await Promise.all(sites.map((site) => site.close()))
      who.close()
    },
  }
}

/** The clock of the machine, moved on for one command: loaded before it, by Node itself. */
const laterClock = (ms: number) =>
  `--import=data:text/javascript,${encodeURIComponent(
    `const D=Date;globalThis.Date=class extends D{constructor(...a){a.length?super(...a):super(D.now()+${ms})}static now(){return D.now()+${ms}}}`,
  )}`

/** The commands that a message names to be typed, from the first line on that `from` matches. */
export function printed(said: string, call: string, from: RegExp = /^/): string[] {
  const lines = said.split('\n')
  const at = lines.findIndex((line) => from.test(line))
  assert.ok(at >= 0, `${from} is not in\n${said}`)
  const found = lines.slice(at).flatMap((line) => {
    const start = line.indexOf(`${call} `)
    return start < 0
      ? []
      : [
          line
            .slice(start)
            .split(/[`;,]| {2,}| \(/)[0]
            ?.trim() ?? '',
        ]
  })
  assert.ok(found.length > 0, `no command from ${from} on in\n${said}`)
  return found
}

/** An answers file filled in: what is asked is answered by `who`, what is confirmed as the remark says. */
export const filledIn = (
  template: string,
  who: string,
  answers: Readonly<Record<string, string>> = {},
): string =>
  template
    .replaceAll('{role: "", name: ""}', who)
    .replace(/operator: \{.*\}/, `operator: ${who}`)
    .replace(
      /^( {2}"([^"]+)":\n(?: {4}.*\n)*? {4}observed: )""(?: {2}# par exemple (.+))?$/gm,
      (_, start: string, title: string, example?: string) =>
        `${start}"${answers[title] ?? example ?? 'constaté ensemble à 14 h, sans écart'}"`,
    )
    .replace(/: "" {2}# écrire (.+)$/gm, ': "$1"')

/** The only document of that form, by its path in the project. */
export function documentOf({project}: Walk, form: RegExp): string {
  const names = readdirSync(join(project, 'docs')).filter((name) => form.test(name))
  assert.ok(names.length > 0, `no document ${form}`)
  return `docs/${names.sort().at(-1)}`
}

/** The lines of a guide page were typed, in their order: the command, its verb, and at least its flags. */
export function assertFollows(page: string, commands: readonly string[]): void {
  const shape = (line: string): readonly string[] =>
    (/postgate(?:\.js)? (.*)$/.exec(line)?.[1] ?? '')
      .split(/\s+/)
      .filter((word, index) => word.startsWith('--') || (index < 2 && /^[a-z-]+$/.test(word)))
  const typed = commands.map(shape)
  const shown = (page.match(/^postgate .*$/gm) ?? []).map(shape)
  assert.ok(shown.length > 5, `${shown.length} lines shown`)
  let from = 0
  for (const words of shown) {
    const at = typed.findIndex(
      (line, index) => index >= from && words.every((word) => line.includes(word)),
    )
    assert.ok(at >= 0, `${words.join(' ')} was not typed after ${typed[from - 1]?.join(' ')}`)
    from = at + 1
  }
}
