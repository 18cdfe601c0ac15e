// Incidents that people declare, from any clone: one ref each on the remote. A run reads them while it
// watches, and later checks ask whether an environment was quiet.

import {randomBytes} from 'node:crypto'
import {z} from 'zod'
import type {Clock} from '../../base/clock.ts'
import {parsedJson} from '../../domain/json.ts'
import {problem} from '../../domain/problem.ts'
import type {Incident} from '../../domain/run.ts'
import {environmentShape, severityShape} from '../../domain/shapes.ts'
import {writeCommit, writeFlatTree} from '../git/objects.ts'
import {changeRefs, refStore} from '../git/ref-store.ts'
import {isRemoteAway, remoteAway} from '../git/remote-problem.ts'
import type {Repository} from '../git/repository.ts'

const prefix = 'refs/postgate/incidents/'
/** How long one answer of the remote serves, while a watch asks again and again. */
const freshMs = 6 * 60_000

const schema = z.object({
  what: z.string(),
  severity: severityShape,
  environment: environmentShape.nullable(),
  by: z.string(),
  at: z.string(),
})

export interface DeclaredIncident extends Incident {
  readonly id: string
}

/** Publishes an incident and answers its id. Throws `RemoteAway` (3) where the remote did not take it. */
export async function declareIncident(repository: Repository, incident: Incident): Promise<string> {
  const {git} = repository
  const id = `${incident.at.replace(/\D/g, '').slice(0, 14)}-${randomBytes(4).toString('hex')}`
  const ref = `${prefix}${id}`
  const commit = await writeCommit({
    git,
    tree: await writeFlatTree(git, {'incident.json': `${JSON.stringify(incident)}\n`}),
    parents: [],
    message: `Incident ${id}\n`,
    date: new Date(incident.at),
    identity: await repository.identity(),
  })
  const store = refStore(repository)
  const {now, words: said} = await changeRefs(store, [{ref, from: null, to: commit}])
  if (now.get(ref) === commit) {
    known.delete(repository)
    return id
  }
  if (repository.remote !== null) throw remoteAway(repository.remote, said)
  throw problem({
    what: {fr: 'L’incident n’a pas pu être enregistré.', en: 'The incident could not be recorded.'},
    why: said,
    exit: 3,
  })
}

const known = new WeakMap<Repository, {at: number; incidents: Promise<DeclaredIncident[]>}>()

/**
 * Ids of the incidents that were there when a run began. Noted once, since another machine's clock may be
 * behind: what appears later is new, whatever time it carries.
 */
export const declaredBefore = (all: readonly DeclaredIncident[], startedAt: string): string[] =>
  all.filter(({at}) => at < startedAt).map(({id}) => id)

/** All declared incidents, oldest first; asked for again after six minutes. Throws `RemoteAway`. */
export async function readIncidents(
  repository: Repository,
  clock: Clock,
): Promise<readonly DeclaredIncident[]> {
  const now = clock.now().getTime()
  const last = known.get(repository)
  if (last !== undefined && Math.abs(now - last.at) < freshMs) return last.incidents
  const incidents = read(repository, {again: last !== undefined})
  known.set(repository, {at: now, incidents})
  incidents.catch(() => known.delete(repository))
  return incidents
}

/** Those declared at or after `since` (ISO 8601, UTC); none with the remote away. */
export async function incidentsSince(
  repository: Repository,
  clock: Clock,
  since: string,
): Promise<Incident[]> {
  try {
    const all = await readIncidents(repository, clock)
    return all
      .filter(({at}) => at >= since)
      .map(({what, severity, environment, by, at}) => ({what, severity, environment, by, at}))
  } catch (error) {
    if (isRemoteAway(error)) return []
    throw error
  }
}

async function read(
  repository: Repository,
  how: {readonly again: boolean},
): Promise<DeclaredIncident[]> {
  const refs =
    repository.remote === null
      ? await repository.localRefs(prefix)
      : await repository.remoteRefs([`${prefix}*`], how)
  await repository.fetchObjects([...refs.values()])
  const found: DeclaredIncident[] = []
  for (const [ref, commit] of refs) {
    const text = await repository.showFile(commit, 'incident.json')
    const parsed = schema.safeParse(parsedJson(text))
    // One that cannot be read is still an incident: it must not pass unseen.
    found.push({id: ref.slice(prefix.length), ...(parsed.success ? parsed.data : unreadable(ref))})
  }
  return found.sort((a, b) => a.at.localeCompare(b.at))
}

const unreadable = (ref: string): Incident => ({
  what: {fr: `incident illisible (${ref})`, en: `unreadable incident (${ref})`},
  severity: 'major',
  environment: null,
  by: '?',
  at: '',
})
