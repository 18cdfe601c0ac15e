// What of the version before a host still serves, while a new one is on its way to everybody.

import type {Manifest} from '../domain/manifest.ts'
import type {Text} from '../domain/text.ts'

/** An address that is not right yet. */
interface Stale {
  /** Empty for `/`. */
  readonly path: string
  /** SHA-256 of what was served, where something was. */
  readonly served?: string
}

/** What a wait is for, in words. */
export function stillWaitingFor(left: readonly Stale[], versions: Versions): Both {
  const many = left.length > 1
  return (
    staleness(left, versions) ?? {
      fr: `${left.length} ${many ? 'adresses ne servent pas encore' : 'adresse ne sert pas encore'} cette version`,
      en: `${left.length} ${many ? 'addresses do' : 'address does'} not serve this version yet`,
    }
  )
}

interface Versions {
  readonly manifest: Manifest
  readonly before: Manifest | null
}

type Both = Exclude<Text, string>

/**
 * What is left of the version before: all of it, or a part, told apart because a new index.html with old
 * files is a page that breaks, and an old one with new files may be. null where nothing of it is served.
 */
export function staleness(left: readonly Stale[], {manifest, before}: Versions): Both | null {
  const old = new Map(before?.files.map(({path, sha256}) => [path, sha256]))
  const oldIndex = old.get('index.html')
  const isOld = ({path, served}: Stale) =>
    served !== undefined && (served === old.get(path || 'index.html') || served === oldIndex)
  const stale = new Set(left.filter(isOld).map(({path}) => path || 'index.html'))
  if (stale.size === 0) return null
  const changed = manifest.files.filter(
    ({path, sha256}) => old.has(path) && old.get(path) !== sha256,
  )
  if (changed.every(({path}) => stale.has(path))) {
    return {
      fr: 'l’hôte sert encore la version précédente',
      en: 'the host still serves the previous version',
    }
  }
  const files = stale.size - (stale.has('index.html') ? 1 : 0)
  if (!stale.has('index.html')) {
    return {
      fr: `index.html est neuf, ${files} ${files > 1 ? 'fichiers sont' : 'fichier est'} encore de la version précédente`,
      en: `index.html is new, ${files} ${files > 1 ? 'files are' : 'file is'} still of the previous version`,
    }
  }
  return {
    fr: 'index.html est encore de la version précédente, d’autres fichiers sont neufs',
    en: 'index.html is still of the previous version, other files are new',
  }
}
