// What brings back an env file that is not there.

import type {Text} from '../domain/text.ts'

/** `keys`: whether the project reads any from it; a file without keys is in nobody's vault. */
export const fetchEnvFile = (path: string, keys: boolean): Text =>
  keys
    ? {
        fr: `reprendre ${path} dans le coffre de l’équipe, puis relancer la même commande`,
        en: `fetch ${path} from the team’s vault, then run the same command again`,
      }
    : `mkdir -p ${path.replace(/[^/]*$/, '') || '.'} && touch ${path} && chmod 600 ${path}`
