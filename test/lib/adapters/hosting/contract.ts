// What every host has to do, whatever its product: one list of facts, run for each adapter against
// its own stand. A stand is opened anew for each fact.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../../../scripts/lib/artifact/manifest.ts'
import {proveServed} from '../../../../scripts/lib/artifact/served.ts'
import type {Hosting} from '../../../../scripts/lib/kit/ports/hosting.ts'
import {type TemporaryFolder, temporaryFolder} from '../../../helpers/folder.ts'
import {perform} from '../../../helpers/world.ts'

export interface Stand {
  readonly hosting: Hosting
  /** Environment with which a person would run the command by hand. */
  readonly byHand: {readonly cwd: string; readonly env: Readonly<Record<string, string>>}
  readonly close: () => Promise<void>
}

/** What can be wrong before anything starts. */
export type Flaw = 'no-program' | 'signed-out' | 'expired' | 'wrong-site'

/** `session`: signed in with the vendor's own CLI, and no token given to us. */
export type Condition = Flaw | 'session'

export interface Expected {
  /** As whom it deploys, as `ready` says it. */
  readonly who: RegExp
  /** The flaws that this product can have, with what its mend says. */
  readonly flaws: Readonly<Partial<Record<Flaw, RegExp>>>
  /** As whom, where a session of the CLI is a way to be signed in. */
  readonly session?: RegExp
}

/** Runs the contract as a suite called `name`. */
export function hostingContract(
  name: string,
  open: (condition?: Condition) => Promise<Stand>,
  {who, flaws, session}: Expected,
): void {
  const contract = suite(`hosting contract: ${name}`)
  const fact = (title: string, run: (stand: Stand) => Promise<void>, condition?: Condition) =>
    contract(title, async () => {
      const stand = await open(condition)
      try {
        await run(stand)
      } finally {
        await stand.close()
      }
    })

  fact('says as whom it deploys, and that nothing is live before the first time', async (stand) => {
    const judgement = await stand.hosting.ready()
    assert.is(judgement.verdict, 'pass', JSON.stringify(judgement))
    assert.match(JSON.stringify(judgement.observed), who)
    assert.is(await stand.hosting.live(), null)
  })

  fact('says how long old bytes may live, long enough for a cache before it', async (stand) => {
    // nginx's open_file_cache_valid, unless told.
    assert.ok((stand.hosting.propagationMs ?? 0) >= 60_000)
  })

  for (const flaw of ['no-program', 'signed-out', 'expired', 'wrong-site'] as const) {
    const mend = flaws[flaw]
    if (mend === undefined) continue
    fact(
      `${flaw} is found before anything starts, with what mends it`,
      async ({hosting}) => {
        const judgement = await hosting.ready()
        assert.is(judgement.verdict, 'fail', JSON.stringify(judgement))
        assert.match(JSON.stringify(judgement), mend)
      },
      flaw,
    )
  }

  if (session !== undefined) {
    fact(
      'a session of the CLI is as good as a token',
      async ({hosting}) => {
        const judgement = await hosting.ready()
        assert.is(judgement.verdict, 'pass', JSON.stringify(judgement))
        assert.match(JSON.stringify(judgement.observed), session)
        const [old, next] = [application('ancien'), application('nouveau')]
        try {
          await deploy(hosting, old, '1')
          const before = await hosting.live()
          await deploy(hosting, next, '2')
          assert.is((await prove(hosting, next)).verdict, 'pass')
          assert.ok(before && hosting.restore)
          assert.is(before.version, '1')
          await perform(hosting.restore(before.id))
          assert.is((await hosting.live())?.id, before.id)
        } finally {
          old.remove()
          next.remove()
        }
      },
      'session',
    )
  }

  fact('serves exactly the bytes deployed, and says what is live', async ({hosting}) => {
    const build = application('un')
    try {
      const manifest = await deploy(hosting, build, '2026.1.23+1')
      const live = await hosting.live()
      assert.ok(live)
      assert.is(live.url, hosting.url)
      assert.is(live.version, '2026.1.23+1')
      assert.is(live.manifest, manifest.digest)
      const proof = await prove(hosting, build)
      assert.is(proof.verdict, 'pass', JSON.stringify(proof))
      assert.equal(proof.leftOut, ['.last_build_id'])
    } finally {
      build.remove()
    }
  })

  fact('what a host is given is compared, what it leaves out is not served', async ({hosting}) => {
    const build = oddlyNamed()
    try {
      const manifest = await deploy(hosting, build, '1')
      const {ignored = [], withholds = false, url} = hosting
      const proof = await proveServed({url, manifest, ignored, withholds, pausesMs: []})
      assert.is(proof.verdict, 'pass', JSON.stringify(proof))
      const served = await proveServed({url, manifest, pausesMs: []})
      const absent = [...served.missing, ...served.different].map(({path}) => path)
      assert.equal([...proof.leftOut].sort(), absent.sort(), 'left out, as it is said')
    } finally {
      build.remove()
    }
  })

  fact('the same bytes deployed again are another deployment', async ({hosting}) => {
    const build = application('un')
    try {
      await deploy(hosting, build, '1')
      const first = await hosting.live()
      await deploy(hosting, build, '1')
      const second = await hosting.live()
      assert.ok(first && second)
      assert.is.not(first.id, second.id)
    } finally {
      build.remove()
    }
  })

  fact('goes back to the id noted before, to the byte, and forward again', async ({hosting}) => {
    const [old, next] = [application('ancien'), application('nouveau')]
    try {
      await deploy(hosting, old, '1')
      const before = await hosting.live()
      await deploy(hosting, next, '2')
      const after = await hosting.live()
      assert.ok(before && after && hosting.restore)
      assert.is((await prove(hosting, old)).verdict, 'fail')
      await perform(hosting.restore(before.id))
      assert.is((await hosting.live())?.id, before.id)
      assert.is((await prove(hosting, old)).verdict, 'pass')
      await perform(forward(hosting, after.id))
      assert.is((await prove(hosting, next)).verdict, 'pass')
    } finally {
      old.remove()
      next.remove()
    }
  })

  for (const [title, drilled] of [
    ['what is deployed after a rollback goes live, and can be rolled back again', false],
    ['what is deployed after a drill goes live, and can be rolled back again', true],
  ] as const) {
    fact(title, async ({hosting}) => {
      const [old, bad, fix] = [application('ancien'), application('mauvais'), application('fixe')]
      try {
        await deploy(hosting, old, '1')
        const before = await hosting.live()
        await deploy(hosting, bad, '2')
        const after = await hosting.live()
        assert.ok(before && after && hosting.restore)
        await perform(hosting.restore(before.id))
        if (drilled) await perform(forward(hosting, after.id))
        const replaced = drilled ? after : before
        assert.is((await hosting.live())?.id, replaced.id)
        assert.is((await hosting.ready()).verdict, 'pass')
        await deploy(hosting, fix, '3')
        const fixed = await hosting.live()
        assert.is(fixed?.version, '3')
        assert.is((await prove(hosting, fix)).verdict, 'pass')
        await perform(hosting.restore(replaced.id))
        assert.is((await prove(hosting, drilled ? bad : old)).verdict, 'pass')
      } finally {
        for (const build of [old, bad, fix]) build.remove()
      }
    })
  }

  fact('the command for the day Postgate is broken does the same', async ({hosting, byHand}) => {
    const [old, next] = [application('ancien'), application('nouveau')]
    try {
      await deploy(hosting, old, '1')
      const before = await hosting.live()
      await deploy(hosting, next, '2')
      assert.ok(before)
      const command = hosting.restoreByHand(before.id)
      assert.match(command, before.id)
      // The fake API answers from this process: the command may not block it.
      const {spawn} = await import('node:child_process')
      const child = spawn('bash', ['-c', command], {...byHand, stdio: 'ignore'})
      const code = await new Promise((resolve) => child.on('exit', resolve))
      assert.is(code, 0, command)
      assert.is((await prove(hosting, old)).verdict, 'pass')
    } finally {
      old.remove()
      next.remove()
    }
  })

  fact('says which former deployments it still keeps', async ({hosting}) => {
    const build = application('un')
    try {
      await deploy(hosting, build, '1')
      const live = await hosting.live()
      assert.ok(live && hosting.keeps)
      assert.ok(await hosting.keeps(live.id))
      assert.not.ok(await hosting.keeps('nowhere'))
    } finally {
      build.remove()
    }
  })

  fact('an id that does not exist is a failure, and what is live stays', async ({hosting}) => {
    const build = application('un')
    try {
      await deploy(hosting, build, '1')
      const before = await hosting.live()
      assert.ok(hosting.restore)
      let failed = false
      try {
        await perform(hosting.restore('nowhere'))
      } catch {
        failed = true
      }
      assert.ok(failed)
      assert.equal(await hosting.live(), before)
    } finally {
      build.remove()
    }
  })

  contract.run()
}

async function deploy(hosting: Hosting, build: TemporaryFolder, version: string) {
  const manifest = await manifestOf(build.path)
  await perform(
    hosting.deploy({folder: build.path, manifest, version, message: `${version} essai`}),
  )
  return manifest
}

/** The way that a drill comes back. */
const forward = (hosting: Hosting, id: string) => (hosting.returnTo ?? hosting.restore)?.(id) ?? []

const prove = async (hosting: Hosting, build: TemporaryFolder) =>
  proveServed({
    url: hosting.url,
    manifest: await manifestOf(build.path),
    ignored: ['.*', ...(hosting.ignored ?? [])],
    pausesMs: [],
  })

/** A small web application whose every file says `word`. */
export const application = (word: string): TemporaryFolder =>
  temporaryFolder({
    'index.html': `<!doctype html><title>${word}</title>`,
    'main.dart.js': `console.log('${word}')`,
    'version.json': `{"version":"${word}"}`,
    'assets/fichier à accent.bin': new Uint8Array(20_000).fill(word.length),
    '.last_build_id': word,
  })

/** Names that hosts' own tools, or web servers, keep to themselves. */
const oddlyNamed = (): TemporaryFolder =>
  temporaryFolder(
    Object.fromEntries(
      [
        ...['index.html', 'main.js', '.last_build_id', '.well-known/assetlinks.json'],
        ...['.hidden/data.json', 'assets/.env', 'assets/.deep/x.js', '.firebase/hosting.cache'],
        ...['firebase-debug.log', 'assets/firebase-debug.1.log', 'node_modules/x/y.js'],
        ...['assets/_headers', 'assets/_redirects', 'package.json', '__tests__/a.js'],
      ].map((path) => [path, `# ${path}`]),
    ),
  )
