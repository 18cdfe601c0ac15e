// `npm run docs`: writes anew what is made from the code; with `--examples` also what the sandbox's
// runs write (a minute). The tests beside it fail where that was forgotten.

import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {recordExamples} from './examples.ts'
import {generated, root} from './generated.ts'

if (process.argv.includes('--examples')) await recordExamples(console.log)
for (const [path, text] of await generated()) writeFileSync(join(root, path), text)
