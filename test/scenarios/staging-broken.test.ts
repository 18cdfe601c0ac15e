// Goal: a failure ends with its exit code, an honest report and the previous version served. One of the
// breaks; all of them in `npm run test:scenarios`.

import {suite} from 'uvu'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {checkBreak, failing} from './broken.ts'

const broken = suite('staging, broken')

for (const one of failing.filter(({name}) => name === 'partial-deploy')) {
  broken(`--break ${one.name}`, async () => {
    const bundle = await bundleWithSandbox()
    try {
      await checkBreak(bundle, one)
    } finally {
      bundle.remove()
    }
  })
}

broken.run()
