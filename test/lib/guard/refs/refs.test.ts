import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {ancestry} from '../../../../scripts/lib/guard/refs/ancestry.ts'
import {compareRefs, type RefComparison} from '../../../../scripts/lib/guard/refs/compare.ts'
import {movedAside} from '../../../../scripts/lib/guard/refs/moved-aside.ts'
import {
  openSnapshots,
  type RefsSnapshot,
  snapshotRefs,
} from '../../../../scripts/lib/guard/refs/snapshot.ts'
import {runGit, type TestProject, tag, testProject} from '../../../guard/project.ts'

const refs = suite('refs')

async function compared(
  change: (project: TestProject) => void,
  between?: (after: RefsSnapshot) => RefsSnapshot,
): Promise<RefComparison> {
  const project = testProject()
  try {
    const snapshots = await openSnapshots({repository: project.clone, remote: 'origin'})
    const before = await snapshots.take()
    change(project)
    const read = await snapshots.take({before})
    const after = between ? between(read) : read
    const isAncestor = ancestry({repository: project.clone, remote: before.remote, main: 'main'})
    const left = await movedAside(snapshots.valuesOf, {
      before: before.reflogs ?? {},
      isAncestor,
    })
    return await compareRefs(before, after, {
      ...{main: 'main', validatedTags: [tag], isAncestor, remote: 'origin'},
      wandered: left,
    })
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
  [
    'pushes sent elsewhere',
    ['setting-changed here'],
    ({git}) => git('config', 'remote.origin.pushurl', '../elsewhere.git'),
  ],
  ['a remote of another name', [], ({git}) => git('remote', 'add', 'mirror', '../elsewhere.git')],
  [
    'hooks looked for elsewhere',
    ['setting-changed here'],
    ({git}) => git('config', 'core.hooksPath', '/dev/null'),
  ],
  [
    'hooks installed inside the project where there were none',
    [],
    ({git}) => git('config', 'core.hooksPath', '.husky/_'),
  ],
  [
    'a graft',
    ['setting-changed here'],
    ({git, clone}) => {
      mkdirSync(join(clone, '.git/info'), {recursive: true})
      writeFileSync(join(clone, '.git/info/grafts'), git('rev-parse', 'main'))
    },
  ],
  [
    'history cut off',
    ['setting-changed here'],
    ({git, clone}) => writeFileSync(join(clone, '.git/shallow'), git('rev-parse', 'main')),
  ],
  [
    'objects borrowed from elsewhere',
    ['setting-changed here'],
    ({clone, remote}) =>
      writeFileSync(join(clone, '.git/objects/info/alternates'), `${remote}/objects\n`),
  ],
  [
    'the remote’s HEAD on another branch',
    ['remote-changed remote'],
    ({remote}) => runGit(remote, 'symbolic-ref', 'HEAD', 'refs/heads/main'),
  ],
  [
    'main moved aside and back, here',
    ['main-wandered here'],
    ({git}) => {
      const main = git('rev-parse', 'main').trim()
      git('branch', '-f', 'main', 'evil')
      git('branch', '-f', 'main', main)
    },
  ],
  [
    'main pushed aside and back',
    ['main-wandered here'],
    ({git}) => {
      git('push', '-qf', 'origin', 'evil:main')
      git('push', '-qf', 'origin', 'main:main')
    },
  ],
  [
    'main pushed forward twice',
    [],
    ({git}) => {
      for (const name of ['x', 'y']) {
        git('commit', '--quiet', '--allow-empty', '-m', name)
        git('push', '-q', 'origin', 'HEAD:main')
      }
    },
  ],
]
for (const [name, kinds, change] of changes) {
  refs(`${name}: ${kinds.join(' ') || 'no violation'}`, async () => {
    const found = await compared((project) => void change(project))
    assert.equal(seen(found), kinds)
  })
}

refs(
  'a project’s own hook removed, or made another, is a violation; a new one is a remark',
  async () => {
    const project = testProject()
    try {
      const hook = (name: string, text: string) =>
        writeFileSync(join(project.clone, '.git/hooks', name), text, {mode: 0o755})
      mkdirSync(join(project.clone, '.git/hooks'), {recursive: true})
      hook('pre-push', 'true')
      hook('pre-commit', 'true')
      const look = () => snapshotRefs({repository: project.clone, remote: 'origin'})
      const before = await look()
      rmSync(join(project.clone, '.git/hooks/pre-push'))
      hook('pre-commit', 'false')
      hook('post-commit', 'true')
      const isAncestor = () => undefined
      const options = {main: 'main', validatedTags: [], isAncestor}
      const {violations, remarks} = await compareRefs(before, await look(), options)
      assert.equal(violations.map(({ref}) => ref).sort(), ['hooks/pre-commit', 'hooks/pre-push'])
      assert.equal(
        remarks.map(({ref}) => ref),
        ['hooks/post-commit'],
      )
    } finally {
      project.close()
    }
  },
)

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
