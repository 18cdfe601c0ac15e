// Where main is kept for reviews, the run's documents wait on a branch of their own: this asks for their
// merge, once, or says where a person can. Whatever the forge answers, the run's result stands.

import {factRecorded} from '../domain/facts.ts'
import {Problem} from '../domain/problem.ts'
import {recorded} from '../domain/recorded.ts'
import {inLang, type Text} from '../domain/text.ts'
import {mergePage, webAddressOf} from '../store/git/web-address.ts'
import {openPhaseContext, type Running} from './running.ts'
import type {Session} from './session.ts'

/** Asks where the documents are on a branch of their own, unless the journal says that it was asked. */
export async function askForMerge(running: Running): Promise<void> {
  const {session, run} = running
  const {pushed} = run.state()
  const base = session.world.repository.branch
  if (pushed === null || pushed.branch === base) return
  if (recorded(run.state(), 'merge-request') === undefined) {
    const asked = await ask(running, {head: pushed.branch, base})
    run.append(
      factRecorded('merge-request', {
        branch: pushed.branch,
        link: asked.link,
        number: asked.number,
      }),
    )
    if (asked.why !== null) {
      session.terminal.warn({
        fr: `la demande de fusion n’a pas pu être ouverte : ${inLang(asked.why, 'fr')}`,
        en: `the pull request could not be opened: ${inLang(asked.why, 'en')}`,
      })
    }
  }
}

/** What is left to do with the documents; null where they are on main. */
export function mergeWords({session, run}: Running): Text | null {
  const {pushed} = run.state()
  const base = session.world.repository.branch
  if (pushed === null || pushed.branch === base) return null
  const {link = null, number = null} = recorded(run.state(), 'merge-request') ?? {}
  const fr = link === null ? '' : ` : ${link}`
  const en = link === null ? '' : `: ${link}`
  return number === null
    ? {
        fr: `${base} est protégée : les documents sont sur ${pushed.branch}, à fusionner par une demande de fusion${fr}`,
        en: `${base} is protected: the documents are on ${pushed.branch}, to be merged by a pull request${en}`,
      }
    : {
        fr: `${base} est protégée : les documents sont sur ${pushed.branch}, à fusionner par la demande n° ${number}${fr}`,
        en: `${base} is protected: the documents are on ${pushed.branch}, to be merged by pull request #${number}${en}`,
      }
}

interface Branches {
  readonly head: string
  readonly base: string
}

interface Asked {
  readonly link: string | null
  /** null: nobody has asked yet. */
  readonly number: number | null
  readonly why: Text | null
}

async function ask(running: Running, branches: Branches): Promise<Asked> {
  const {session, run} = running
  // Asking is short, and who interrupts the run still wants its documents on main.
  const opened = await openPhaseContext(
    {...running, signal: new AbortController().signal},
    {mode: 'READ-ONLY', fences: [], step: () => 'merge-request', attempt: 1},
  )
  try {
    const ci = await opened.context.adapters.ci()
    const made = await ci?.mergeRequest?.({
      ...branches,
      title: `Documents de l’exécution ${run.state().run}`,
      body: bodyOf(session, run.state().run),
    })
    if (made != null) return {...made, why: null}
    return {link: await pageOf(session, branches), number: null, why: null}
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const why = error.parts.why ?? error.parts.what
    return {link: await pageOf(session, branches), number: null, why}
  } finally {
    await opened.close()
  }
}

const bodyOf = ({scenario}: Session, run: string) =>
  `Documents de l’exécution \`${run}\` (${scenario}), tels que Postgate les a dérivés de son journal.\n\nÀ fusionner tels quels, sans réécrire le commit : \`audit.ts\` les compare au journal.\n`

async function pageOf(session: Session, branches: Branches): Promise<string | null> {
  const web = await webRepository(session)
  return web === null ? null : mergePage(web, branches)
}

/** Where people see the repository on the web; null where nothing tells. */
export async function webRepository({
  project,
  world: {repository},
}: Pick<Session, 'project' | 'world'>): Promise<string | null> {
  if (project.repository.url !== undefined) return project.repository.url
  if (repository.remote === null) return null
  const address = await repository.git.text(['remote', 'get-url', repository.remote])
  const web = webAddressOf(address.trim())
  return web === null ? null : `https://${web.host}/${web.path}`
}
