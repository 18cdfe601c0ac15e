// The project that the figures of a three-step run share: three commands in one phase of a runbook, a
// gate, and a remote that has the tag.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestRepository, testRepository} from '../helpers/repository.ts'
import {root} from './measure.ts'

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

/** With everything pushed. Call `close()` at the end. */
export function threeStepsProject(): TestRepository {
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

/** The words that run its three steps with the build in `folder`. */
export const threeStepsWords = (folder: string, project: string): readonly string[] => [
  process.execPath,
  '--import=typescript-when-needed',
  join(folder, 'node_modules/zx/build/cli.js'),
  join(folder, 'test/bench/three-steps-scenario.ts'),
  ...['--project', project],
]
