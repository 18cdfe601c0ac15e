// The committed shape: one JSON file, readable in a diff.

import {createHash} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {problem} from '../../domain/problem.ts'
import {type Shape, shapeSchema} from './shape.ts'

/** Reads the shape of the project at `root`; null where there is no such file. Throws a `Problem` (2) where it is broken. */
export async function readShape(root: string, path: string): Promise<Shape | null> {
  const source = await readFile(join(root, path), 'utf8').catch(() => null)
  if (source === null) return null
  let parsed: unknown
  try {
    parsed = JSON.parse(source)
  } catch {
    parsed = undefined
  }
  const shape = shapeSchema.safeParse(parsed)
  if (shape.success) return shape.data
  const issue = shape.error.issues[0]
  throw problem({
    what: {fr: `${path} n’est pas un schéma lisible.`, en: `${path} is no readable shape.`},
    why: parsed === undefined ? 'JSON' : `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    next: {
      fr: 'le reprendre de PROD : npx zx scripts/snapshot.ts',
      en: 'take it again from PROD: npx zx scripts/snapshot.ts',
    },
    exit: 2,
  })
}

export const shapeText = (shape: Shape): string => `${JSON.stringify(shape, null, 2)}\n`

/** SHA-256 of what is compared: the source does not count. */
export function shapeDigest({source: _, migrations: __, ...rest}: Shape): string {
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex')
}
