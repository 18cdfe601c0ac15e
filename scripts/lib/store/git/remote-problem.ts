// A remote that does not answer, or answers no, is a `Problem` (3) of its own: unknown is never a pass.

import {Problem} from '../../domain/problem.ts'
import {inLang, type Text} from '../../domain/text.ts'

/** Milliseconds of silence after which a remote counts as away. */
export const remoteSilenceMs = 60_000

export class RemoteAway extends Problem {}

/** Whether `error` says that the remote did not answer. */
export const isRemoteAway = (error: unknown): error is RemoteAway => error instanceof RemoteAway

export function remoteAway(remote: string, why: string): RemoteAway {
  return new RemoteAway({
    what: {
      fr: `Le dépôt distant « ${remote} » ne répond pas.`,
      en: `The remote "${remote}" does not answer.`,
    },
    why,
    next: {
      fr: 'rétablir l’accès (réseau, droits), puis relancer la même commande',
      en: 'restore access (network, rights), then run the same command again',
    },
    exit: 3,
  })
}

/** It answers, and does not accept our refs: nothing was sent, as where it is away, but waiting helps nobody. */
export class RemoteRefused extends RemoteAway {}

/** `act`: what it does not allow, as a verb; `why`: its own words. */
export function remoteRefused(
  remote: string | null,
  why: string,
  act: Text = {fr: 'changer', en: 'change'},
): RemoteRefused {
  const lock = /'([^']+\.lock)': File exists/.exec(why)?.[1]
  if (lock !== undefined) return remoteLocked(remote, why, lock)
  return new RemoteRefused({
    what: {
      fr: `${remote === null ? 'Le dépôt' : `Le dépôt distant « ${remote} »`} refuse de ${inLang(act, 'fr')} refs/postgate/*.`,
      en: `${remote === null ? 'The repository' : `The remote "${remote}"`} did not accept refs/postgate/*: it refuses to ${inLang(act, 'en')} them.`,
    },
    why,
    next: {
      fr: 'obtenir la règle qui permet de créer, déplacer et supprimer refs/postgate/* (guide de Postgate, « Rights on the remote »), puis relancer la même commande',
      en: 'get the rule by which refs/postgate/* may be made, moved and deleted (Postgate’s guide, "Rights on the remote"), then run the same command again',
    },
    exit: 3,
  })
}

/** What a git left that was killed, or whose disk failed, while it moved a ref: nobody but a person may remove it. */
function remoteLocked(remote: string | null, why: string, lock: string): RemoteRefused {
  return new RemoteRefused({
    what: {
      fr: `${remote === null ? 'Le dépôt' : `Le dépôt distant « ${remote} »`} garde le verrou d’un autre git : ${lock}`,
      en: `${remote === null ? 'The repository' : `The remote "${remote}"`} keeps the lock of another git: ${lock}`,
    },
    why,
    next: {
      fr: 'attendre que cet autre git ait fini ; si plus aucun n’y travaille, supprimer ce fichier sur le dépôt, puis relancer la même commande',
      en: 'wait until that other git has ended; where none is at work there any more, remove this file on the repository, then run the same command again',
    },
    exit: 3,
  })
}
