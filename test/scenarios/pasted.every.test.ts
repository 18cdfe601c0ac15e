// Goal: what a run, status.ts and decide.ts print as the next command works when it is pasted where it was
// printed. Method: the sandbox while a run waits, after it went back, after it succeeded, blocked and frozen.
// All that is offered is pasted, each line into a copy of that moment, and the exit code is the expected one.

import {spawn} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {elsewhere} from '../crash/elsewhere.ts'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {edit} from '../helpers/change.ts'
import {offered} from '../helpers/offered.ts'
import {bytesServed} from './broken.ts'
import {production, readyForProduction, said} from './watched.ts'

const pasted = suite('commands that a run prints')

interface Pasted {
  readonly code: number | null
  readonly said: string
}

/** Where the person stands: the bundle's own folder, or the one above it. */
type Place = 'root' | 'above'
const folderOf = ({path}: Bundle, place: Place) => (place === 'root' ? path : dirname(path))

/** Pastes a line into a shell there. */
function paste(bundle: Bundle, place: Place, line: string): Promise<Pasted> {
  const {NODE_OPTIONS: _, ...inherited} = process.env
  const child = spawn('bash', ['-c', line], {
    cwd: folderOf(bundle, place),
    env: {...inherited, NO_COLOR: '1', POSTGATE_SANDBOX_HASTE: '1'},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      said += text
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({code, said}))
  })
}

const says = async (
  bundle: Bundle,
  place: Place,
  script: string,
  words: readonly string[] = [],
) => {
  const cwd = folderOf(bundle, place)
  const ran = await bundle.run([`scripts/${script}.ts`, ...words, '--sandbox'], {cwd})
  return {code: ran.code, said: ran.stdout + ran.stderr}
}

/** What status.ts and decide.ts say now. */
async function told(bundle: Bundle, place: Place): Promise<string> {
  const status = await says(bundle, place, 'status')
  assert.is(status.code, 0, status.said)
  const decide = await says(bundle, place, 'decide')
  assert.is(decide.code, 0, decide.said)
  return `${status.said}\n${decide.said}`
}

interface Line {
  /** The exit code that is to come of it. */
  readonly code: number
  /** What it has to say. */
  readonly says?: RegExp
  /** Looks at the copy behind it. */
  readonly after?: (copy: Bundle, ran: Pasted) => unknown
}

/** Pastes all that `said` offers, each into a copy; `lines` names what is offered, no more and no less. */
async function follows(
  bundle: Bundle,
  place: Place,
  said: string,
  lines: Readonly<Record<string, Line>>,
): Promise<void> {
  const call = `node ${place === 'root' ? '' : `${basename(bundle.path)}/`}scripts/postgate.js `
  const each = [...new Set(offered(said, 'test -d '))]
  const name = (line: string) => {
    if (line.startsWith('test -d ')) return 'by hand'
    if (line.startsWith('git ')) return 'git add'
    return line.replace(call, '').replace(' --sandbox', '')
  }
  assert.equal(each.map(name).sort(), Object.keys(lines).sort(), said)
  for (const line of each) {
    const {code, says = /^/, after} = lines[name(line)] as Line
    const copy = bundle.copy()
    try {
      const own = line.replaceAll(basename(bundle.path), basename(copy.path))
      const ran = await paste(copy, place, own)
      const words = `${place}: ${own}\n[${ran.code}] ${ran.said}`
      assert.is(ran.code, code, words)
      assert.match(ran.said, says, words)
      assert.not.match(ran.said, /^\s+at .*:\d+|ERR_[A-Z]|not found|No such file/m, words)
      await after?.(copy, ran)
    } finally {
      copy.remove()
    }
  }
}

/** A test in a sandbox of its own. */
function inSandbox(name: string, play: (bundle: Bundle) => Promise<void>): void {
  pasted(name, async () => {
    const bundle = await bundleWithSandbox()
    try {
      await play(bundle)
    } finally {
      bundle.remove()
    }
  })
}

inSandbox('while a run waits, and behind its rollback', async (bundle) => {
  const before = bytesServed(bundle)
  const all = readFileSync(bundle.paths.answers, 'utf8')
  const answers = join(bundle.path, 'answers.yaml')
  writeFileSync(answers, all.replace(/^ {2}"?Validation métier"?:\n(?: {4}.*\n)+/m, ''))
  const paused = await says(bundle, 'root', 'staging', ['--answers', answers])
  assert.is(paused.code, 4, paused.said)
  assert.not.equal(bytesServed(bundle), before)
  const back = (copy: Bundle) => assert.equal(bytesServed(copy), before)
  await follows(bundle, 'root', paused.said + (await told(bundle, 'root')), {
    'by hand': {code: 0, after: back},
    'staging --answers-template': {code: 0, says: /^tag: /m},
    'staging --rollback RAISON': {
      code: 1,
      says: /Revenu à la version précédente/,
      after: async (copy, {said}) => {
        back(copy)
        await follows(copy, 'above', said + (await told(copy, 'above')), {
          staging: {code: 0, says: /Réussi/},
          freeze: {code: 0, says: /Réussi/},
        })
      },
    },
    staging: {code: 0, says: /Réussi/},
  })
})

inSandbox('behind a success', async (bundle) => {
  const before = bytesServed(bundle)
  const ended = await says(bundle, 'root', 'staging')
  assert.is(ended.code, 0, ended.said)
  const back = (copy: Bundle) => assert.equal(bytesServed(copy), before)
  await follows(bundle, 'root', ended.said + (await told(bundle, 'root')), {
    'by hand': {code: 0, after: back},
    'staging --rollback RAISON': {code: 1, says: /Revenu à la version précédente/, after: back},
    staging: {code: 0, says: /Réussi/},
    'production --plan': {code: 3, says: /Plan de rollback testé/},
    freeze: {code: 0, says: /Réussi/},
  })
})

inSandbox('where a run is blocked', async (bundle) => {
  edit(bundle, 'runbooks/staging.md', (text) => `${text}\nUne phrase.\n`)
  const blocked = await says(bundle, 'above', 'staging')
  assert.is(blocked.code, 3, blocked.said)
  await follows(bundle, 'above', blocked.said + (await told(bundle, 'above')), {
    'git add': {
      code: 0,
      after: (copy) => {
        assert.is(copy.git('status', '--porcelain', 'runbooks'), '')
        assert.is(copy.git('log', '--oneline', 'origin/main..main'), '')
      },
    },
    staging: {code: 3, says: /Dépôt propre/},
    'staging --plan': {code: 3, says: /Dépôt propre/},
    freeze: {code: 0, says: /Réussi/},
  })
})

inSandbox('while the release is frozen', async (bundle) => {
  const frozen = await says(bundle, 'above', 'freeze')
  assert.is(frozen.code, 0, frozen.said)
  const refused = await says(bundle, 'above', 'staging')
  assert.is(refused.code, 3, refused.said)
  await follows(bundle, 'above', frozen.said + refused.said + (await told(bundle, 'above')), {
    'freeze --exit': {code: 0, says: /gate/},
    staging: {code: 3, says: /Aucun freeze actif/},
  })
})

inSandbox('where another machine has the run', async (bundle) => {
  const all = readFileSync(bundle.paths.answers, 'utf8')
  const answers = join(bundle.path, 'answers.yaml')
  writeFileSync(answers, all.replace(/^ {2}"?Validation métier"?:\n(?: {4}.*\n)+/m, ''))
  const paused = await says(bundle, 'above', 'staging', ['--answers', answers])
  assert.is(paused.code, 4, paused.said)
  elsewhere(bundle)
  const refused = await says(bundle, 'above', 'staging')
  assert.is(refused.code, 3, refused.said)
  await follows(bundle, 'above', refused.said + (await told(bundle, 'above')), {
    status: {code: 0, says: /sur une autre machine/},
    'staging --take-over RAISON': {
      code: 0,
      says: /Réussi/,
      after: async (copy) => {
        const {said: now} = await says(copy, 'above', 'status')
        assert.match(now, /Aucune exécution en cours/)
      },
    },
  })
})

pasted('in the watch of PRODUCTION that was left', async () => {
  const bundle = await readyForProduction()
  try {
    const before = bytesServed(bundle, 'production')
    let left = false
    const ran = await production(bundle, ['--advance', '48h'], {
      cwd: dirname(bundle.path),
      onOutput: (text, send) => {
        if (left || !/surveillance, reste 11[0-4] min/.test(text)) return
        left = true
        send('SIGINT')
      },
    })
    assert.is(ran.code, 4, said(ran))
    assert.not.equal(bytesServed(bundle, 'production'), before)
    const declared = await says(bundle, 'above', 'incident', ['lenteurs', '--on', 'staging'])
    assert.is(declared.code, 0, declared.said)
    const back = (copy: Bundle) => assert.equal(bytesServed(copy, 'production'), before)
    await follows(bundle, 'above', said(ran) + (await told(bundle, 'above')), {
      'by hand': {code: 0, after: back},
      'production --answers-template': {code: 0, says: /^tag: /m},
      production: {code: 0, says: /Réussi/},
      'production --rollback RAISON': {
        code: 1,
        says: /Revenu à la version précédente/,
        after: async (copy, {said: printed}) => {
          back(copy)
          await follows(copy, 'above', printed + (await told(copy, 'above')), {
            status: {code: 0, says: /Reste dû/},
            staging: {code: 0, says: /Réussi/},
            freeze: {code: 0, says: /Réussi/},
          })
        },
      },
    })
  } finally {
    bundle.remove()
  }
})

pasted.run()
