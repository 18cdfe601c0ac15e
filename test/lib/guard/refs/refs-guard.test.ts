// Goal: every validated tag stands, whoever's run it was of, between two steps as well; what could not be
// compared is kept and compared later. Method: a real clone and its bare remote, acts done behind the
// guard's back, its answers compared.

import {renameSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {openRefsGuard, type RefsGuard} from '../../../../scripts/lib/guard/refs/refs-guard.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {runGit, type TestProject, tag, testProject} from '../../../guard/project.ts'
import {testWorld} from '../../../helpers/world.ts'

const guarded = suite('refs-guard')

async function withGuard(
  test: (project: TestProject, guard: RefsGuard) => Promise<void>,
): Promise<void> {
  const project = testProject()
  try {
    for (const each of ['release-1', 'prod-2026-01-09', 'freeze-2025-12-24', 'nightly']) {
      project.git('tag', '-a', each, '-m', each, 'main~1')
      project.git('push', '--quiet', 'origin', each)
    }
    await test(project, await open(project))
  } finally {
    project.close()
  }
}

async function open(project: TestProject): Promise<RefsGuard> {
  const environment = {...process.env, GIT_CONFIG_GLOBAL: '/dev/null'}
  const repository = await openRepository(project.clone, {environment})
  const world = {
    ...testWorld({project: project.clone, cache: join(project.root, 'cache')}),
    ...{repository, environment},
  }
  const commit = project.git('rev-parse', `${tag}^{commit}`).trim()
  return openRefsGuard({
    world,
    checkpoint: {tag, tagObject: project.git('rev-parse', tag).trim(), commit},
    validated: ['release-1'],
  })
}

const said = (texts: readonly Parameters<typeof inLang>[0][]) =>
  texts.map((each) => inLang(each, 'en'))

const acts: readonly [string, RegExp | null, (project: TestProject) => void][] = [
  [
    'another gate’s tag deleted here',
    /release-1.*vanished here/,
    ({git}) => void git('tag', '-d', 'release-1'),
  ],
  [
    'the live release’s tag deleted on the remote',
    /prod-2026-01-09.*vanished on the remote/,
    ({git}) => void git('push', '--quiet', 'origin', ':refs/tags/prod-2026-01-09'),
  ],
  [
    'a freeze’s tag moved on the remote',
    /freeze-2025-12-24.*moved on the remote/,
    ({remote}) => void runGit(remote, 'tag', '-f', 'freeze-2025-12-24', 'main'),
  ],
  ['a tag that nobody validated', null, ({git}) => void git('tag', '-d', 'nightly')],
]
for (const [name, expected, act] of acts) {
  guarded(
    `${name}: ${expected === null ? 'nothing' : 'found'}, around a step and between two`,
    () =>
      withGuard(async (project, guard) => {
        const {now} = await guard.standing(null)
        const before = await guard.before()
        act(project)
        for (const found of [await guard.compare(before), await guard.standing(now)]) {
          if (expected === null) assert.equal(said(found.violations), [])
          else assert.match(said(found.violations).join('\n'), expected)
        }
      }),
  )
}

const settings: readonly [string, RegExp | null, (project: TestProject) => void][] = [
  [
    'pushes that go elsewhere',
    /remote\.origin\.pushurl \(a setting of git\) was changed here/,
    ({git}) => void git('config', 'remote.origin.pushurl', '../elsewhere.git'),
  ],
  [
    'hooks that lie outside',
    /core\.hooksPath \(a setting of git\) was changed here/,
    ({git}) => void git('config', 'core.hooksPath', '/srv/hooks'),
  ],
  [
    'replaced history',
    /refs\/replace\/\w+ replaces history here/,
    ({git}) => void git('replace', 'main', 'main~1'),
  ],
  [
    'another remote beside it',
    null,
    ({git}) => void git('remote', 'add', 'fork', '../elsewhere.git'),
  ],
]
for (const [name, expected, act] of settings) {
  guarded(`${name}: ${expected === null ? 'noted' : 'found'}, between two steps too`, () =>
    withGuard(async (project, guard) => {
      const {now} = await guard.standing(null)
      assert.equal(said((await guard.standing(now)).violations), [])
      act(project)
      // It stays found for as long as it is so.
      for (const found of [await guard.standing(now), await guard.standing(now)]) {
        if (expected === null) assert.equal(said(found.violations), [])
        else assert.match(said(found.violations).join('\n'), expected)
      }
      // A new process begins with what people have made of it.
      assert.equal(said((await (await open(project)).standing(now)).violations), [])
    }),
  )
}

guarded('what happens while the remote is away is unknown, and found once it is back', () =>
  withGuard(async (project, guard) => {
    const {now} = await guard.standing(null)
    const before = await guard.before()
    const aside = `${project.remote}-aside`
    renameSync(project.remote, aside)
    const away = await guard.compare(before)
    assert.is(away.violations.length, 0)
    assert.is(away.unknowns.length, 1)
    const unread = await guard.standing(now)
    assert.is(unread.unknowns.length, 1)
    assert.type(unread.now.unread, 'string')
    // The earlier look is kept.
    assert.equal(unread.now.remote, now.remote)
    runGit(aside, 'tag', '-d', 'release-1')
    renameSync(aside, project.remote)
    const back = await guard.standing(unread.now)
    assert.match(said(back.violations).join(), /release-1.*vanished on the remote/)
    assert.is(back.now.unread, null)
  }),
)

guarded('main rewritten between two looks is found by what the journal holds', () =>
  withGuard(async (project, guard) => {
    const {now} = await guard.standing(null)
    runGit(project.remote, 'update-ref', 'refs/heads/main', 'main~1')
    assert.match(
      said((await guard.standing(now)).violations).join(),
      /main was rewritten on the remote/,
    )
  }),
)

guarded('another clone that never had the tags is no violation', () =>
  withGuard(async (project, guard) => {
    const {now} = await guard.standing(null)
    runGit(project.root, 'clone', '--quiet', '--no-tags', '--branch=main', 'remote.git', 'second')
    runGit(join(project.root, 'second'), 'fetch', '--quiet', 'origin', 'tag', tag)
    const second = await open({
      ...project,
      clone: join(project.root, 'second'),
      git: (...args) => runGit(join(project.root, 'second'), ...args),
    })
    const found = await second.standing(now)
    assert.equal(said(found.violations), [])
  }),
)

guarded('says where the checkpoint’s own tag is, here and on the remote', () =>
  withGuard(async (project, guard) => {
    const commit = project.git('rev-parse', `${tag}^{commit}`).trim()
    assert.equal((await guard.standing(null)).own, {here: commit, remote: commit})
    runGit(project.remote, 'tag', '-d', tag)
    assert.equal((await guard.standing(null)).own, {here: commit, remote: null})
  }),
)

guarded.run()
