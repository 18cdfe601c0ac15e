// What documents are derived from, and the rendering of one template with it.

import {renderTemplate, type View} from '../documents/template.ts'
import type {Event} from '../domain/event.ts'
import {localView} from '../domain/local-time.ts'
import {problem} from '../domain/problem.ts'
import {recorded} from '../domain/recorded.ts'
import type {RunState} from '../domain/run.ts'
import type {DocumentNames} from '../domain/views/input.ts'
import {frenchSpaces} from '../domain/views/typography.ts'

export interface DeriveInput {
  /** Up to, and without, `documents-written`. */
  readonly events: readonly Event[]
  /** As used by the run. */
  readonly runbookSource: string
  /** Sources by path: `templates/deployment-report.md`. */
  readonly templates: ReadonlyMap<string, string>
  /** Sources by path, as they stand on the commit that the documents go on top of. */
  readonly previous: ReadonlyMap<string, string>
  readonly names: DocumentNames
  /** Text of the artifact's manifest; null where none was built. */
  readonly manifest: string | null
}

/** With the local time beside UTC, where the journal says in which zone. */
export function inZone(state: RunState, view: View): View {
  const zone = recorded(state, 'timezone')?.zone
  return zone === undefined ? view : localView(view, zone)
}

/** For documents that hold no word of people yet: theirs are not to be touched. */
export const renderFrench = async (input: DeriveInput, path: string, view: View): Promise<string> =>
  frenchSpaces(await render(input, path, view))

export async function render(input: DeriveInput, path: string, view: View): Promise<string> {
  const source = input.templates.get(path)
  if (source === undefined) {
    throw problem({
      what: {fr: `Le modèle ${path} manque.`, en: `The template ${path} is missing.`},
      next: {fr: 'le rétablir depuis le bundle', en: 'restore it from the bundle'},
      exit: 2,
    })
  }
  return renderTemplate(source, path, view)
}
