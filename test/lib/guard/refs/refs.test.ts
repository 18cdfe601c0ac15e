import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  ancestry,
  compareRefs,
  type RefComparison,
  type RefsSnapshot,
  snapshotRefs,
} from '../../../../scripts/lib/guard/refs/refs.ts'
import {runGit, type TestProject, tag, testProject} from '../../../guard/project.ts'

const refs = suite('refs')

async function compared(
  change: (project: TestProject) => void,
  between?: (after: RefsSnapshot) => RefsSnapshot,
): Promise<RefComparison> {
  const project = testProject()
  try {
    const before = await snapshotRefs({repository: project.clone, remote: 'origin'})
    change(project)
    const read = await snapshotRefs({repository: project.clone, remote: 'origin', before})
    const after = between ? between(read) : read
    const isAncestor = ancestry(project.clone, before.remote, 'main')
    return await compareRefs(before, after, {main: 'main', validatedTags: [tag], isAncestor})
  } finally {
    project.close()
  }
}

const seen = ({violations}: RefComparison) => violations.map(({kind, where}) => `${kind} ${where}`)

const changes: readonly [string, readonly string[], (project: TestProject) => void][] = [
  ['nothing', [], () => {}],
  ['a new tag and a new branch', [], ({git}) => git('tag', 'freeze-1') + git('branch', 'x')],
  ['main moved aside', ['main-rewritten here'], ({git}) => git('branch', '-f', 'main', 'evil')],
  ['main moved back', ['main-rewritten here'], ({git}) => git('branch', '-f', 'main', 'main~1')],
  ['main deleted', ['main-vanished here'], ({git}) => git('branch', '-D', 'main')],
  ['the tag moved', ['tag-moved here'], ({git}) => git('tag', '-f', tag, 'evil')],
  [
    'the tag made anew on its commit',
    ['tag-moved here'],
    ({git}) => git('tag', '-f', tag, `${tag}^{}`),
  ],
  ['the tag deleted', ['tag-vanished here'], ({git}) => git('tag', '-d', tag)],
  [
    'remote main rewritten',
    ['main-rewritten remote'],
    ({git}) => git('push', '-qf', 'origin', 'evil:main'),
  ],
  [
    'remote main deleted',
    ['main-vanished remote'],
    ({git}) => git('push', '-q', 'origin', ':main'),
  ],
  [
    'remote tag deleted',
    ['tag-vanished remote'],
    ({git}) => git('push', '-q', 'origin', `:${tag}`),
  ],
  [
    'remote tag moved',
    ['tag-moved remote'],
    ({remote}) => runGit(remote, 'tag', '-f', tag, 'main~1'),
  ],
  ['history replaced', ['history-replaced here'], ({git}) => git('replace', 'main', 'evil')],
  [
    'the remote renamed',
    ['remote-changed remote'],
    ({git}) => git('remote', 'set-url', 'origin', '../elsewhere.git'),
  ],
  [
    'the remote diverted by insteadOf',
    ['remote-changed remote'],
    ({git}) => git('config', 'url.../clone.insteadOf', '../remote.git'),
  ],
]
for (const [name, kinds, change] of changes) {
  refs(`${name}: ${kinds.join(' ') || 'no violation'}`, async () => {
    const found = await compared((project) => void change(project))
    assert.equal(seen(found), kinds)
  })
}

refs('main moved forward by another person is a remark, its commits fetched to judge', async () => {
  const found = await compared((project) => {
    runGit(project.root, 'clone', '--quiet', '--branch=main', 'remote.git', 'other')
    const other = `${project.root}/other`
    runGit(other, 'commit', '--quiet', '--allow-empty', '-m', 'more')
    runGit(other, 'push', '--quiet', 'origin', 'main')
  })
  assert.equal(seen(found), [])
  assert.equal(
    found.remarks.map(({kind, where}) => `${kind} ${where}`),
    ['main-forwarded remote'],
  )
})

refs('main force-pushed by another person is a violation', async () => {
  const found = await compared((project) => {
    const parent = runGit(project.remote, 'rev-parse', 'main~1').trim()
    const made = runGit(
      project.remote,
      'commit-tree',
      'main^{tree}',
      '-p',
      parent,
      '-m',
      'x',
    ).trim()
    runGit(project.remote, 'update-ref', 'refs/heads/main', made)
  })
  assert.equal(seen(found), ['main-rewritten remote'])
})

refs('a remote that is away is unknown, never a pass', async () => {
  const away = await compared(
    () => {},
    (after) => ({...after, remote: {status: 'unreachable', address: 'x', why: 'away'}}),
  )
  assert.is(away.unknowns.length, 1)
  assert.is(away.violations.length, 0)
})

refs('an ancestry that nobody can tell is unknown', async () => {
  const side = (oid: string) => ({'refs/heads/main': oid})
  const snapshot = (oid: string): RefsSnapshot => ({
    here: side(oid),
    remote: {status: 'none'},
    address: null,
  })
  const options = {main: 'main', validatedTags: [], isAncestor: () => undefined}
  const found = await compareRefs(snapshot('a'), snapshot('b'), options)
  assert.is(found.unknowns.length, 1)
})

refs('a replacement or graft cannot fake the ancestry', async () => {
  const found = await compared((project) => {
    const main = project.git('rev-parse', 'main').trim()
    const fake = project.git('commit-tree', 'main^{tree}', '-p', main, '-m', 'fake').trim()
    project.git('branch', '-f', 'main', 'evil')
    project.git('replace', '-f', 'evil', fake)
  })
  assert.ok(seen(found).includes('main-rewritten here'))
})

refs.run()
