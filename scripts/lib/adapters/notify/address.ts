// Where a webhook's message goes: written in postgate.yaml, or in an environment variable named there.

import {problem} from '../../domain/problem.ts'

/** Throws a `Problem` (3) that never shows the address: it is a secret with most chat services. */
export function channelAddress(
  {url, urlFrom}: {readonly url?: string | undefined; readonly urlFrom?: string | undefined},
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const found = urlFrom === undefined ? url : environment[urlFrom]
  if (found !== undefined && /^https?:\/\//.test(found) && URL.canParse(found)) return found
  throw problem({
    what: {
      fr: `notify : ${urlFrom ?? 'url'} n’est pas une adresse http(s).`,
      en: `notify: ${urlFrom ?? 'url'} is no http(s) address.`,
    },
    next: {
      fr:
        urlFrom === undefined
          ? 'corriger postgate.yaml'
          : `définir ${urlFrom} dans l’environnement`,
      en: urlFrom === undefined ? 'correct postgate.yaml' : `set ${urlFrom} in the environment`,
    },
    exit: 3,
  })
}
