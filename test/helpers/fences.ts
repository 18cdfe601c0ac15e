// The commands that a runbook of the bundle authorises, for tests of the steps that run them.

import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'

/** Every bash block of the runbook, one after another. */
export const fencesOf = (runbook: string): string =>
  [...readFileSync(resolve(runbook), 'utf8').matchAll(/^```bash\n([\s\S]*?)^```$/gm)]
    .map(([, text = '']) => text)
    .join('\n')
