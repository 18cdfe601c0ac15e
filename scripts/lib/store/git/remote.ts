// What the remote says: asked with `ls-remote`, never remembered from a tracking ref. A remote that
// does not answer is a `Problem` (3) of its own, since unknown is never a pass.

import {Problem, problem} from '../../domain/problem.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {isRefName} from './ref-name.ts'
import type {LocalReading, RemoteReading} from './repository.ts'
import {type Git, gitFailed, lastWords} from './run.ts'

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
  return new RemoteRefused({
    what: {
      fr: `${remote === null ? 'Le dépôt' : `Le dépôt distant « ${remote} »`} refuse de ${inLang(act, 'fr')} refs/postgate/*.`,
      en: `${remote === null ? 'The repository' : `The remote "${remote}"`} did not accept refs/postgate/*: it refuses to ${inLang(act, 'en')} them.`,
    },
    why,
    next: {
      fr: 'obtenir la règle qui permet de créer, déplacer et supprimer refs/postgate/* (docs/guide.md, « Rights on the remote »), puis relancer la même commande',
      en: 'get the rule by which refs/postgate/* may be made, moved and deleted (docs/guide.md, "Rights on the remote"), then run the same command again',
    },
    exit: 3,
  })
}

interface Parts {
  readonly git: Git
  readonly remote: string | null
  readonly branch: string
  readonly local: LocalReading
}

export function remoteOf({git, remote, branch, local}: Parts): RemoteReading {
  const remoteRefs = async (patterns: readonly string[] = []) =>
    remote === null ? new Map<string, string>() : listRemote(git, remote, patterns)

  const missing = async (ids: readonly string[]) => {
    if (ids.length === 0) return []
    const input = `${ids.join('\n')}\n`
    const checked = await git.text(['cat-file', '--batch-check=%(objectname)'], {input})
    return checked
      .split('\n')
      .filter((line) => line.endsWith(' missing'))
      .map((line) => line.slice(0, -' missing'.length))
  }

  const fetchObjects = async (ids: readonly string[]) => {
    const wanted = [...new Set(await missing(ids))]
    if (wanted.length === 0) return
    if (remote === null)
      throw gitFailed(['fetch'], {...nothing, stderr: `${wanted[0]} is not here`})
    const result = await git.attempt([...fetch, '--stdin', remote], {
      input: `${wanted.join('\n')}\n`,
      timeoutMs: remoteSilenceMs,
    })
    // Judged by what is here now, not by what git said.
    const still = await missing(wanted)
    if (still.length > 0) throw remoteAway(remote, lastWords(result))
  }

  const remoteTag = async (name: string) => {
    const ref = `refs/tags/${name}`
    if (!(await isRefName(git, ref))) return null
    const refs = await remoteRefs([ref])
    const object = refs.get(ref)
    return object === undefined ? null : {object, commit: refs.get(`${ref}^{}`) ?? object}
  }

  return {
    remoteRefs,
    remoteTag,
    async remoteMain() {
      const ref = `refs/heads/${branch}`
      const sha =
        remote === null ? await local.resolveCommit(ref) : (await remoteRefs([ref])).get(ref)
      return sha ? {sha} : null
    },
    async fetchCommit(what) {
      if (/^[0-9a-f]{40,64}$/.test(what)) {
        await fetchObjects([what])
        return what
      }
      const sha =
        remote === null ? await local.resolveCommit(what) : (await remoteRefs([what])).get(what)
      if (!sha) {
        throw problem({
          what: {
            fr: `La référence ${what} n’existe pas${remote === null ? '' : ` sur « ${remote} »`}.`,
            en: `The ref ${what} does not exist${remote === null ? '' : ` on "${remote}"`}.`,
          },
          exit: 3,
        })
      }
      await fetchObjects([sha])
      return sha
    },
    fetchObjects,
  }
}

// No ref is written: neither FETCH_HEAD, nor tags, nor (an empty refmap) a tracking branch.
const fetch = [
  'fetch',
  '--quiet',
  '--no-write-fetch-head',
  '--no-tags',
  '--refmap=',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
]
const nothing = {exitCode: 1, stdout: Buffer.alloc(0)}

async function listRemote(
  git: Git,
  remote: string,
  patterns: readonly string[],
): Promise<Map<string, string>> {
  // A pattern matches the end of a name and hides the peeled line: ask for both, keep what was meant.
  const asked = patterns.flatMap((pattern) => [pattern, `${pattern}^{}`])
  const result = await git.attempt(['ls-remote', '--quiet', remote, ...asked], {
    timeoutMs: remoteSilenceMs,
  })
  if (result.exitCode !== 0) throw remoteAway(remote, lastWords(result))
  const refs = new Map<string, string>()
  for (const line of result.stdout.toString('utf8').split('\n')) {
    const [sha, ref] = line.split('\t')
    if (sha && ref && meant(ref, patterns)) refs.set(ref, sha)
  }
  return refs
}

function meant(ref: string, patterns: readonly string[]): boolean {
  const name = ref.replace(/\^\{\}$/, '')
  return (
    patterns.length === 0 ||
    patterns.some((pattern) => {
      const star = pattern.indexOf('*')
      return star < 0 ? name === pattern : name.startsWith(pattern.slice(0, star))
    })
  )
}
