// Scenarios A and B whole, hosted by one adapter: what goes wrong leaves the previous version served byte
// for byte, what goes well puts the new one there, and a drill comes back to it.

import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {filledIn} from '../docs/post-mortem-text.ts'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {bytesServed} from '../scenarios/broken.ts'
import {newest, said} from '../scenarios/watched.ts'
import {type HostName, useHost} from './sandbox-host.ts'

type Environment = 'staging' | 'production'

/** Runs them as a suite called `host`. */
export function hostedScenarios(host: HostName): void {
  const scenarios = suite(`scenarios A and B, ${host}`)

  scenarios('a deployment that fails, or is partial, is undone; the next one holds', async () => {
    const bundle = await bundleWithSandbox()
    try {
      await hosted(bundle, host, async (run) => {
        await undone(bundle, run, 'staging', ['--break', 'deploy'])
        await undone(bundle, run, 'staging', ['--break', 'partial-deploy'])
        await held(bundle, run, 'staging', [])
        const served = bytesServed(bundle)
        const drill = await run('staging', ['--rollback', 'drill'])
        assert.is(drill.code, 0, said(drill))
        assert.equal(bytesServed(bundle), served)
      })
      for (const failing of ['deploy', 'partial-deploy', null]) {
        const copy = bundle.copy()
        try {
          await hosted(copy, host, async (run) => {
            const args = ['--advance', '48h']
            if (failing === null) await held(copy, run, 'production', args)
            else await undone(copy, run, 'production', [...args, '--break', failing])
          })
        } finally {
          copy.remove()
        }
      }
    } finally {
      bundle.remove()
    }
  })

  scenarios('A, drill, A again, B, rollback, B again', async () => {
    const bundle = await bundleWithSandbox()
    try {
      await hosted(bundle, host, async (run) => {
        await held(bundle, run, 'staging', [])
        const drill = await run('staging', ['--rollback', 'drill'])
        assert.is(drill.code, 0, said(drill))
        await held(bundle, run, 'staging', [])
        const before = bytesServed(bundle, 'production')
        await held(bundle, run, 'production', ['--advance', '48h'])
        const back = await run('production', ['--rollback', 'écran blanc'])
        assert.is(back.code, 1, said(back))
        assert.not.match(said(back), /NON PROUVÉ/)
        assert.equal(bytesServed(bundle, 'production'), before)
        fillPostMortem(bundle)
        await held(bundle, run, 'production', [])
      })
    } finally {
      bundle.remove()
    }
  })

  scenarios.run()
}

/** As the team does, before the next release. */
function fillPostMortem(bundle: Bundle): void {
  const {path, text} = newest(bundle, 'POST_MORTEM_ROLLBACK')
  writeFileSync(join(bundle.paths.project, path), filledIn(text))
  const who = ['-c', 'user.name=Claire Moreau', '-c', 'user.email=claire@example.org']
  bundle.git(...who, 'commit', '--quiet', '--all', '--message', 'Post-mortem du rollback')
  bundle.git('push', '--quiet', '--no-verify', bundle.paths.remote, 'HEAD:main')
}

type Run = (scenario: Environment, args: readonly string[]) => ReturnType<Bundle['run']>

async function hosted(
  bundle: Bundle,
  name: HostName,
  use: (run: Run) => Promise<void>,
): Promise<void> {
  // A copy is on its own ports only once a command has run in it.
  await bundle.run(['scripts/staging.ts', '--sandbox', '--plan'])
  const host = await useHost(bundle, name)
  try {
    await use((scenario, args) =>
      bundle.run([`scripts/${scenario}.ts`, '--sandbox', ...args], {env: host.env}),
    )
  } finally {
    await host.close()
  }
}

async function undone(bundle: Bundle, run: Run, scenario: Environment, args: readonly string[]) {
  const before = bytesServed(bundle, scenario)
  const ran = await run(scenario, args)
  assert.is(ran.code, 1, said(ran))
  assert.match(said(ran), args.includes('deploy') ? /Déploiement effectué/ : /Octets servis/)
  assert.equal(bytesServed(bundle, scenario), before, `${scenario} ${args.join(' ')}`)
}

async function held(bundle: Bundle, run: Run, scenario: Environment, args: readonly string[]) {
  const before = bytesServed(bundle, scenario)
  const ran = await run(scenario, args)
  assert.is(ran.code, 0, said(ran))
  assert.not.equal(bytesServed(bundle, scenario), before)
}
