// Lets Node 20 read TypeScript. `.npmrc` passes this file to `node --import`, so that `npx zx x.ts` works
// on every Node that the bundle supports; where Node reads TypeScript itself only what is missing is told.

import * as nodeModule from 'node:module'
import {fileURLToPath} from 'node:url'
import {checkPrerequisites} from './prerequisites.js'

const starting = process.env.npm_lifecycle_event
// A step's child processes must not inherit the loader: they run in folders that do not have it.
delete process.env.NODE_OPTIONS
delete process.env.npm_config_node_options

// While npm installs, its packages' own scripts come by here too.
if (starting === undefined || starting === 'npx') checkPrerequisites()

// Node reads no TypeScript below node_modules, where the bundle lies when it was installed as a package.
if (!process.features.typescript || import.meta.url.includes('/node_modules/')) {
  const {register, registerHooks} = nodeModule
  if (registerHooks === undefined) {
    const {loadAhead} = await import('./ahead.js')
    globalThis[Symbol.for('typescript-when-needed.ahead')] = loadAhead
    register('./hooks.js', import.meta.url)
  } else registerHooks(await import('./hooks.js'))
}
// Where Node keeps compiled code (22.1), stripped sources with it: by their content, and where the folder
// cannot be written nothing is kept.
nodeModule.enableCompileCache?.(
  fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url)),
)
