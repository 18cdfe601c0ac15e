// stub
import type {Document} from './document.ts'
import type {Section} from './section.ts'

export type MarkMeaning = 'validated' | 'refused' | 'unclear' | 'open'

export type MarkedEntry = {
  readonly text: string
  readonly mark: MarkMeaning
  /** The mark as written: `[ ]`, `✅`, `PASS`; '' where there is none. */
  readonly raw: string
  readonly line: number
}

/** The checklist entries of a section and of what lies below it. */
export declare function markedEntries(document: Document, section: Section): readonly MarkedEntry[]

export type Metadata = {readonly value: string; readonly line: number}

/** `**Clé** : valeur` lines and front matter, by normalised key. */
export declare function metadata(document: Document): ReadonlyMap<string, Metadata>

/** Lines (from 1) of committed merge-conflict markers. */
export declare function conflictMarkers(source: string): readonly number[]
