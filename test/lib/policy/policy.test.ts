// Goal: whose policy it is, is never in doubt. Method: a project's folder with its runbooks, one of them in each state
// that a file system knows; a bundle beside it that has them all.

import {execFileSync} from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {DocumentError} from '../../../scripts/lib/documents/document.ts'
import {Problem} from '../../../scripts/lib/domain/problem.ts'
import {openPolicy} from '../../../scripts/lib/policy/policy.ts'
import {findProject, loadProject} from '../../../scripts/lib/policy/project-file.ts'

const policy = suite('policy')

const all = ['staging', 'production', 'freeze', 'common-rules', 'decision']

function put(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), {recursive: true})
    writeFileSync(join(root, path), text)
  }
}

const runbooks = (whose: string) =>
  Object.fromEntries(all.map((name) => [`runbooks/${name}.md`, `# ${name} of ${whose}\n`]))

async function inPlaces(
  own: Readonly<Record<string, string>>,
  use: (places: {root: string; bundle: string}) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-policy-'))
  const places = {root: join(folder, 'project'), bundle: join(folder, 'bundle')}
  try {
    mkdirSync(places.root)
    put(places.bundle, {
      ...runbooks('the bundle'),
      'templates/a.md': 'a of the bundle',
      'templates/b.md': 'b',
    })
    put(places.root, own)
    await use(places)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

async function refusal(reading: () => Promise<unknown>): Promise<string> {
  try {
    await reading()
  } catch (error) {
    if (error instanceof DocumentError) return error.message
    if (!(error instanceof Problem)) throw error
    assert.is(error.parts.exit, 2)
    const {why = '', next} = error.parts
    assert.ok(next !== undefined)
    return `${error.message} ${typeof why === 'string' ? why : why.en}`
  }
  throw new Error('it was read')
}

policy('a project without runbooks is read with the bundle’s, and says so', async () => {
  await inPlaces({'runbooks/decision.md': '# Ours\n'}, async (places) => {
    const read = openPolicy(places)
    const staging = await read.file('runbooks/staging.md')
    assert.equal([staging.origin, staging.source], ['bundle', '# staging of the bundle\n'])
    const decision = await read.file('runbooks/decision.md')
    assert.equal([decision.origin, decision.source], ['project', '# Ours\n'])
  })
})

policy('a project with runbooks is read with its own', async () => {
  await inPlaces(runbooks('the project'), async (places) => {
    for (const name of all)
      assert.is((await openPolicy(places).file(`runbooks/${name}.md`)).origin, 'project')
  })
})

const states: Readonly<Record<string, [make: (path: string) => void, said: RegExp]>> = {
  'a folder': [(path) => mkdirSync(path), /it is a folder/],
  'a link that leads nowhere': [(path) => symlinkSync('nowhere.md', path), /leads nowhere/],
  'a loop of links': [(path) => symlinkSync(path, path), /round in circles/],
  'a pipe': [(path) => execFileSync('mkfifo', [path]), /it is a pipe/],
  'a device': [(path) => symlinkSync('/dev/null', path), /it is a device/],
  'another encoding': [
    (path) => writeFileSync(path, Buffer.from('\uFEFF# Scénario\n', 'utf16le')),
    /not in UTF-8/,
  ],
  'more than is read': [(path) => writeFileSync(path, 'a'.repeat(600_000)), /at most \d+ are read/],
}

for (const [state, [make, said]] of Object.entries(states)) {
  policy(`${state} where a runbook, a template or postgate.yaml is expected is told`, async () => {
    await inPlaces(
      {...runbooks('the project'), 'templates/a.md': 'a', 'templates/b.md': 'b'},
      async (places) => {
        for (const path of ['runbooks/staging.md', 'templates/a.md', 'postgate.yaml']) {
          rmSync(join(places.root, path), {force: true})
          make(join(places.root, path))
          const message = await refusal(async () =>
            path === 'postgate.yaml'
              ? loadProject(await findProject(places.root))
              : openPolicy(places).file(path),
          )
          assert.match(message, path)
          assert.match(message, said)
        }
      },
    )
  })
}

policy('a file without rights is told', async () => {
  // Rights do not bind root.
  if (process.getuid?.() === 0) return
  await inPlaces(runbooks('the project'), async (places) => {
    chmodSync(join(places.root, 'runbooks/staging.md'), 0o000)
    const message = await refusal(() => openPolicy(places).file('runbooks/staging.md'))
    assert.match(message, /no right to read it/)
  })
})

policy('a folder of runbooks that cannot be entered is told', async () => {
  for (const make of [
    (path: string) => symlinkSync('nowhere', path),
    (path: string) => writeFileSync(path, ''),
    (path: string) => symlinkSync(path, path),
  ]) {
    await inPlaces({}, async (places) => {
      make(join(places.root, 'runbooks'))
      assert.match(
        await refusal(() => openPolicy(places).file('runbooks/staging.md')),
        'runbooks/staging.md',
      )
    })
  }
})

policy(
  'a runbook of the project that is missing or renamed is an error, with the other name',
  async () => {
    await inPlaces(runbooks('the project'), async (places) => {
      renameSync(join(places.root, 'runbooks/staging.md'), join(places.root, 'runbooks/Staging.md'))
      const message = await refusal(() => openPolicy(places).file('runbooks/staging.md'))
      assert.match(message, /runbooks\/staging\.md:1:1: this document of the project is missing/)
      assert.match(message, /Staging\.md/)
    })
  },
)

policy('a template of the project that is missing is an error', async () => {
  await inPlaces({'templates/a.md': 'ours'}, async (places) => {
    assert.match(await refusal(() => openPolicy(places).templates()), 'templates/b.md')
  })
})

policy('what postgate.yaml calls the project’s own is never the bundle’s', async () => {
  await inPlaces({}, async (places) => {
    const read = openPolicy({...places, own: {runbooks: 'project'}})
    assert.match(await refusal(() => read.file('runbooks/staging.md')), /postgate\.yaml says so/)
    assert.is((await read.file('templates/a.md')).origin, 'bundle')
  })
})

policy('a link that leads to a runbook is that runbook', async () => {
  await inPlaces(
    {...runbooks('the project'), 'shared/staging.md': '# Shared\n'},
    async (places) => {
      rmSync(join(places.root, 'runbooks/staging.md'))
      symlinkSync('../shared/staging.md', join(places.root, 'runbooks/staging.md'))
      assert.is((await openPolicy(places).file('runbooks/staging.md')).source, '# Shared\n')
    },
  )
})

policy.run()
