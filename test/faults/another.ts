// Another person at another machine: a clone of their own, of the same remote.

import {cpSync, existsSync, mkdirSync, renameSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {openRepository} from '../../scripts/lib/store/git/open-repository.ts'
import {leasesOf} from '../../scripts/lib/store/lease/lease.ts'
import {gitEnvironment} from '../helpers/repository.ts'
import type {Stage} from './stage.ts'

function clone(stage: Stage): {path: string; git: (...words: string[]) => string} {
  const path = join(stage.root, 'another')
  const git = (...words: string[]) => stage.git('-C', path, ...words)
  if (!existsSync(path)) {
    stage.git('clone', '--quiet', stage.remote, path)
    git('config', 'user.name', 'Autre')
    git('config', 'user.email', 'autre@example.org')
  } else {
    git('fetch', '--quiet')
    git('reset', '--quiet', '--hard', 'origin/main')
  }
  return {path, git}
}

/** This machine is gone: another one has a clone, the env files, and an empty cache. */
export const elsewhere = (stage: Stage): undefined => {
  const dead = join(stage.root, 'dead')
  renameSync(stage.project, dead)
  renameSync(join(stage.root, 'cache'), join(stage.root, 'dead-cache'))
  stage.git('clone', '--quiet', stage.remote, stage.project)
  stage.git('config', 'user.name', 'Autre')
  stage.git('config', 'user.email', 'autre@example.org')
  cpSync(join(dead, 'env'), join(stage.project, 'env'), {recursive: true})
}

/** A file of theirs comes to main. */
export const pushes = (stage: Stage, file: string) => () => {
  const {path, git} = clone(stage)
  mkdirSync(dirname(join(path, file)), {recursive: true})
  writeFileSync(join(path, file), 'autre\n')
  git('add', '--all')
  git('commit', '--quiet', '-m', 'autre')
  git('push', '--quiet', 'origin', 'HEAD:main')
}

/** main loses its last commit, and gets another one. */
export const forcePushes = (stage: Stage) => () => {
  const {path, git} = clone(stage)
  git('reset', '--quiet', '--hard', 'HEAD~1')
  writeFileSync(join(path, 'autre.txt'), 'autre\n')
  git('add', '--all')
  git('commit', '--quiet', '-m', 'autre')
  git('push', '--quiet', '--force', 'origin', 'HEAD:main')
}

/** The run goes on over there. */
export const takesOver = (stage: Stage) => async () => {
  const {path} = clone(stage)
  const repository = await openRepository(path, {
    remote: 'origin',
    branch: 'main',
    environment: gitEnvironment,
  })
  const leases = leasesOf({repository, clock: {now: () => new Date('2026-01-23T14:30:00Z')}})
  await leases.takeOver({machine: 'autre', operator: 'Autre', why: 'essai'})
}
