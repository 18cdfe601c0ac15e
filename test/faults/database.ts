// The database's reset, on the real PostgreSQL of a sandbox: the script that the runbook authorises lies.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {type Fault, wrong} from './fault.ts'

interface Lie {
  readonly name: string
  /** The script's lines before (and instead of) its own. */
  readonly script: string
  readonly exit: 0 | 1
  readonly says: RegExp
}

const real = 'bash ./scripts/reset_staging.real.sh'

const lies: readonly Lie[] = [
  {
    name: 'reset, and the answer is lost',
    script: `${real} > /dev/null 2>&1; echo 'server closed the connection unexpectedly' >&2; exit 1`,
    exit: 0,
    says: /server closed the connection/,
  },
  {
    name: 'the reset fails before it begins',
    script: `echo 'could not connect' >&2; exit 1`,
    exit: 1,
    says: /could not connect/,
  },
  {name: 'the reset hangs', script: 'sleep 600', exit: 1, says: /timed out/},
  {
    name: 'the reset says done, and did nothing',
    script: `echo 'STAGING remise à vide'`,
    exit: 1,
    says: /ÉCHEC +Reset exécuté/,
  },
  {
    name: 'reset, and the answer is nonsense',
    script: `${real} > /dev/null 2>&1; printf '<html>\\377\\000'; exit 0`,
    exit: 0,
    says: /OK +Reset exécuté/,
  },
]

let first: Promise<Bundle> | undefined

async function play({script, exit, says}: Lie): Promise<void> {
  first ??= bundleWithSandbox()
  const bundle = (await first).copy()
  try {
    const path = join(bundle.path, 'scripts/reset_staging.sh')
    const honest = readFileSync(path, 'utf8')
    writeFileSync(join(bundle.path, 'scripts/reset_staging.real.sh'), honest, {mode: 0o755})
    writeFileSync(path, `#!/bin/bash\n${script}\n`, {mode: 0o755})
    const runbook = join(bundle.path, 'runbooks/staging.md')
    const words = readFileSync(runbook, 'utf8')
    writeFileSync(runbook, words.replace('step: reset-database', 'step: reset-database within=60s'))
    const run = async (wanted: number, said?: RegExp) => {
      const ran = await bundle.run(['scripts/staging.ts', '--sandbox'])
      const text = ran.stdout + ran.stderr
      if (ran.code !== wanted) wrong(`exit ${ran.code}, wanted ${wanted}\n${text.slice(-2500)}`)
      if (said !== undefined && !said.test(text))
        wrong(`does not say ${said}\n${text.slice(-2500)}`)
    }
    await run(exit, says)
    if (exit === 0) return
    if (bundle.read('docs/STAGING_DEPLOYMENTS.md') === '') wrong('nothing is recorded')
    writeFileSync(path, honest, {mode: 0o755})
    await run(0)
  } finally {
    bundle.remove()
  }
}

export const faults: readonly Fault[] = lies.map((lie) => ({
  name: lie.name,
  exit: lie.exit,
  play: () => play(lie),
}))

export const close = async (): Promise<void> => (await first)?.remove()
