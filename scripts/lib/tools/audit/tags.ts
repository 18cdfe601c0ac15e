// Judges the tags of a run: the checkpoint's has not moved, and the outcome's is annotated, on the
// checkpoint, and there for a success alone.

import {recorded} from '../../domain/recorded.ts'
import type {RunState} from '../../domain/run.ts'
import type {Text} from '../../domain/text.ts'
import {outcomeTagName} from '../../store/git/outcome-tag.ts'
import {type AuditFinding, absent, finding} from './finding.ts'
import type {Anchor, AnchoredHistory, TagAt} from './history.ts'

export interface TagsCase {
  /** All that is known of the run: its full record where there is one. */
  readonly state: RunState
  readonly history: Pick<AnchoredHistory, 'localTags' | 'remoteTags'>
  /** Outcome tags that name this run. */
  readonly tags: readonly Anchor[]
}

export const judgeTags = (given: TagsCase): AuditFinding[] => [
  ...checkpoint(given),
  ...outcome(given),
  ...given.tags.flatMap((tag) => place(given, tag)),
]

const here: Text = {fr: 'dans ce clone', en: 'in this clone'}
const remote: Text = {fr: 'sur le dépôt distant', en: 'on the remote'}

function checkpoint({state, history}: TagsCase): AuditFinding[] {
  const {tag, tagObject, commit} = state.checkpoint
  if (tag === '' || tagObject === '') return [] // a rollback needs no checkpoint
  const wanted = {object: tagObject, commit}
  const [local, far] = [history.localTags.get(tag), history.remoteTags?.get(tag)]
  // A clone need not have fetched every tag; where the remote answers, it counts.
  const goneHere = local === undefined && far === undefined
  const goneThere = history.remoteTags !== null && far === undefined
  return [
    ...(local !== undefined || goneHere ? moved(tag, wanted, local, here) : []),
    ...(far !== undefined || (goneThere && !goneHere) ? moved(tag, wanted, far, remote) : []),
  ]
}

function moved(tag: string, wanted: TagAt, there: TagAt | undefined, where: Text): AuditFinding[] {
  if (there?.object === wanted.object && there.commit === wanted.commit) return []
  const {fr, en} = typeof where === 'string' ? {fr: where, en: where} : where
  return [
    finding({
      kind: 'tag',
      path: `refs/tags/${tag}`,
      what:
        there === undefined
          ? {fr: `le tag du checkpoint manque ${fr}`, en: `the checkpoint’s tag is missing ${en}`}
          : {fr: `le tag du checkpoint a bougé ${fr}`, en: `the checkpoint’s tag was moved ${en}`},
      expected: described(wanted),
      found: there === undefined ? absent : described(there),
    }),
  ]
}

const described = ({object, commit}: TagAt) =>
  object === commit ? commit : `${commit} (tag ${object})`

function outcome({state, history, tags}: TagsCase): AuditFinding[] {
  const succeeded = state.decided?.result === 'succeeded'
  const known = state.tag ?? recorded(state, 'release-tag')?.tag ?? null
  if (!succeeded && state.scenario !== 'freeze') return tags.map((tag) => undeserved(tag, state))
  if (!succeeded && known === null) return []
  if (tags.some(({name}) => known === null || name === known)) return []
  const there = known === null ? undefined : history.localTags.get(known)
  const day = (state.decided?.at ?? state.started.at).slice(0, 10)
  const name = known ?? outcomeTagName(state.scenario, day)
  return [
    finding({
      kind: 'tag',
      path: `refs/tags/${name}`,
      what: {
        fr: 'le tag annoté de cette exécution manque',
        en: 'the annotated tag of this run is missing',
      },
      expected: {
        fr: `un tag annoté qui nomme ${state.run}`,
        en: `an annotated tag that names ${state.run}`,
      },
      found: there === undefined ? absent : described(there),
    }),
  ]
}

const undeserved = ({name}: Anchor, {run, decided}: RunState): AuditFinding =>
  finding({
    kind: 'tag',
    path: `refs/tags/${name}`,
    what: {
      fr: `${run} n’est pas un succès, et a un tag`,
      en: `${run} is no success, and has a tag`,
    },
    expected: absent,
    found: decided?.result ?? absent,
  })

function place({state, history}: TagsCase, tag: Anchor): AuditFinding[] {
  const found: AuditFinding[] = []
  const path = `refs/tags/${tag.name}`
  if (tag.commit !== state.checkpoint.commit) {
    found.push(
      finding({
        ...{kind: 'tag', path, expected: state.checkpoint.commit, found: tag.commit},
        what: {
          fr: 'le tag de l’exécution n’est pas sur son checkpoint',
          en: 'the run’s tag is not on its checkpoint',
        },
      }),
    )
  }
  const far = history.remoteTags?.get(tag.name)
  if (history.remoteTags !== null && far === undefined) {
    found.push(
      finding({
        ...{kind: 'tag', path, expected: tag.object, found: absent},
        what: {
          fr: 'le tag de l’exécution n’est pas sur le dépôt distant',
          en: 'the run’s tag is not on the remote',
        },
      }),
    )
  }
  return found
}
