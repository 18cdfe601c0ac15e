// A three-step run with journal, lease, guard, stamps and documents, against `ansible-playbook` with
// three `command` tasks.

import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gitEnvironment, type TestRepository, testRepository} from '../helpers/repository.ts'
import {command, type Figure, inTurn, root, round} from './measure.ts'

const runbook = `---
scenario: freeze
language: fr
version: 1
---

# Trois étapes

## Pré-requis

## Phase 1 : Trois commandes (READ-ONLY)

- [ ] **Un** : la première commande <!-- step: one -->
- [ ] **Deux** : la deuxième commande <!-- step: two -->
- [ ] **Trois** : la troisième commande <!-- step: three -->

\`\`\`bash
true <mot>
\`\`\`

## Critères de succès

- [ ] **Fait** : les trois ont tourné <!-- check: step-passed steps="one,two,three" -->

## Procédure de sortie de freeze
`

/** A project with a runbook of its own has all of them. */
const ownRunbooks = Object.fromEntries(
  ['staging', 'production', 'common-rules', 'decision'].map((name) => {
    const path = `runbooks/${name}.md`
    return [path, readFileSync(join(root, path), 'utf8')]
  }),
)

const playbook = `- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - command: "true one"
    - command: "true two"
    - command: "true three"
`

export const threeSteps: Figure = {
  name: 'a three-step run with journal, guard, stamps and report against ansible-playbook with three command tasks',
  limit: 0.5,
  unit: 'ratio',
  measure: async () => {
    if (spawnSync('ansible-playbook', ['--version']).status !== 0) {
      return {
        value: null,
        raw: {why: 'ansible-playbook (Debian’s ansible-core) is not installed here'},
      }
    }
    const folder = mkdtempSync(join(tmpdir(), 'postgate-bench-'))
    const repository = projectOfThreeSteps()
    try {
      writeFileSync(join(folder, 'play.yml'), playbook)
      const {ours, theirs, ratio} = await inTurn(
        5,
        () => runThreeSteps(repository.clone),
        () => command(['ansible-playbook', '-i', 'localhost,', join(folder, 'play.yml')]),
      )
      return {
        value: round(ratio),
        raw: {'ours ms': round(ours), 'ansible-playbook ms': round(theirs)},
      }
    } finally {
      repository.close()
      rmSync(folder, {recursive: true})
    }
  },
}

/** A project whose freeze has three steps, with a validated gate. */
export function projectOfThreeSteps(): TestRepository {
  const repository = testRepository({
    'postgate.yaml':
      'name: Bench\nbuilder: {adapter: command, output: dist}\nenvironments:\n  staging: {envFile: env/.env.staging, url: "http://127.0.0.1:1", hosting: {adapter: folder}}\n',
    ...ownRunbooks,
    'runbooks/freeze.md': runbook,
  })
  const commit = repository.git(['rev-parse', 'HEAD'])
  repository.git(['tag', '-a', 'prod-ready-bench', '-m', 'bench'])
  repository.commit({
    'docs/RELEASE_GATE_2026_01.md': `# Gate\n\n**Tag** : \`prod-ready-bench\`  \n**Commit** : \`${commit}\`\n\n## 4. Checklist\n\n- [x] tout\n`,
  })
  repository.push()
  repository.git(['push', '-q', 'origin', 'prod-ready-bench'])
  return repository
}

/** Milliseconds of a whole run. */
export const runThreeSteps = (clone: string, build = root): number =>
  command(
    [
      process.execPath,
      '--import=typescript-when-needed',
      join(build, 'node_modules/zx/build/cli.js'),
      'test/bench/three-steps-scenario.ts',
      ...['--project', clone],
    ],
    {cwd: build, env: gitEnvironment},
  )
