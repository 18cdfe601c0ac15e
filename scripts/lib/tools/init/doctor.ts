// `init.ts --check`: what a release needs of this machine, this clone and these accounts, each with what
// mends it. Changes nothing; says of a secret only whether it is there.

import {documentProblem} from '../../base/document-problem.ts'
import type {PlaceArguments} from '../../base/place-flags.ts'
import type {JsonOutput} from '../../domain/json-outputs.ts'
import {Problem} from '../../domain/problem.ts'
import {inLang, type Lang, type Text} from '../../domain/text.ts'
import {fail, type Judgement, unknown} from '../../domain/verdict.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {openWorkspace, type Workspace} from '../../run/session.ts'
import {apartPart} from './doctor-apart.ts'
import {checkEnvironment} from './doctor-environment.ts'
import type {DoctorLine, DoctorPart} from './doctor-line.ts'
import {machineLines} from './doctor-machine.ts'
import {notifyLines} from './doctor-notify.ts'
import {policyLines, repositoryLines} from './doctor-project.ts'

interface DoctorOptions extends PlaceArguments {
  readonly catalogue: () => Promise<Catalogue>
  readonly lang: Lang
  readonly json: boolean
}

/** 0: everything holds; 3: something is false or unknown. Throws a `Problem` (2) where there is no project. */
export async function doctor({catalogue, ...args}: DoctorOptions): Promise<number> {
  const workspace = await openWorkspace({
    args,
    scenario: 'init',
    catalogue,
    readOnly: true,
    services: true,
  })
  try {
    const told: JsonOutput<'doctor'>['lines'][number][] = []
    for (const {title, lines} of await parts(workspace)) {
      workspace.terminal.heading(title)
      for (const line of lines) told.push(await tell(line, workspace, title))
    }
    const bad = told.filter(({verdict, advice}) => verdict !== 'pass' && !advice)
    workspace.terminal.say(ending(bad.length, told.length))
    workspace.terminal.result('doctor', {ready: bad.length === 0, lines: told})
    return bad.length === 0 ? 0 : 3
  } finally {
    await workspace.close()
  }
}

async function parts(workspace: Workspace): Promise<DoctorPart[]> {
  const {project, world} = workspace
  const environments = (['staging', 'production'] as const).filter(
    (name) => project.environments[name] !== undefined,
  )
  return [
    {title: {fr: 'Cette machine', en: 'This machine'}, lines: machineLines(world, project)},
    {title: {fr: 'Dépôt', en: 'Repository'}, lines: repositoryLines(workspace)},
    {title: {fr: 'Procédures', en: 'Procedures'}, lines: await policyLines(workspace)},
    {title: 'Notifications', lines: notifyLines(workspace)},
    ...(environments.length === 2 ? [apartPart(workspace)] : []),
    ...(await Promise.all(environments.map((name) => checkEnvironment(workspace, name)))),
  ]
}

async function tell({title, judge, advice = false}: DoctorLine, {terminal}: Workspace, part: Text) {
  const {verdict, observed, next} = await judge().catch(judgementOf)
  const words = inLang(title, terminal.lang)
  terminal.outcome({
    ...{verdict: advice && verdict !== 'pass' ? 'waiting' : verdict, title: words, observed, next},
  })
  return {part, title, verdict, advice, observed, next: next ?? null}
}

/** A `Problem` is an answer too. Anything else is a defect of ours. */
function judgementOf(error: unknown): Judgement {
  const known = error instanceof Problem ? error : documentProblem(error)
  if (known == null) throw error
  const {what, why, next, exit} = known.parts
  const said: Text =
    why === undefined
      ? what
      : {
          fr: `${inLang(what, 'fr')} ${inLang(why, 'fr')}`,
          en: `${inLang(what, 'en')} ${inLang(why, 'en')}`,
        }
  const more = next === undefined ? {} : {next}
  return exit === 3 ? unknown(said, more) : fail(said, more)
}

const ending = (bad: number, all: number): Text =>
  bad === 0
    ? {fr: `Prêt : ${all} lignes.`, en: `Ready: ${all} lines.`}
    : {fr: `À corriger : ${bad} sur ${all}.`, en: `To mend: ${bad} of ${all}.`}
