// What the remote says: asked with `ls-remote`, never remembered from a tracking ref.

import {problem} from '../../domain/problem.ts'
import {objectDatabase} from './object-database.ts'
import {outcomeTagRefs} from './outcome-tag.ts'
import {isRefName} from './ref-name.ts'
import {type RemoteLooks, remoteLooks} from './remote-look.ts'
import {remoteAway, remoteSilenceMs} from './remote-problem.ts'
import type {LocalReading, RemoteReading} from './repository.ts'
import {type Git, gitFailed, lastWords} from './run.ts'

interface Parts {
  readonly git: Git
  readonly remote: string | null
  readonly branch: string
  readonly local: LocalReading
  readonly lookMaxAgeMs: number
  /** null: nothing is remembered in the clone. */
  readonly memory: string | null
}

export function remoteOf(parts: Parts): RemoteReading {
  const {git, remote, branch, local, lookMaxAgeMs, memory} = parts
  const common = [`refs/heads/${branch}`, ...askedOften]
  const looks =
    remote === null ? noRemote : remoteLooks({git, remote, maxAgeMs: lookMaxAgeMs, common, memory})
  const remoteRefs = async (patterns: readonly string[] = [], how: {again?: boolean} = {}) => {
    const {refs} = await looks.look({...how, ...(patterns.length > 0 && {patterns})})
    return new Map([...refs].filter(([ref]) => meant(ref, patterns)))
  }

  const missing = async (ids: readonly string[]) => {
    if (ids.length === 0) return []
    if (ids.length < few) {
      const {read} = objectDatabase(git)
      const found = await Promise.all(ids.map(async (id) => ((await read(id)) ? [] : [id])))
      return found.flat()
    }
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
    looks,
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

/** Fewer objects than this are read to know whether they are here; of more, one git lists what is missing. */
const few = 8

/** Beside main: what a run asks for, other than the records of all runs. */
const askedOften = [
  'refs/postgate/lease',
  'refs/postgate/incidents/*',
  'refs/postgate/approvals/*',
  'refs/heads/postgate/*',
  ...outcomeTagRefs,
]

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

const noRemote: RemoteLooks = {
  look: async () => ({refs: new Map(), head: null}),
  forget: () => {},
  accepted: () => {},
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
