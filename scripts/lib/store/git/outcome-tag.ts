// The annotated tag of a success, on the checkpoint: `staging-2026-01-23`, `-2` for a second one of
// that day. It anchors the journal (chain head and number of events stand in its message). Safe to
// run twice: the tag of a run is recognised by its trailer; no tag is ever moved or deleted.

import type {Scenario} from '../../domain/event.ts'
import {problem} from '../../domain/problem.ts'
import {changeRefs, refStore} from './ref-store.ts'
import type {Repository} from './repository.ts'

const prefixes: Readonly<Record<Scenario, string>> = {
  staging: 'staging',
  production: 'prod',
  freeze: 'freeze',
}

/** `prod-2026-01-23`. `day`: `YYYY-MM-DD`, UTC. */
export const outcomeTagName = (scenario: Scenario, day: string): string =>
  `${prefixes[scenario]}-${day}`

const outcome = new RegExp(
  `^(?:${Object.values(prefixes).join('|')})-\\d{4}-\\d{2}-\\d{2}(?:-\\d+)?$`,
)

/** `prod-2026-01-23`, `prod-2026-01-23-2`. */
export const isOutcomeTag = (name: string): boolean => outcome.test(name)

/** Patterns of every such tag, as `ls-remote` takes them. */
export const outcomeTagRefs = Object.values(prefixes).map((prefix) => `refs/tags/${prefix}-*`)

export interface OutcomeTag {
  readonly repository: Repository
  readonly scenario: Scenario
  readonly date: Date
  readonly commit: string
  readonly run: string
  /** Says the chain's head and the number of events; the trailer `Postgate-Run` is added. */
  readonly message: string
}

export interface TaggedOutcome {
  readonly tag: string
  readonly object: string
  readonly reused: boolean
}

/** Creates the tag and pushes it. Throws `RemoteAway` (3), or a `Problem` (3) when it is refused. */
export async function tagOutcome(input: OutcomeTag): Promise<TaggedOutcome> {
  const {repository, run} = input
  const base = outcomeTagName(input.scenario, input.date.toISOString().slice(0, 10))
  const store = refStore(repository)
  const taken = await tagsOf(repository, base)
  for (const [tag, object] of taken) {
    if (await isOf(repository, object, run, input.commit)) {
      await keepHere(repository, tag, object)
      return {tag, object, reused: true}
    }
  }
  for (let number = 1; number < 100; number += 1) {
    const tag = number === 1 ? base : `${base}-${number}`
    const ref = `refs/tags/${tag}`
    if (taken.has(tag) || (await repository.resolveTag(tag)) !== null) continue
    const object = await writeTag(input, tag)
    const made = await changeRefs(store, [{ref, from: null, to: object, peeled: input.commit}])
    const now = made.now.get(ref)
    if (now === object) {
      await keepHere(repository, tag, object)
      return {tag, object, reused: false}
    }
    if (now === undefined) throw refused(tag)
  }
  throw refused(base)
}

/** Tags of that day where they count: on the remote, or here without one. */
async function tagsOf(repository: Repository, base: string): Promise<Map<string, string>> {
  const {remote, remoteRefs, localRefs} = repository
  const refs =
    remote === null ? await localRefs('refs/tags/') : await remoteRefs([`refs/tags/${base}*`])
  const tags = new Map<string, string>()
  for (const [ref, object] of refs) {
    const tag = ref.slice('refs/tags/'.length)
    const rest = tag.startsWith(base) ? tag.slice(base.length) : 'another'
    if (/^(-\d+)?$/.test(rest)) tags.set(tag, object)
  }
  return tags
}

async function isOf(
  repository: Repository,
  object: string,
  run: string,
  commit: string,
): Promise<boolean> {
  await repository.fetchObjects([object])
  const read = await repository.git.attempt(['cat-file', 'tag', object])
  const lines = read.stdout.toString('utf8').split('\n')
  return (
    read.exitCode === 0 && lines[0] === `object ${commit}` && lines.includes(`Postgate-Run: ${run}`)
  )
}

async function writeTag(input: OutcomeTag, tag: string): Promise<string> {
  const {name, email} = await input.repository.identity()
  const seconds = Math.floor(input.date.getTime() / 1000)
  const text = [
    `object ${input.commit}`,
    'type commit',
    `tag ${tag}`,
    `tagger ${name} <${email}> ${seconds} +0000`,
    '',
    input.message.trimEnd(),
    '',
    `Postgate-Run: ${input.run}`,
    '',
  ].join('\n')
  return input.repository.git.text(['mktag'], {input: text})
}

/** The local ref, only where none is: a local tag of that name is a person's own. */
async function keepHere({git}: Repository, tag: string, object: string): Promise<void> {
  const absent = '0'.repeat(object.length)
  await git.attempt(['update-ref', `refs/tags/${tag}`, object, absent])
}

function refused(tag: string) {
  return problem({
    what: {
      fr: `Le dépôt distant n’a pas accepté le tag ${tag}.`,
      en: `The remote did not accept the tag ${tag}.`,
    },
    next: {
      fr: 'obtenir le droit de créer ce tag, puis relancer la même commande',
      en: 'get the right to create this tag, then run the same command again',
    },
    exit: 3,
  })
}
