// What of a repository is the project's code: what a gate speaks of.

import {relative, sep} from 'node:path'
import type {Context} from '../kit/context.ts'

/** What counts as code: the project's globs, without the bundle's own files. */
export function codeOf({project, world}: Pick<Context, 'project' | 'world'>): readonly string[] {
  const folder = relative(world.repository.root, world.bundle)
  if (folder.startsWith('..')) return project.repository.code
  const own = folder === '' ? bundleFiles : ['**']
  const under = folder === '' ? '' : `${folder.split(sep).join('/')}/`
  return [...project.repository.code, ...own.map((glob) => `!${under}${glob}`)]
}

// A bundle that lies at the project's root: only what it brings along.
const bundleFiles = [
  'scripts/{staging,production,freeze}.ts',
  'scripts/{staging,production,freeze}/**',
  'scripts/{decide,gate,approve,incident,status,audit,lint,snapshot,init}.ts',
  'scripts/postgate.js',
  'scripts/lib/**',
  'runbooks/**',
  'templates/**',
]
