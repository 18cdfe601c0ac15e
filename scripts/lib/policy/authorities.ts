// Who may decide what: the authority table of decision.md, as it stands on the remote's main branch.

import {parse} from '../documents/parse.ts'
import {tables} from '../documents/table.ts'
import type {Scenario} from '../domain/event.ts'
import {problem} from '../domain/problem.ts'
import type {World} from '../store/world.ts'
import {committing} from '../words/commands.ts'
import type {Policy} from './policy.ts'

/** Where the policy is read. */
export interface PolicyPlace {
  readonly world: World
  readonly policy: Policy
}

export type Authorities = Readonly<Record<Scenario, readonly string[]>>

/** The text of a policy file on the remote's main; where the project does not hold it, the bundle's. */
export async function committedPolicy(
  {world, policy}: PolicyPlace,
  path: string,
): Promise<{source: string; path: string}> {
  const {repository} = world
  const known = await policy.file(path)
  if (known.from === 'bundle') return known
  const main = await repository.remoteMain()
  const commit =
    main === null ? await repository.headCommit() : await repository.fetchCommit(main.sha)
  const source = commit === null ? null : await repository.showFile(commit, known.path)
  if (source !== null) return {source, path: known.path}
  throw problem({
    what: {
      fr: `${known.path} n’est pas sur la branche ${repository.branch} du dépôt distant.`,
      en: `${known.path} is not on the remote’s ${repository.branch}.`,
    },
    next: committing({
      ...{...repository, root: world.project, project: world.project},
      ...{paths: [known.path], message: known.path},
    }).join(' && '),
    exit: 3,
  })
}

/** Reads the table `Scénario | Rôles`. Throws a `Problem` (2) where a scenario has no row. */
export async function readAuthorities(place: PolicyPlace): Promise<Authorities> {
  const {source, path} = await committedPolicy(place, 'runbooks/decision.md')
  const rows = await authorityRows(source, path)
  const of = (letter: string): readonly string[] => {
    const row = rows.find(([scenario]) =>
      new RegExp(`(^|\\W)(sc[ée]nario )?${letter}(\\W|$)`, 'i').test(scenario),
    )
    if (row !== undefined && row[1].length > 0) return row[1]
    throw problem({
      what: {
        fr: `${path} : la table d’autorité ne dit pas qui décide du scénario ${letter}.`,
        en: `${path}: the authority table does not say who decides scenario ${letter}.`,
      },
      next: {
        fr: 'ajouter sa ligne à la table « Scénario | Rôles »',
        en: 'add its row to the table “Scénario | Rôles”',
      },
      exit: 2,
      at: {path, line: 1, column: 1},
    })
  }
  return {staging: of('A'), production: of('B'), freeze: of('C')}
}

/** Rows of the authority table: its first cell, and the roles; empty where there is no such table. */
export async function authorityRows(source: string, path: string): Promise<[string, string[]][]> {
  const document = await parse(source, path)
  const table = tables(document).find(({header}) => {
    const names = header.map(({text}) => text.toLowerCase())
    return /sc[ée]nario/.test(names[0] ?? '') && names.some((name) => /r[ôo]les?/.test(name))
  })
  const column = table?.header.findIndex(({text}) => /r[ôo]les?/i.test(text)) ?? -1
  return (table?.rows ?? []).map((row) => [
    row.cells[0]?.text ?? '',
    (row.cells[column]?.text ?? '')
      .split(/[,/;]|\bou\b|\bor\b/)
      .map((role) => role.trim())
      .filter((role) => role !== ''),
  ])
}
