// npm 11 warns of an install script that nobody has judged, and npm 12 does not run it.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'

const scripts = suite('install scripts')
const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../..', name), 'utf8'))

scripts('are needed by no package, and each is denied by name', () => {
  const lock = z
    .object({
      packages: z.record(z.string(), z.looseObject({hasInstallScript: z.boolean().optional()})),
    })
    .parse(read('package-lock.json'))
  const {allowScripts} = z
    .object({allowScripts: z.record(z.string(), z.literal(false))})
    .parse(read('package.json'))
  const found = Object.entries(lock.packages).flatMap(([path, {hasInstallScript}]) =>
    hasInstallScript ? [path.replace(/^.*node_modules\//, '')] : [],
  )
  assert.equal(found.sort(), Object.keys(allowScripts).sort())
})

scripts.run()
