// Deploying in a READ-ONLY phase: a stand-in for a host's CLI deploys for whoever is signed in. It
// must fail for lack of rights, even where nothing forbids the command.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Mode} from '../../scripts/lib/documents/headings.ts'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import {authorise} from '../../scripts/lib/guard/authorised/authorised.ts'
import {childEnvironment} from '../../scripts/lib/guard/environment.ts'
import {forbiddenActs} from '../../scripts/lib/guard/forbidden/forbidden.ts'
import {createMask} from '../../scripts/lib/guard/mask.ts'
import {createShell} from '../../scripts/lib/guard/shell.ts'

const cli = `#!/bin/sh
signed="\${HOME}/.config/configstore/firebase-tools.json"
if [ -n "$FIREBASE_TOKEN$GOOGLE_APPLICATION_CREDENTIALS$MY_HOST_TOKEN" ] || [ -f "$signed" ]; then
  touch "$(dirname "$0")/../deployed"
  exit 0
fi
echo 'Error: Failed to authenticate' >&2
exit 1
`

export interface Deployment {
  readonly name: string
  readonly text: string
  readonly way: 'step' | 'script'
  readonly signedIn: 'token' | 'home'
  readonly mode: Mode
}

const deploy = 'firebase deploy --only hosting --project p'

export const deployments: readonly Deployment[] = (['token', 'home'] as const).flatMap(
  (signedIn) => [
    {name: 'as a step', text: deploy, way: 'step', signedIn, mode: 'READ-ONLY'},
    {name: 'by npx', text: `npx --yes ${deploy}`, way: 'step', signedIn, mode: 'READ-ONLY'},
    {name: 'by sh -c', text: `sh -c '${deploy}'`, way: 'step', signedIn, mode: 'READ-ONLY'},
    {name: 'in a script', text: deploy, way: 'script', signedIn, mode: 'READ-ONLY'},
    {
      name: 'in a script, real home guessed',
      text: `FIREBASE_TOKEN=\${FIREBASE_TOKEN:-} ${deploy}`,
      way: 'script',
      signedIn,
      mode: 'READ-ONLY',
    },
  ],
)

export type DeploymentOutcome = 'refused' | 'no rights' | 'deployed'

export async function tryDeployment(trial: Deployment): Promise<DeploymentOutcome> {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'guard-deploy-'))
  try {
    const [bin, home, empty] = ['bin', 'home', 'empty'].map((name) => join(root, name))
    if (!bin || !home || !empty) throw new Error('unreachable')
    mkdirSync(bin)
    mkdirSync(empty)
    mkdirSync(join(home, '.config/configstore'), {recursive: true})
    executable(join(bin, 'firebase'), cli)
    executable(join(root, 'step.sh'), `#!/bin/sh\n${trial.text}\n`)
    if (trial.signedIn === 'home') {
      writeFileSync(join(home, '.config/configstore/firebase-tools.json'), '{}')
    }
    const tokens = {FIREBASE_TOKEN: 'one', MY_HOST_TOKEN: 'two'}
    const base = {
      PATH: `${bin}:${process.env.PATH}`,
      HOME: home,
      ...(trial.signedIn === 'token' ? tokens : {}),
    }
    const line = trial.way === 'script' ? './step.sh' : trial.text
    const $ = await createShell({
      cwd: root,
      env: childEnvironment({
        base,
        mode: trial.mode,
        allow: Object.keys(tokens),
        privateHome: empty,
      }),
      mask: createMask([]),
      authorise: (text) => authorise(text, [{path: 'runbook.md', line: 1, text: line}]),
      forbidden: (text) => forbiddenActs(text, {mode: trial.mode}),
    })
    try {
      await $(Object.assign([line], {raw: [line]})).run()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return 'refused'
    }
    return existsSync(join(root, 'deployed')) ? 'deployed' : 'no rights'
  } finally {
    rmSync(root, {recursive: true, force: true})
  }
}

function executable(path: string, content: string): void {
  writeFileSync(path, content)
  chmodSync(path, 0o755)
}
