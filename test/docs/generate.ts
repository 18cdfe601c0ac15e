// `npm run docs`: writes anew what is made from the code. The test beside it fails where that was forgotten.

import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {generated, root} from './generated.ts'

for (const [path, text] of await generated()) writeFileSync(join(root, path), text)
