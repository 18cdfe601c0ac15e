// Goal: one run at a time, across machines. Four starts at one moment, then a run that another clone takes
// over while its process still lives: that one stops before its next effect and writes nothing more.

import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {clone} from '../crash/elsewhere.ts'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'

const exclusive = suite('exclusive')
const command = ['scripts/staging.ts', '--sandbox']

exclusive(
  'of four starts at one moment one runs; the others say who, what and since when',
  async () => {
    const bundle = await bundleWithSandbox()
    try {
      const ran = await Promise.all(Array.from({length: 4}, () => bundle.run(command)))
      assert.equal(ran.map(({code}) => code).sort(), [0, 3, 3, 3])
      for (const {code, stderr} of ran) {
        if (code === 0) continue
        assert.match(stderr, /processus \d+/)
        assert.match(stderr, /depuis|since/)
      }
    } finally {
      bundle.remove()
    }
  },
)

exclusive('who lost the lease stops before the next effect, and writes nothing more', async () => {
  const bundle = await bundleWithSandbox()
  const {remote, project, root} = bundle.paths
  const other = join(root, 'other')
  try {
    clone(bundle, other, project)
    let taken = ''
    const ran = await bundle.run(command, {
      onOutput: (text) => {
        // The reset is under way: another clone takes the run over.
        if (taken !== '' || !text.includes('Reset STAGING')) return
        const refs = git(remote, 'for-each-ref', '--format=%(refname)', 'refs/postgate/lease')
        if (refs === '') return
        taken = takenBy(other)
      },
    })
    assert.is(ran.code, 3, ran.stdout + ran.stderr)
    assert.match(ran.stderr, /other-machine/)
    assert.is(git(remote, 'rev-parse', 'refs/postgate/lease'), taken)
    assert.not.match(
      git(remote, 'for-each-ref', '--format=%(refname)'),
      /refs\/postgate\/runs|staging-\d/,
    )
    assert.not.ok(ran.stdout.includes('Build & Déploiement'))
    // Nor does it begin again by itself: the same command is refused, and an undo too.
    for (const more of [[], ['--rollback', 'je ne savais pas']]) {
      const again = await bundle.run([...command, ...more])
      assert.is(again.code, 3, again.stdout + again.stderr)
    }
    assert.is(git(remote, 'rev-parse', 'refs/postgate/lease'), taken)
    assert.ok(existsSync(join(project, '.git/postgate/live.jsonl')))
  } finally {
    bundle.remove()
  }
})

/** The lease in another's name, by the compare-and-swap that `--take-over` makes. Answers its object. */
function takenBy(folder: string): string {
  git(folder, 'fetch', '--quiet', 'origin', 'refs/postgate/lease')
  const before = git(folder, 'rev-parse', 'FETCH_HEAD')
  const holder = JSON.parse(git(folder, 'show', `${before}:lease.json`))
  const words = JSON.stringify({...holder, machine: 'other-machine', nonce: 'another nonce'})
  const lease = hash(folder, words)
  const journal = git(folder, 'rev-parse', `${before}:journal.jsonl`)
  const tree = execFileSync('git', ['-C', folder, 'mktree'], {
    input: `100644 blob ${journal}\tjournal.jsonl\n100644 blob ${lease}\tlease.json\n`,
    encoding: 'utf8',
  }).trim()
  const next = git(folder, 'commit-tree', tree, '-m', 'taken over')
  const swap = `--force-with-lease=refs/postgate/lease:${before}`
  git(folder, 'push', '--quiet', swap, 'origin', `${next}:refs/postgate/lease`)
  return next
}

const hash = (folder: string, text: string) =>
  execFileSync('git', ['-C', folder, 'hash-object', '-w', '--stdin'], {
    input: text,
    encoding: 'utf8',
  }).trim()

const git = (folder: string, ...words: string[]) =>
  execFileSync('git', ['-C', folder, ...words], {encoding: 'utf8', stdio: 'pipe'}).trim()

exclusive.run()
