// What a run still owes to people. The report opens with it, and status shows the same list.

import type {JsonOutput} from '../json-outputs.ts'
import {recorded} from '../recorded.ts'
import type {RunState} from '../run.ts'
import {inLang} from '../text.ts'
import {liveVersion} from './live.ts'

export type Owed = Omit<JsonOutput<'status'>['owed'][number], 'run'>

/** True where the next production run waits for a post-mortem of this one. */
export function owesPostMortem({scenario, rollback}: RunState): boolean {
  if (scenario !== 'production' || rollback === null || rollback.kind === 'drill') return false
  return rollback.finished?.result !== 'nothing-to-do'
}

/** Everything that is owed, the most urgent first. `postMortem`: its path, where one was named. */
export function owed(state: RunState, postMortem: string | null = null): Owed[] {
  return [
    ...look(state),
    ...(owesPostMortem(state) ? [postMortemOwed(postMortem)] : []),
    ...dataDecision(state),
    ...unprovenReset(state),
    ...openItems(state),
    ...failedNotifications(state),
    ...unpushed(state),
  ]
}

function look(state: RunState): Owed[] {
  if (liveVersion(state).status !== 'unknown') return []
  const command = recorded(state, 'rollback-command')?.command
  const by = (words: string, none: string) => (command === undefined ? none : `${words}${command}`)
  const what = {
    fr: `vérifier à la main ce qui est servi${by(' ; commande de l’hébergeur : ', '')}`,
    en: `look by hand at what is served${by('; the vendor’s command: ', '')}`,
  }
  return [{kind: 'look', what}]
}

const postMortemOwed = (path: string | null): Owed => ({
  kind: 'post-mortem',
  what: {
    fr: `remplir et commiter le post-mortem${path === null ? '' : ` ${path}`}, avant toute nouvelle mise en PRODUCTION`,
    en: `fill in and commit the post-mortem${path === null ? '' : ` ${path}`}, before any new PRODUCTION release`,
  },
})

/** Whether PROD's data must be restored is people's to say; the rollback never waits for it. */
function dataDecision(state: RunState): Owed[] {
  if (!owesPostMortem(state) || state.rollback?.finished == null) return []
  const asked = [...state.steps.values()].find(({nature}) => nature.owes === 'data-decision')
  const answered = asked?.status === 'finished'
  if (answered || !state.deploymentAttempted) return []
  const what = {
    fr: 'décider si les données de PROD doivent être restaurées, par qui et depuis quelle sauvegarde, et l’écrire dans le post-mortem',
    en: 'decide whether PROD’s data must be restored, by whom and from which backup, and write it in the post-mortem',
  }
  return [{kind: 'data', what}]
}

/** A reset that was begun and is not proven: STAGING's testers must know, and where its data still are. */
function unprovenReset(state: RunState): Owed[] {
  const reset = [...state.steps.values()].find(({nature}) => nature.owes === 'database')
  if (state.decided === null || reset === undefined || reset.untouched) return []
  const wrong = [...state.steps.values()].find(
    ({phase, verdict}) => phase === reset.phase && verdict !== 'pass',
  )
  if (wrong === undefined) return []
  const path = recorded(state, 'backup')?.path
  const kept = (words: string) => (path === undefined ? '' : `${words}${path}`)
  const {observed} = wrong
  const what = {
    fr: `reprendre la base STAGING, dont le reset n’est pas prouvé (${inLang(observed, 'fr')}) : en lire la cause, puis relancer le scénario A${kept(' ; sauvegarde d’avant le reset : ')}`,
    en: `take up STAGING’s database, whose reset is not proven (${inLang(observed, 'en')}): read why, then run scenario A again${kept('; backup from before the reset: ')}`,
  }
  return [{kind: 'database', what}]
}

/** Items that nobody or nothing could answer, in a run that went on without them. */
function openItems(state: RunState): Owed[] {
  if (state.decided?.result !== 'succeeded') return []
  return [...state.items.values()]
    .filter(({verdict, item}) => verdict === 'unknown' && !item.startsWith('abort/'))
    .map(({title, observed}) => ({
      kind: 'item',
      what: {
        fr: `${title} : resté ouvert (${inLang(observed, 'fr')})`,
        en: `${title}: left open (${inLang(observed, 'en')})`,
      },
    }))
}

function failedNotifications(state: RunState): Owed[] {
  const last = new Map<string, Owed | null>()
  for (const event of state.events) {
    if (event.type !== 'notified') continue
    const {what, channel, observed, verdict} = event
    // Nobody is waited for any more: what they were to be told is no debt.
    if (what === 'pause' && state.pause === null) continue
    const owed: Owed = {
      kind: 'notification',
      what: {
        fr: `prévenir l’équipe à la main : « ${what} » n’est pas parti par ${channel} (${inLang(observed, 'fr')})`,
        en: `tell the team by hand: "${what}" did not go out by ${channel} (${inLang(observed, 'en')})`,
      },
    }
    last.set(`${channel}\n${what}`, verdict === 'pass' ? null : owed)
  }
  return [...last.values()].filter((entry) => entry !== null)
}

function unpushed(state: RunState): Owed[] {
  if (state.commit === null) return []
  if (state.pushed !== null) return unmerged(state.pushed.branch, state)
  const what = {
    fr: 'pousser les documents vers le dépôt distant : relancer la même commande',
    en: 'push the documents to the remote: run the same command again',
  }
  return [{kind: 'documents', what}]
}

/** Documents that a protected main took only on a branch of their own. */
function unmerged(branch: string, state: RunState): Owed[] {
  if (!branch.startsWith('postgate/')) return []
  const link = recorded(state, 'merge-request')?.link
  const where = (colon: string) => (link == null ? '' : `${colon}${link}`)
  const what = {
    fr: `fusionner la branche ${branch} des documents${where(' : ')}`,
    en: `merge the documents’ branch ${branch}${where(': ')}`,
  }
  return [{kind: 'merge', what}]
}
