// Git: pushes that are rejected, a remote that is away, refs that others move in mid-run, a lease that
// was taken.

import {execFileSync} from 'node:child_process'
import {appendFileSync, chmodSync, copyFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {forcePushes, pushes, takesOver} from './another.ts'
import {gateText, tag} from './documents.ts'
import {type Fault, wrong} from './fault.ts'
import {duringDeployment} from './lying-host.ts'
import type {Stage} from './stage.ts'

const hook = (stage: Stage, body: string) => {
  const path = join(stage.remote, 'hooks/pre-receive')
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
}
const rejectAll = (stage: Stage) => () => hook(stage, 'echo no >&2; exit 1')
const accepted = (stage: Stage): undefined => {
  rmSync(join(stage.remote, 'hooks/pre-receive'), {force: true})
}
const away = (stage: Stage) => () => renameSync(stage.remote, `${stage.remote}-away`)
const back = (stage: Stage): undefined => {
  renameSync(`${stage.remote}-away`, stage.remote)
}

const moveTag = (stage: Stage) => () => {
  stage.remoteGit('update-ref', `refs/tags/${tag}`, 'refs/heads/main')
}
const tagBack = (stage: Stage): undefined => {
  stage.remoteGit('update-ref', `refs/tags/${tag}`, stage.git('rev-parse', `refs/tags/${tag}`))
}

const waiting = (stage: Stage) => stage.answers({answers: {}})
const answered = (stage: Stage): undefined => {
  stage.answers()
}

/** Tags of other releases, validated as well: a live one's outcome, a freeze's, another gate's. */
const others = ['staging-2026-01-09', 'freeze-2025-12-24', 'release-2025-12']
const otherReleases = (stage: Stage): void => {
  writeFileSync(
    join(stage.project, 'docs/RELEASE_GATE_2025_12.md'),
    gateText(stage.git('rev-parse', 'HEAD')).replaceAll(tag, 'release-2025-12'),
  )
  stage.git('add', 'docs')
  stage.git('commit', '--quiet', '-m', 'gate of December')
  for (const each of others) stage.git('tag', '-a', each, '-m', each)
  stage.git('push', '--quiet', 'origin', 'main', ...others)
}

/** What a step leaves of the project's repository, and how a person brings it back. */
const unusable: readonly [string, (stage: Stage) => void, (stage: Stage) => void][] = [
  [
    '.git is gone',
    ({project, root}) => renameSync(join(project, '.git'), join(root, 'git-aside')),
    ({project, root}) => {
      rmSync(join(project, '.git'), {recursive: true, force: true})
      renameSync(join(root, 'git-aside'), join(project, '.git'))
    },
  ],
  [
    'its configuration cannot be read',
    ({project, root}) => {
      copyFileSync(join(project, '.git/config'), join(root, 'config-aside'))
      appendFileSync(join(project, '.git/config'), '[broken\n')
    },
    ({project, root}) => copyFileSync(join(root, 'config-aside'), join(project, '.git/config')),
  ],
  [
    'HEAD is no ref',
    ({project}) => writeFileSync(join(project, '.git/HEAD'), 'nothing\n'),
    ({project}) => writeFileSync(join(project, '.git/HEAD'), 'ref: refs/heads/main\n'),
  ],
  ...(process.getuid?.() === 0
    ? [owned('it belongs to somebody else, as a container’s build leaves it')]
    : []),
]

function owned(name: string): (typeof unusable)[number] {
  const to = (project: string, owner: string) => execFileSync('chown', ['-R', owner, project])
  return [
    name,
    ({project}) => void to(project, '12345:12345'),
    ({project}) => void to(project, '0:0'),
  ]
}

const signing = (stage: Stage, key: string) => {
  stage.git('config', 'commit.gpgSign', 'true')
  stage.git('config', 'gpg.format', 'ssh')
  stage.git('config', 'user.signingKey', join(stage.root, key))
}
const unsigned = (stage: Stage): undefined => {
  stage.git('config', 'commit.gpgSign', 'false')
}

export const faults: readonly Fault[] = [
  ...unusable.flatMap(([name, spoil, mend]): Fault[] => {
    const rest: Omit<Fault, 'name' | 'lies'> = {
      exit: 3,
      served: 'new',
      next: {
        after: (stage) => {
          mend(stage)
          return undefined
        },
        exit: 0,
        served: 'new',
      },
    }
    return [
      {
        name: `the deployment leaves the repository unusable: ${name}`,
        lies: (stage) => duringDeployment(() => spoil(stage)),
        ...rest,
      },
      {
        name: `between two steps the repository becomes unusable: ${name}`,
        lies: (stage) => ({before: {'served-bytes': () => spoil(stage)}}),
        ...rest,
      },
    ]
  }),
  {
    name: 'commits have to be signed, and no key is there: nothing begins',
    lies: (stage) => {
      signing(stage, 'no-such-key')
      return {}
    },
    exit: 3,
    served: 'old',
    says: /cannot be signed[\s\S]*no-such-key[\s\S]*git config commit\.gpgSign false/,
    check: (stage) => {
      if (stage.events().length > 0) wrong('a run was begun')
    },
    next: {after: unsigned, exit: 0, served: 'new'},
  },
  {
    name: 'the key that signs commits is gone behind the deployment',
    lies: (stage) => {
      const key = join(stage.root, 'key')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
      signing(stage, 'key')
      return {before: {'served-bytes': () => rmSync(key)}}
    },
    exit: 3,
    served: 'new',
    says: /cannot be signed[\s\S]*git config commit\.gpgSign false/,
    next: {after: unsigned, exit: 0, served: 'new'},
  },
  ...others.map(
    (other): Fault => ({
      name: `${other}, of another release, is deleted during the deployment, here and there`,
      lies: (stage) => {
        otherReleases(stage)
        return duringDeployment(() => {
          stage.git('update-ref', '-d', `refs/tags/${other}`)
          stage.remoteGit('update-ref', '-d', `refs/tags/${other}`)
        })
      },
      exit: 1,
      says: new RegExp(`${other}.*vanished`),
      served: 'old',
    }),
  ),
  {
    name: 'the tag of another release is moved on the remote between two steps',
    lies: (stage) => {
      otherReleases(stage)
      return {
        before: {
          'served-bytes': () =>
            void stage.remoteGit('update-ref', 'refs/tags/staging-2026-01-09', 'refs/heads/main'),
        },
      }
    },
    exit: 1,
    says: /staging-2026-01-09.*was moved/,
    served: 'old',
  },
  {
    name: 'the checkpoint’s own tag vanishes behind the last step',
    lies: (stage) => ({
      before: {
        'served-bytes': () => void stage.remoteGit('update-ref', '-d', `refs/tags/${tag}`),
      },
    }),
    exit: 1,
    says: new RegExp(tag),
    served: 'old',
  },
  {
    name: 'a tag vanishes while the remote is away, and is missed once it is back',
    lies: (stage) => {
      otherReleases(stage)
      return duringDeployment(() => {
        stage.git('--git-dir', stage.remote, 'update-ref', '-d', 'refs/tags/staging-2026-01-09')
        away(stage)()
      })
    },
    exit: 3,
    served: 'new',
    says: /could not be/,
    next: {after: back, exit: 1, served: 'old', says: /staging-2026-01-09.*vanished/},
  },
  {
    name: 'the remote is away around the deployment only: compared afterwards, no violation',
    lies: (stage) => ({
      ...duringDeployment(away(stage)),
      before: {'served-bytes': () => void back(stage)},
    }),
    exit: 0,
    served: 'new',
    check: (stage) => {
      if (!/n’a pas pu être comparé/.test(stage.report())) wrong(stage.report())
    },
  },
  {
    name: 'pushes are sent elsewhere by a step: gone back from, and finished once they arrive again',
    lies: (stage) =>
      duringDeployment(() => void stage.git('config', 'remote.origin.pushurl', stage.root)),
    exit: 3,
    served: 'old',
    says: /remote\.origin\.pushurl/,
    next: {
      after: (stage) => {
        stage.git('config', '--unset', 'remote.origin.pushurl')
        return undefined
      },
      exit: 1,
      served: 'old',
    },
  },
  {
    name: 'every push is rejected before the start',
    lies: (stage) => {
      rejectAll(stage)()
      return {}
    },
    exit: 3,
    says: /did not accept refs\/postgate/,
    served: 'old',
    next: {after: accepted, exit: 0, served: 'new'},
  },
  {
    name: 'every push is rejected from the deployment on',
    lies: (stage) => ({before: {deploy: rejectAll(stage)}}),
    exit: 3,
    served: 'old',
    next: {after: accepted, exit: 0, served: 'new'},
  },
  {
    name: 'every push is rejected at the finish',
    lies: (stage) => ({before: {'served-bytes': rejectAll(stage)}}),
    exit: 3,
    served: 'new',
    next: {after: accepted, exit: 0, served: 'new'},
  },
  {
    name: 'main is protected: the documents go to a branch',
    lies: (stage) => {
      hook(stage, 'while read old new ref; do [ "$ref" != refs/heads/main ] || exit 1; done')
      return {}
    },
    exit: 0,
    says: /main is protected: the documents are on postgate/,
    served: 'new',
    check: (stage) => {
      const branches = stage.remoteGit('for-each-ref', '--format=%(refname)', 'refs/heads')
      if (branches.split('\n').length !== 2) wrong(branches)
    },
  },
  {
    name: 'the remote is away before the start',
    lies: (stage) => {
      away(stage)()
      return {}
    },
    exit: 3,
    says: /does not answer/,
    served: 'old',
    next: {after: back, exit: 0, served: 'new'},
  },
  {
    name: 'the remote goes away before the deployment',
    lies: (stage) => ({before: {deploy: away(stage)}}),
    exit: 3,
    says: /does not answer/,
    served: 'old',
    next: {exit: 3, after: () => undefined, next: {after: back, exit: 0, served: 'new'}},
  },
  {
    name: 'the remote goes away behind the deployment: it goes on reading',
    lies: (stage) => ({before: {'served-bytes': away(stage)}}),
    exit: 3,
    says: /Octets servis : .*identical/,
    served: 'new',
    next: {after: back, exit: 0, served: 'new'},
  },
  {
    name: 'the remote is away, and a rollback goes ahead all the same',
    lies: (stage) => {
      waiting(stage)
      return {}
    },
    exit: 4,
    served: 'new',
    next: {
      after: (stage) => {
        away(stage)()
        return undefined
      },
      flags: {rollback: 'les commandes échouent'},
      exit: 3,
      served: 'old',
      next: {after: back, exit: 1, served: 'old', says: /Rolled back/},
    },
  },
  {
    name: 'the tag moves on the remote before the deployment',
    lies: (stage) => ({before: {deploy: moveTag(stage)}}),
    exit: 1,
    says: new RegExp(`${tag}`),
    served: 'old',
    next: {after: tagBack, exit: 0, served: 'new'},
    releases: 2,
  },
  {
    name: 'the tag vanishes from the remote while a person is awaited',
    lies: (stage) => {
      waiting(stage)
      return {}
    },
    exit: 4,
    next: {
      after: (stage) => {
        stage.remoteGit('update-ref', '-d', `refs/tags/${tag}`)
        return answered(stage)
      },
      flags: {rollback: 'le tag a disparu'},
      exit: 1,
      served: 'old',
    },
  },
  {
    name: 'main is force-pushed by another during the deployment',
    lies: (stage) => duringDeployment(forcePushes(stage)),
    exit: 1,
    served: 'old',
    says: /main/,
  },
  {
    name: 'main is force-pushed by another between two steps',
    lies: (stage) => ({before: {'live-before': forcePushes(stage)}}),
    exit: 1,
    served: 'old',
    says: /main/,
  },
  {
    name: 'documents of another come to main in mid-run',
    lies: (stage) => ({
      before: {
        'served-bytes': pushes(stage, 'docs/NOTE.md'),
      },
    }),
    exit: 0,
    served: 'new',
    check: (stage) => {
      const files = stage.remoteGit('ls-tree', '-r', '--name-only', 'main')
      if (!files.includes('docs/NOTE.md') || !files.includes('DEPLOYMENT_REPORT')) wrong(files)
    },
  },
  {
    name: 'another machine takes the run over in mid-run',
    lies: (stage) => ({before: {deploy: takesOver(stage)}}),
    exit: 3,
    served: 'old',
    says: /no longer holds the lease/,
    check: (stage) => {
      if (stage.remoteGit('for-each-ref', 'refs/postgate/lease') === '') wrong('the lease is gone')
    },
  },
  {
    name: 'the lease is deleted by hand in mid-run',
    lies: (stage) => ({
      before: {deploy: () => void stage.remoteGit('update-ref', '-d', 'refs/postgate/lease')},
    }),
    exit: 3,
    served: 'old',
    next: {exit: 0, served: 'new'},
  },
  {
    name: 'a lock of a killed git is left in the clone',
    lies: (stage) => {
      writeFileSync(join(stage.project, '.git/index.lock'), '')
      return {}
    },
    exit: 0,
    served: 'new',
  },
]
