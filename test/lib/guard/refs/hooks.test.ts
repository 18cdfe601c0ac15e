import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {prepareHooks} from '../../../../scripts/lib/guard/refs/hooks.ts'
import {runGit, type TestProject, tag, testProject} from '../../../guard/project.ts'

const hooks = suite('hooks')

async function guarded(
  test: (project: TestProject, run: (line: string) => number | null) => void | Promise<void>,
): Promise<void> {
  const project = testProject()
  try {
    const made = await prepareHooks({
      repository: project.clone,
      folder: join(project.root, 'hooks'),
      main: 'main',
      validatedTags: [tag, 'not-there-yet'],
    })
    const env = {...process.env, ...made.environment, GIT_CONFIG_GLOBAL: '/dev/null'}
    const run = (line: string) =>
      spawnSync('sh', ['-c', line], {cwd: project.clone, env, stdio: 'ignore'}).status
    await test(project, run)
    assert.ok(made.intact())
    assert.is(statSync(made.folder).mode & 0o777, 0o700)
  } finally {
    project.close()
  }
}

const stopped = [
  `git tag -d ${tag}`,
  `git tag -f ${tag} evil`,
  `git update-ref -d refs/tags/${tag}`,
  `git pack-refs --all && git tag -d ${tag}`,
  'git branch -f main evil',
  'git branch -D main',
  'git checkout -q main && git commit --amend -qm x',
  'git checkout -q main && git reset -q --hard HEAD~1',
  'git push -q -f origin evil:main',
  'git push -q origin :main',
  `git push -q -f origin evil:refs/tags/${tag}`,
  `git push -q origin :${tag}`,
  'git fetch -q . +evil:main',
]
for (const line of stopped) {
  hooks(`stop ${line}`, () =>
    guarded((project, run) => {
      const refs = () =>
        [project.clone, project.remote].map((path) => runGit(path, 'for-each-ref')).join()
      const before = refs()
      assert.is.not(run(line), 0)
      assert.is(refs(), before)
    }),
  )
}

const free = [
  'git pack-refs --all && git gc -q --prune=now',
  'git tag other && git tag -d other',
  'git tag -a freeze-2026-01-23 -m x && git push -q origin freeze-2026-01-23',
  'git fetch -q --tags origin',
  'git checkout -q main && git commit -q --allow-empty -m more && git push -q origin main',
  'git commit -q --allow-empty -m work && git reset -q --hard HEAD~1 && git branch -D evil',
  'git worktree add -q ../aside main && git -C ../aside status',
  `git tag not-there-yet && git push -q origin ${tag}`,
  'git init -q ../x && cd ../x && git config user.name T && git config user.email t@example.org && git commit -q --allow-empty -m x && git branch -M main && git commit -q --amend --allow-empty -m y && git tag v && git tag -d v',
]
for (const line of free) {
  hooks(`leave alone ${line}`, () => guarded((_, run) => assert.is(run(line), 0)))
}

hooks('fetch a main that moved forward, and refuse one that did not', () =>
  guarded((project, run) => {
    const other = join(project.root, 'other')
    runGit(project.root, 'clone', '--quiet', '--branch=main', 'remote.git', 'other')
    runGit(other, 'commit', '--quiet', '--allow-empty', '-m', 'more')
    runGit(other, 'push', '--quiet', 'origin', 'main')
    assert.is(run('git fetch -q origin main:main'), 0)
    runGit(other, 'push', '--quiet', '--force', 'origin', 'main~2:main')
    assert.is.not(run('git fetch -q origin +main:main'), 0)
  }),
)

hooks("the project's own hooks still run, with their input", () =>
  guarded((project, run) => {
    const folder = join(project.clone, 'own-hooks')
    mkdirSync(folder)
    for (const name of ['pre-commit', 'pre-push']) {
      const path = join(folder, name)
      writeFileSync(
        path,
        `#!/bin/sh
cat > seen-${name}
`,
      )
      chmodSync(path, 0o755)
    }
    execFileSync('git', ['config', 'core.hooksPath', 'own-hooks'], {cwd: project.clone})
    assert.is(run('git commit -q --allow-empty -m x </dev/null && git push -q origin work'), 0)
    assert.ok(statSync(join(project.clone, 'seen-pre-commit')))
    assert.ok(statSync(join(project.clone, 'seen-pre-push')).size > 40)
  }),
)

hooks('keep the configuration that the environment already held', async () => {
  const project = testProject()
  try {
    const base = {GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Ann'}
    const {environment} = await prepareHooks({
      repository: project.clone,
      folder: join(project.root, 'hooks'),
      main: 'main',
      validatedTags: [tag],
      base,
    })
    const env = {...process.env, ...environment}
    const get = (key: string) =>
      execFileSync('git', ['config', key], {env, encoding: 'utf8'}).trim()
    assert.is(get('user.name'), 'Ann')
    assert.is(get('core.hooksPath'), join(project.root, 'hooks'))
  } finally {
    project.close()
  }
})

hooks.run()
