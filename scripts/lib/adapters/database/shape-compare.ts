// Two dumps of PROD's schema side by side, by what they say of each thing. Pure. What is built from them is
// compared by the catalogues instead.

import type {CatalogueDifference} from './catalogue-compare.ts'
import type {Shape} from './shape.ts'

/** What `after` lacks, has too much, or has otherwise, than `before`. */
export function compareShapes(before: Shape, after: Shape): readonly CatalogueDifference[] {
  const [was, is] = [byName(before), byName(after)]
  const difference = (name: string, kind: CatalogueDifference['kind']) => ({
    name,
    kind,
    columns: [],
  })
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [one, other] = [was.get(name), is.get(name)]
    if (one === other) return []
    return [
      difference(name, other === undefined ? 'missing' : one === undefined ? 'extra' : 'different'),
    ]
  })
}

function byName({sections, unpopulated}: Shape): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const {type, schema, name, owner, sql} of sections) {
    const key = `${type} ${schema === '-' ? '' : `${schema}.`}${name}`.trim()
    texts.set(key, `${texts.get(key) ?? ''}${owner} ${sql}`)
  }
  for (const name of unpopulated) texts.set(`${name} without rows`, '')
  return texts
}
