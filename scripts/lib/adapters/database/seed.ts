// Which tables of `public` a seed leaves rows in, as far as its statements say so: what a function or a block
// puts there is left to the reset itself.

import {bareText, catalogueName, publicTable} from './history.ts'
import type {SqlFile} from './migrations.ts'

const fills = new RegExp(
  String.raw`^(?:(?:with\b.*?\)\s*)?insert\s+into\s+${publicTable}|copy\s+${publicTable}[^;]*?\bfrom\b)`,
  'is',
)
const emptied = new RegExp(
  String.raw`(?:^truncate\s+(?:table\s+)?(?:only\s+)?|,\s*|^delete\s+from\s+(?:only\s+)?)${publicTable}`,
  'gis',
)

/** By name, in the order of their first rows. */
export function seededTables({statements}: Pick<SqlFile, 'statements'>): readonly string[] {
  const filled = new Set<string>()
  for (const {sql} of statements) {
    const text = bareText(sql).trim()
    const [, inserted, copied] = fills.exec(text) ?? []
    const into = inserted ?? copied
    if (into !== undefined) filled.add(catalogueName(into))
    else if (/^(?:truncate|delete)\b/i.test(text) && !/\bwhere\b/i.test(text))
      for (const [, name = ''] of text.matchAll(emptied)) filled.delete(catalogueName(name))
  }
  return [...filled]
}
