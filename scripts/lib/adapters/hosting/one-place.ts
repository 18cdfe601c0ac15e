// STAGING's and PRODUCTION's folders of releases, at least one of them over SSH: whether they are one,
// which names alone do not tell. A folder is known by its device and number, a machine by its kernel's
// start: the same through links, mounts, tunnels and any name.

import {stat} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {z} from 'zod'
import {resolvedPath} from '../../base/resolved-path.ts'
import {fail, type Judgement, unknown} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {otherSettings} from './other-settings.ts'
import {bootOfHere, sameMachine} from './same-machine.ts'
import {lookThere, type Machine, machineOf, machineSettings, sshCommand} from './ssh-look.ts'

/** `machine`: null where it is this one. */
interface Place {
  readonly machine: Machine | null
  /** Absolute there. */
  readonly root: string
}

/** Of one folder: its mark, then those of the folders that it lies in. */
type Marks = readonly string[]

interface Seen {
  /** null where the machine does not say. */
  readonly boot: string | null
  /** Of a folder of releases and what it holds: each of them may be a link into another's. */
  readonly roots: readonly (readonly Marks[])[]
}

/** A fail where they meet, unknown where they seem to and the machine cannot be told; else null. */
export async function meetsTheOther(tools: AdapterTools, own: Place): Promise<Judgement | null> {
  const other = otherPlace(tools)
  // Two folders of this machine are compared before anything is asked (proofs/separation.ts).
  if (other === null || (own.machine === null && other.machine === null)) return null
  const here = await seenAt(tools, own.machine, [own.root, other.root])
  if (here === null) return untold(own, other)
  const [mine = [], asIfHere = []] = here.roots
  // On one machine both names are seen from here: another is asked only where it could be this one.
  if (other.machine !== null && !meet(mine, asIfHere)) return null
  const there = await seenAt(tools, other.machine, [other.root])
  if (here.boot !== null && there !== null && there.boot !== null) {
    const isOne = here.boot === there.boot && meet(mine, there.roots[0] ?? [])
    return isOne ? onePlace(own, other) : null
  }
  if (!meet(mine, asIfHere)) return null
  const same = await sameMachine(tools, own.machine, other.machine)
  if (same === null) return untold(own, other)
  return same ? onePlace(own, other) : null
}

const hosting = z.union([
  z.looseObject({adapter: z.literal('folder'), root: z.string()}),
  z.looseObject({adapter: z.literal('ssh'), root: z.string(), ...machineSettings}),
])

function otherPlace(tools: AdapterTools): Place | null {
  const {world, mode} = tools
  const parsed = hosting.safeParse(otherSettings(tools)?.hosting)
  if (!parsed.success) return null
  const {data} = parsed
  if (data.adapter === 'folder') return {machine: null, root: resolve(world.project, data.root)}
  const host = mode === 'READ-ONLY' ? (data.reader ?? data.host) : data.host
  return {machine: {...machineOf(world.project, data), host}, root: data.root}
}

/** One of two folders is the other, or holds it. */
const meet = (own: readonly Marks[], other: readonly Marks[]): boolean =>
  own.some(([a = '', ...aboveA]) =>
    other.some(([b = '', ...aboveB]) => a === b || aboveB.includes(a) || aboveA.includes(b)),
  )

const held = ['', '/releases', '/meta', '/incoming', '/current']

/** null where that machine does not let anybody look. */
async function seenAt(
  tools: AdapterTools,
  machine: Machine | null,
  roots: readonly string[],
): Promise<Seen | null> {
  if (machine === null) {
    const folders = roots.map((root) =>
      Promise.all(held.map(async (name) => marksHere(await resolvedPath(`${root}${name}`)))),
    )
    return {boot: await bootOfHere(), roots: await Promise.all(folders)}
  }
  const plain = roots.filter((root) => /^[A-Za-z0-9/._@+ -]+$/.test(root))
  const {exit, stdout} = await lookThere(tools, machine, scriptFor(plain))
  if (exit !== 0) return null
  const [boot = '', ...rest] = stdout.split(/^= *$/m)
  return {boot: boot.trim() || null, roots: rest.map(foldersOf)}
}

/** One `=` for each root, one `:` for each folder, then its marks up to `/`. GNU's readlink and stat. */
const scriptFor = (roots: readonly string[]) =>
  `cat /proc/sys/kernel/random/boot_id 2>/dev/null; for root in ${roots.map((root) => `"${root}"`).join(' ')}; do echo =; for name in ${held.map((name) => `"${name}"`).join(' ')}; do at=$(readlink -m "$root$name"); echo :; while :; do stat -c %d:%i "$at" 2>/dev/null || echo "/\${at##*/}"; test "$at" = / && break; at=\${at%/*}; at=\${at:-/}; done; done; done`

const foldersOf = (text: string): readonly Marks[] =>
  text
    .split(/^:$/m)
    .slice(1)
    .map((lines) => joined(lines.trim().split('\n')))

async function marksHere(path: string): Promise<Marks> {
  const found: string[] = []
  for (let at = path; ; at = dirname(at)) {
    const known = await stat(at, {bigint: true}).catch(() => null)
    found.push(
      known === null ? at.slice(join(dirname(at), '/').length - 1) : `${known.dev}:${known.ino}`,
    )
    if (dirname(at) === at) return joined(found)
  }
}

/** What is not there yet, `/name`, is known by the folder that it will lie in. */
function joined(names: readonly string[]): Marks {
  const marks: string[] = []
  for (const name of [...names].reverse()) {
    marks.unshift(name.startsWith('/') ? `${marks[0] ?? ''}${name}` : name)
  }
  return marks
}

const called = ({machine, root}: Place) => (machine === null ? root : `${machine.host}:${root}`)

const onePlace = (own: Place, other: Place): Judgement =>
  fail(
    {
      fr: `${called(own)} et ${called(other)} sont un même dossier : STAGING et PRODUCTION s’y rencontrent`,
      en: `${called(own)} and ${called(other)} are one folder: STAGING and PRODUCTION meet there`,
    },
    {
      next: {
        fr: 'donnez à chacun son dossier dans postgate.yaml, sous hosting.root',
        en: 'give each its own folder in postgate.yaml, under hosting.root',
      },
    },
  )

/** The same path on machines that could be one. */
function untold(own: Place, other: Place): Judgement {
  const [asked] = [other, own].flatMap(({machine}) => machine ?? [])
  const by = asked === undefined ? 'ssh' : sshCommand(asked, 'true')
  return unknown(
    {
      fr: `${called(own)} et ${called(other)} pourraient être un même dossier : rien ne dit si c’est la même machine`,
      en: `${called(own)} and ${called(other)} could be one folder: nothing tells whether it is one machine`,
    },
    {
      next: {
        fr: `connectez-vous une fois, pour que sa clé soit connue ici : ${by} ; ou donnez à chacun un autre chemin, sous hosting.root`,
        en: `connect once, so that its key is known here: ${by}; or give each another path, under hosting.root`,
      },
    },
  )
}
