// Goal: what docs/ says of the code is what the code says. Method: made anew, and compared byte for byte.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import {generated, root} from './generated.ts'

const docs = suite('generated documents')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

docs('are fresh: `npm run docs` would change nothing', async () => {
  for (const [path, text] of await generated()) assert.is(read(path), text, path)
})

docs('name every check and trigger of the catalogue', () => {
  const page = read('docs/runbooks.md')
  for (const name of [...Object.keys(catalogue.checks), ...Object.keys(catalogue.triggers)]) {
    assert.match(page, `| \`${name}\` |`)
  }
})

docs('describe postgate.yaml for editors', () => {
  const schema = z
    .object({type: z.literal('object'), required: z.array(z.string())})
    .parse(JSON.parse(read('docs/postgate.schema.json')))
  assert.equal(schema.required, ['name', 'builder', 'environments'])
})

docs('show no path of a machine in the table of git commands', () => {
  const page = read('docs/architecture.md')
  assert.match(page, '`git push`')
  assert.match(page, 'store/git/ref-store.ts')
})

docs.run()
