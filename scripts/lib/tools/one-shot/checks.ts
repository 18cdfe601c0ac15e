// The project's own checks, as the committed `postgate.yaml` lists them, in a worktree of the checkpoint.
// Each runs whatever the one before said, the flaky ones apart at the end; only exit code 0 is a pass.

import {readFile} from 'node:fs/promises'
import {join, relative} from 'node:path'
import {withCause} from '../../base/cause-line.ts'
import type {Project} from '../../domain/project.ts'
import type {Text} from '../../domain/text.ts'
import {authorise} from '../../guard/authorised/authorised.ts'
import type {CommandResult} from '../../guard/effect.ts'
import {childEnvironment} from '../../guard/environment.ts'
import {openRefsGuard} from '../../guard/refs/refs-guard.ts'
import {createShell, type Shell} from '../../guard/shell.ts'
import {answerOf} from '../../run/judging/judge.ts'
import type {Session} from '../../run/session.ts'
import {validatedTags} from '../../run/validated-tags.ts'
import {addCheckpointWorktree, removeWorktree} from '../../store/git/worktree.ts'
import type {OneShotRow} from './release.ts'

type ProjectCheck = Project['validation'][number]
type Show = (row: OneShotRow) => void

const timeoutMs = 45 * 60_000
const file = 'postgate.yaml'

/** Runs them all and shows a row for each; one row of what they did to main and the validated tags. */
export async function runProjectChecks(session: Session, show: Show): Promise<void> {
  const {project, world, checkpoint} = session
  const listed = [...project.validation].sort((a, b) => Number(a.flaky) - Number(b.flaky))
  const refusal = await whyNot(session)
  if (listed.length === 0 || refusal !== null) {
    const observed = refusal ?? {
      fr: 'postgate.yaml ne liste aucun contrôle : rien n’est prouvé',
      en: 'postgate.yaml lists no check: nothing is proven',
    }
    show({part: 'checks', title: `${file} : validation`, verdict: 'unknown', observed})
    return
  }
  const {repository} = world
  const guard = await openRefsGuard({...session, validated: await validatedTags(session)})
  const before = await guard.before()
  const {path} = await addCheckpointWorktree({
    ...{repository, cache: world.cache},
    ...{run: 'one-shot', number: 1, commit: checkpoint.commit},
  })
  try {
    const $ = await shellOf(session, {
      cwd: join(path, relative(repository.root, world.project)),
      guardEnvironment: guard.environment,
      source: await readFile(join(world.project, file), 'utf8'),
    })
    for (const check of listed) show(await rowOf(session, $, check))
  } finally {
    await removeWorktree(repository, path)
  }
  const {violations, unknowns} = await guard.compare(before)
  const [first] = violations
  show({
    part: 'history',
    title: session.terminal.lang === 'fr' ? 'Références intactes' : 'References intact',
    verdict: first !== undefined ? 'fail' : unknowns.length > 0 ? 'unknown' : 'pass',
    observed: first ??
      unknowns[0] ?? {
        fr: 'les contrôles n’ont touché ni la branche ni les tags validés',
        en: 'the checks touched neither the branch nor the validated tags',
      },
  })
}

/** Only what is committed may run, and only in a checkpoint that is here. */
async function whyNot({world, checkpoint}: Session): Promise<Text | null> {
  const {repository, project} = world
  const path = join(relative(repository.root, project), file)
  const {staged, unstaged, untracked} = await repository.status()
  if ([...staged, ...unstaged, ...untracked].includes(path)) {
    return {
      fr: `${path} n’est pas committé tel quel : ses commandes ne sont pas exécutées`,
      en: `${path} is not committed as it is: its commands are not run`,
    }
  }
  if ((await repository.resolveCommit(checkpoint.commit)) !== checkpoint.commit) {
    return {
      fr: `le commit ${checkpoint.commit} n’est pas ici`,
      en: `the commit ${checkpoint.commit} is not here`,
    }
  }
  return null
}

async function shellOf(
  {project, world, mask}: Session,
  given: {cwd: string; guardEnvironment: Readonly<Record<string, string>>; source: string},
): Promise<Shell> {
  const fences = project.validation.map(({run}) => ({
    path: file,
    line: given.source.slice(0, given.source.indexOf(run)).split('\n').length,
    text: run,
  }))
  return createShell({
    cwd: given.cwd,
    // Tests need no token of a host, so they get none.
    env: childEnvironment({
      ...{base: world.environment, mode: 'READ-ONLY', extra: given.guardEnvironment},
    }),
    mask,
    authorise: (text) => authorise(text, fences),
    timeoutMs,
  })
}

async function rowOf({terminal}: Session, $: Shell, check: ProjectCheck): Promise<OneShotRow> {
  const {title, run, flaky} = check
  terminal.doing(title)
  let ms = 0
  const judgement = await answerOf(async () => {
    const result = await $(Object.assign([run], {raw: [run]})).run()
    ms = result.durationMs
    if (result.exitCode === 0) return {verdict: 'pass', observed: `${run} : 0`}
    for (const line of tailOf(result)) terminal.say(`    ${line}`)
    return {
      verdict: result.exitCode === null ? 'unknown' : 'fail',
      observed: endOf(run, result),
      next: {
        fr: 'lire sa sortie ci-dessus ; corriger demande un nouveau tag et un nouveau gate',
        en: 'read its output above; a correction needs a new tag and a new gate',
      },
    }
  })
  const {verdict, observed, next} = judgement
  return {part: flaky ? 'flaky' : 'checks', title, verdict, observed, next, ms}
}

const tailOf = ({stdout, stderr}: CommandResult): string[] =>
  `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-20)

function endOf(run: string, result: CommandResult): Text {
  const {exitCode, signal, timedOut, stdout, stderr} = result

  if (timedOut) return {fr: `${run} : sans fin`, en: `${run}: did not end`}
  return exitCode === null
    ? {fr: `${run} : interrompu (${signal ?? '?'})`, en: `${run}: ended by ${signal ?? '?'}`}
    : {
        fr: withCause(`${run} : code ${exitCode}`, `${stdout}\n${stderr}`),
        en: withCause(`${run}: exit ${exitCode}`, `${stdout}\n${stderr}`),
      }
}
