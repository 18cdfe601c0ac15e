// Policy is what is committed: an edit of a runbook, a template, the gate or `postgate.yaml` that
// nobody else can see blocks. A person's other work is theirs: a remark, and never touched.

import {relative, sep} from 'node:path'
import {fail, pass} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {check} from '../kit/definition.ts'
import {committing} from '../words/commands.ts'
import {shortList, words} from '../words/observed.ts'

export const repositoryClean = check({
  name: 'repository-clean',
  describe: {
    fr: 'Runbooks, modèles, gate et postgate.yaml sont committés tels quels.',
    en: 'Runbooks, templates, gate and postgate.yaml are committed as they are.',
  },
  parameters: {},
  async judge(context) {
    const {repository} = context.world
    const {staged, unstaged, untracked} = await repository.status()
    const changed = [...new Set([...staged, ...unstaged, ...untracked])].sort()
    const isPolicy = policyOf(context)
    const policy = changed.filter(isPolicy)
    if (policy.length > 0) {
      const commands = committed(context, policy)
      return fail(
        words`${{fr: 'modifiés et non committés : ', en: 'changed and not committed: '}}${shortList(policy, 8)}`,
        {
          next: {
            fr: `annuler leurs modifications, ou les committer : ${commands}`,
            en: `undo their changes, or commit them: ${commands}`,
          },
        },
      )
    }
    const never = await notTracked(context)
    if (never.length > 0) {
      const commands = committed(context, never, true)
      return fail(
        words`${{fr: 'jamais committés : ', en: 'never committed: '}}${shortList(never, 8)}`,
        {
          next: {
            fr: `les committer : ${commands}`,
            en: `commit them: ${commands}`,
          },
        },
      )
    }
    const clean = {fr: 'documents de procédure committés', en: 'policy documents committed'}
    if (changed.length === 0) return pass(clean)
    return pass(
      words`${clean}${{fr: ' ; travail en cours laissé tel quel : ', en: '; work in progress left as it is: '}}${shortList(changed, 5)}`,
    )
  },
})

const committed = (
  {world: {repository, project}}: Context,
  paths: readonly string[],
  ignored = false,
): string => committing({...repository, project, paths, ignored, message: 'Postgate'}).join(' && ')

/** Whether a path (relative to the root) is policy, of the project or of a bundle inside it. */
function policyOf({world, gate}: Context): (path: string) => boolean {
  const root = world.repository.root
  const homes = [world.project, world.bundle].map((folder) => below(root, folder))
  const prefixes = homes.filter((home) => home !== null)
  return (path) =>
    prefixes.some((prefix) => {
      if (!path.startsWith(prefix)) return false
      const rest = path.slice(prefix.length)
      return /^(runbooks|templates)\//.test(rest) || rest === 'postgate.yaml' || rest === gate.path
    })
}

/** `''`, `release/`, or null where `folder` is outside. */
function below(root: string, folder: string): string | null {
  const path = relative(root, folder).split(sep).join('/')
  if (path === '') return ''
  return path.startsWith('..') ? null : `${path}/`
}

/** Policy files in use that an ignore rule keeps out of git's sight. */
async function notTracked({world, gate, runbook, policy}: Context): Promise<string[]> {
  const {repository, project} = world
  const file = await policy.file(runbook.path).catch(() => null)
  const used = [`${project}/postgate.yaml`, `${project}/${gate.path}`, file?.absolute]
  const missing: string[] = []
  for (const absolute of used) {
    if (absolute === undefined) continue
    const path = relative(repository.root, absolute).split(sep).join('/')
    if (!path.startsWith('..') && !(await repository.isTracked(path))) missing.push(path)
  }
  return missing
}
