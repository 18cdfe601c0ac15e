// The one way by which STAGING's schema is dropped. Both guards are needed, every input is checked
// before anything is dropped, everything happens in one transaction, and the result is proven.

import {isCalled, scriptArguments} from './lib/base/entry.ts'
import {exitWith} from './lib/cli/exit.ts'

if (isCalled(import.meta.url)) {
  await exitWith(async () => {
    const {resetStaging} = await import('./lib/tools/reset/command.ts')
    return resetStaging(scriptArguments(), process.env)
  })
}
