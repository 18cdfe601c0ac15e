// Opens a Release Gate: writes it from its template for a tag that is on main, and nothing else.
// Committing it is a person's, since people answer for a gate.

import {mkdir, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {renderTemplate} from '../../documents/template.ts'
import {problem} from '../../domain/problem.ts'
import {gateName, releaseGateView} from '../../domain/views/gate.ts'
import {frenchSpaces} from '../../domain/views/typography.ts'
import type {Gate} from '../../policy/gate-file.ts'
import {gatesByMonth, newestOf, parseGate} from '../../policy/gate-file.ts'
import type {Workspace} from '../../run/session.ts'
import {committing} from '../../words/commands.ts'
import {counted, words} from '../../words/observed.ts'
import {checkpointOnMain} from './tag.ts'

/** Writes `docs/RELEASE_GATE_YYYY_MM.md`. Throws a `Problem` (3): no such tag, not on main, a gate is there. */
export async function openGate(workspace: Workspace, tag: string): Promise<number> {
  const {world, terminal} = workspace
  const commit = await checkpointOnMain(world.repository, tag)
  const at = world.clock.now().toISOString()
  const path = await freePath(workspace, {path: gateName(at), tag, commit})
  const source = await rendered(workspace, {at, tag, commit, path})
  const gate = await parseGate(source, path)
  if (gate.tag !== tag || gate.entries.length === 0) throw uselessTemplate(path, gate)
  await mkdir(dirname(join(world.project, path)), {recursive: true})
  // `wx`: whatever stands there is never overwritten.
  await writeFile(join(world.project, path), source, {flag: 'wx'})
  const commands = commandsOf(workspace, path, tag)
  terminal.heading({fr: `Release Gate ouvert : ${path}`, en: `Release Gate opened: ${path}`})
  terminal.say({
    fr: `  tag ${tag}, commit ${commit}`,
    en: `  tag ${tag}, commit ${commit}`,
  })
  terminal.heading({fr: 'À compléter', en: 'To fill in'})
  terminal.say({
    fr: `  - section 2, périmètre, et section 5, remarques non bloquantes`,
    en: `  - section 2, scope, and section 5, remarks that do not block`,
  })
  for (const {text, line} of gate.entries) terminal.say(`  - ${path}:${line} ${text}`)
  terminal.say({
    fr: '  - section 6, décision : noms et dates',
    en: '  - section 6, decision: names and dates',
  })
  terminal.heading({fr: 'Ensuite', en: 'Then'})
  for (const command of commands) terminal.say(`  ${command}`)
  terminal.result('gate-open', {path, tag, commit, toFillIn: gate.entries, next: commands})
  return 0
}

/** The month's name; numbered where newer code replaces a gate of the same month. */
async function freePath(
  {world}: Workspace,
  wanted: {readonly path: string; readonly tag: string; readonly commit: string},
): Promise<string> {
  const month = /(\d{4}_\d{2})\.md$/.exec(wanted.path)?.[1] ?? ''
  const there = (await gatesByMonth(world.project)).get(month) ?? []
  if (there.length === 0) return wanted.path
  const known = newestOf(there)
  if (known === undefined) throw taken(there.join(', '))
  const {readGate} = await import('../../policy/gate-file.ts')
  const gate = await readGate(world.project, known)
  const {repository} = world
  const old = await repository.resolveCommit(gate.commit)
  const newer =
    old !== null && old !== wanted.commit && (await repository.isAncestor(old, wanted.commit))
  if (!newer || gate.tag === wanted.tag) throw taken(known, gate)
  const number = Number(/_\d{4}_\d{2}_(\d+)\.md$/.exec(known)?.[1] ?? 1) + 1
  return `${known.slice(0, known.lastIndexOf('RELEASE_GATE_'))}RELEASE_GATE_${month}_${number}.md`
}

function taken(path: string, gate?: Gate) {
  return problem({
    what: {
      fr: `Un Release Gate existe déjà pour ce mois : ${path}.`,
      en: `There is a Release Gate for this month already: ${path}.`,
    },
    ...(gate !== undefined && {
      why: {
        fr: `il porte sur ${gate.tag} (${gate.commit}) ; seul un code plus récent demande un nouveau gate`,
        en: `it is about ${gate.tag} (${gate.commit}); only newer code asks for a new gate`,
      },
    }),
    next: {
      fr: 'le compléter ; npx zx scripts/gate.ts check dit ce qui manque',
      en: 'complete it; npx zx scripts/gate.ts check says what is missing',
    },
    exit: 3,
  })
}

interface Opening {
  readonly at: string
  readonly tag: string
  readonly commit: string
  readonly path: string
}

async function rendered(workspace: Workspace, {at, tag, commit}: Opening): Promise<string> {
  const {world, policy} = workspace
  const {repository, operator} = world
  const shown = await repository.git.text(['show', '--no-patch', '--format=%an%x00%cI', commit])
  const [author = '', committedAt = ''] = shown.split('\0')
  const template = await policy.file('templates/release-gate.md')
  const view = releaseGateView({
    ...{at, tag, commit, author, operator},
    committedAt: new Date(committedAt.trim()).toISOString(),
    changes: await changesSince(workspace, commit),
    database: workspace.project.database !== undefined,
  })
  return frenchSpaces(await renderTemplate(template.source, template.path, view))
}

/** Commits since the newest gate that can be read; null where there is none. */
async function changesSince({world}: Workspace, commit: string): Promise<number | null> {
  const {repository, project} = world
  for (const paths of [...(await gatesByMonth(project)).values()].reverse()) {
    const path = newestOf(paths)
    if (path === undefined) continue
    const {readGate} = await import('../../policy/gate-file.ts')
    const gate = await readGate(project, path).catch(() => null)
    const old = gate === null ? null : await repository.resolveCommit(gate.commit)
    if (old !== null) return (await repository.commitsBetween(old, commit)).length
  }
  return null
}

function uselessTemplate(path: string, {tag, entries}: Gate) {
  return problem({
    what: {
      fr: 'templates/release-gate.md ne donne pas de gate utilisable.',
      en: 'templates/release-gate.md makes no gate that can be used.',
    },
    why: words`${path}${{fr: ' : tag « ', en: ': tag “'}}${tag}${{fr: ' », ', en: '”, '}}${counted(entries.length, ['ligne', 'lignes'], ['entry', 'entries'])} ${{fr: 'dans la section 4', en: 'in section 4'}}`,
    next: {
      fr: 'corriger le modèle : « **Tag validé** : … », « **Commit** : … », et une checklist sous « ## 4. … »',
      en: 'correct the template: “**Tag validé** : …”, “**Commit** : …”, and a checklist under “## 4. …”',
    },
    exit: 2,
  })
}

function commandsOf({world}: Workspace, path: string, tag: string): string[] {
  const {repository, project} = world
  const root = project
  return [
    ...committing({...repository, root, project, paths: [path], message: `Release Gate : ${tag}`}),
    'npx zx scripts/gate.ts check',
  ]
}
