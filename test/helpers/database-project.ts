// A project with a database to reset and nothing to release, as files in a folder: its `postgate.yaml`, env
// file, committed shape and the fixture's migrations.

import {cpSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Shape} from '../../scripts/lib/adapters/database/shape.ts'
import {shapeText} from '../../scripts/lib/adapters/database/shape-file.ts'
import {fixtures} from './postgres.ts'

export interface DatabaseProject {
  readonly url: string
  readonly ref: string
  readonly shape: Shape
  /** Further `key: value` pairs below `database:`. */
  readonly settings?: string
  readonly migrations?: string
}

export function writeDatabaseProject(
  folder: string,
  {url, ref, shape, settings, migrations = 'migrations'}: DatabaseProject,
): void {
  cpSync(join(fixtures, 'migrations'), join(folder, migrations), {recursive: true})
  mkdirSync(join(folder, 'env'))
  const files = {
    'shape.sql': shapeText(shape),
    'env/.env': `URL=${url}\nREF=${ref}\n`,
    'postgate.yaml': `name: shop
builder: {adapter: flutter}
database: {shape: shape.sql, migrations: ${migrations}, reference: [units, categories], mayChange: [log_actions]${settings === undefined ? '' : `, ${settings}`}}
environments:
  staging:
    envFile: env/.env
    url: http://127.0.0.1
    hosting: {adapter: folder}
    database: {url: URL, ref: REF}
`,
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
}
