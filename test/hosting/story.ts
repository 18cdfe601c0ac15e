// The story that is recorded with each vendor's CLI: who, what is live, two deployments, a rollback, and
// what it says when something is wrong.

import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../scripts/lib/artifact/manifest.ts'
import type {Product} from '../helpers/fake-host.ts'
import {
  type Call,
  type Recording,
  readCalls,
  readRecording,
  recordingPath,
  settled,
} from '../helpers/recording.ts'
import {type VendorStand, vendorStand} from '../helpers/vendor-stand.ts'
import {application, type Condition} from '../lib/adapters/hosting/contract.ts'
import {againstPublished} from './published.ts'
import {pinned, realCli} from './real-cli.ts'

type Scene = {readonly condition?: Condition; readonly play: (stand: VendorStand) => Promise<void>}

const quietly = (work: () => Promise<unknown>) =>
  work().then(
    () => {},
    () => {},
  )

/** What firebase-tools compresses has other hashes with another zlib. */
const anyUpload = (request: string) => request.replace(/[0-9a-f]{64}$/, '<sha256>')

/** Every command of these effects, whatever it answers. */
async function all(effects: ReturnType<VendorStand['hosting']['deploy']>): Promise<void> {
  for (const each of [effects].flat()) await quietly(() => each.run())
}

async function deploy({hosting}: VendorStand, version: string): Promise<void> {
  const build = application('un')
  try {
    const manifest = await manifestOf(build.path)
    await all(hosting.deploy({folder: build.path, manifest, version, message: `${version} essai`}))
  } finally {
    build.remove()
  }
}

const scenes: Readonly<Record<string, Scene>> = {
  'signed in by a session': {
    condition: 'session',
    play: async (stand) => {
      await quietly(stand.hosting.ready)
      await deploy(stand, '1')
      await quietly(stand.hosting.live)
    },
  },
  'deployed twice, then back': {
    play: async (stand) => {
      await deploy(stand, '1')
      const before = await stand.hosting.live()
      await deploy(stand, '2')
      if (before !== null) await all(stand.hosting.restore?.(before.id) ?? [])
    },
  },
  'back to nowhere': {
    play: async (stand) => {
      await deploy(stand, '1')
      await all(stand.hosting.restore?.('nowhere') ?? [])
    },
  },
  'signed out': {
    condition: 'signed-out',
    play: async (stand) => {
      await quietly(stand.hosting.ready)
      await deploy(stand, '1')
    },
  },
}

async function played(product: Product, {condition, play}: Scene) {
  let calls: readonly Call[] = []
  let file = ''
  const stand = await vendorStand(product, {
    condition,
    cli: (host, root) => {
      file = join(root, 'calls.jsonl')
      return realCli(product, host, root, {record: file})
    },
  })
  try {
    await play(stand)
    assert.equal(againstPublished(product, stand.host.exchanges), [], 'answers as published')
    calls = existsSync(file) ? readCalls(file) : []
    return {
      calls: calls.map(({args, exit, stdout, stderr}) => ({
        args: args.map(settled),
        exit,
        stdout: settled(stdout),
        // Progress differs from run to run; what went wrong does not.
        stderr: settled(stderr)
          .split('\n')
          .filter((line) => /error|unauthorized|not found/i.test(line))
          .join('\n'),
      })),
      // Uploads go side by side, polling as often as it takes.
      requests: [...new Set(stand.host.asked.map(settled).map(anyUpload))].sort(),
    }
  } finally {
    await stand.close()
  }
}

/** A test that the CLI still says what was recorded; with POSTGATE_RECORD=1 it records. */
export function recordedStory(product: Product): void {
  const story = suite(`recorded exchanges: ${pinned[product].name}`)
  story('the CLI says what was recorded', async () => {
    const {name, version} = pinned[product]
    const found: Record<string, Recording['scenes'][string]> = {}
    for (const [title, scene] of Object.entries(scenes)) found[title] = await played(product, scene)
    const recording = {cli: `${name} ${version}`, scenes: found}
    if (process.env.POSTGATE_RECORD === '1') {
      mkdirSync(dirname(recordingPath(product)), {recursive: true})
      writeFileSync(recordingPath(product), `${JSON.stringify(recording, null, 2)}\n`)
    }
    assert.equal(recording, readRecording(product))
  })
  story.run()
}
