// What of an env file is hidden: every value that could be a secret, and no word that our own sentences say.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {createMask} from '../../../scripts/lib/guard/mask.ts'
import {readEnvFile} from '../../../scripts/lib/policy/env-file.ts'

const env = suite('env file')
const folder = mkdtempSync(join(tmpdir(), 'postgate-env-'))

env(
  'hides no ordinary word, whatever the case, and every value that could be a secret',
  async () => {
    const path = join(folder, 'env')
    const lines = {
      APP_ENV: 'STAGING',
      APP_NAME: 'Boutique',
      LOG_LEVEL: 'verbose',
      DB_PASSWORD: 'correcthorse',
      SMOKE_USER: 'amina',
      PROJECT_REF: 'abcdefghijklmnopqrst',
      BUILD_ID: 'x9-77-alpha',
      DB_URL: 'postgresql://postgres:postgres@127.0.0.1/shop',
      OTHER: 'abcdefghijklmnopqrstuvwx',
    }
    writeFileSync(
      path,
      Object.entries(lines)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    )
    const {mask} = createMask((await readEnvFile(path)).secrets())
    const own = 'Reset de STAGING : Boutique, verbose, postgres, 14 tables'
    assert.is(mask(own), own)
    for (const key of [
      'DB_PASSWORD',
      'SMOKE_USER',
      'PROJECT_REF',
      'BUILD_ID',
      'DB_URL',
      'OTHER',
    ] as const)
      assert.is(mask(`<${lines[key]}>`), '<***>', key)
  },
)

env.after(() => rmSync(folder, {recursive: true}))
env.run()
