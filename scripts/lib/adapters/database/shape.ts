// PROD's schema as it is committed: the entries of a dump, and where it comes from.

import {createHash} from 'node:crypto'

export interface Source {
  readonly environment: string
  /** Fingerprint of the project ref. */
  readonly ref: string
  /** The server's version. */
  readonly server: string
  /** ISO 8601. */
  readonly takenAt: string
}

/** One entry of a dump, under the heading that pg_dump gives it. */
export interface ShapeSection {
  /** `units`, `orders orders_touched` or, of rights and comments, `TABLE units`; empty before the first heading. */
  readonly name: string
  /** `TABLE`, `ACL`, `FK CONSTRAINT` … */
  readonly type: string
  /** `-` for what is in no schema. */
  readonly schema: string
  readonly owner: string
  readonly sql: string
}

export interface Shape {
  readonly source: Source
  /** Versions that `supabase_migrations` says ran there; null where there is no such table. */
  readonly migrations: readonly string[] | null
  /** Materialized views that hold nothing in PROD either, as `public.name`. */
  readonly unpopulated: readonly string[]
  readonly sections: readonly ShapeSection[]
  /** True of the form that was committed before: a list of statements whose order is only roughly known. */
  readonly old: boolean
}

/** SHA-256 of what is rebuilt: where it comes from does not count. */
export function shapeDigest({
  sections,
  unpopulated,
}: Pick<Shape, 'sections' | 'unpopulated'>): string {
  const hash = createHash('sha256')
  // Section by section: the whole of a large schema need not be one more text.
  sections.forEach((section, index) => {
    hash.update(`${index === 0 ? '[[' : ','}${JSON.stringify(section)}`)
  })
  const start = sections.length === 0 ? '[[' : ''
  return hash.update(`${start}],${JSON.stringify(unpopulated)}]`).digest('hex')
}

/** Names of things of `public` of these types. */
export const namesOf = ({sections}: Shape, ...types: readonly string[]): string[] =>
  sections.flatMap(({name, type, schema}) =>
    schema === 'public' && types.includes(type) ? [name] : [],
  )
