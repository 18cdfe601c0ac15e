// The deployments of a fake host as the sandbox's own folder of releases, which its web server serves: so
// that scenarios and `--break` do with a vendor what they do with the folder.

import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {z} from 'zod'
import type {Store, Stored} from './store.ts'

const metaSchema = z.object({version: z.string(), manifest: z.string(), message: z.string()})

/** `--break deploy` puts a file in the place of `incoming`: then the host takes nothing. */
export function folderStore(root: string, stem: string): Store {
  const releases = join(root, 'releases')
  const isThere = (id: string) =>
    /^[\w.-]+$/.test(id) &&
    (statSync(join(releases, id), {throwIfNoEntry: false})?.isDirectory() ?? false)
  const isBroken = () =>
    statSync(join(root, 'incoming'), {throwIfNoEntry: false})?.isFile() ?? false
  return {
    get: (id) =>
      isThere(id) ? {files: filesIn(join(releases, id)), message: messageOf(root, id)} : undefined,
    live: () => {
      try {
        return basename(readlinkSync(join(root, 'current')))
      } catch {
        return null
      }
    },
    add: ({files, message}: Stored) => {
      if (isBroken()) return null
      const id = `${stem}${readdirSync(releases).length + 1}dep`
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(releases, id, path)), {recursive: true})
        writeFileSync(join(releases, id, path), Buffer.from(content, 'base64'))
      }
      mkdirSync(join(root, 'meta'), {recursive: true})
      writeFileSync(join(root, 'meta', `${id}.message`), message)
      return id
    },
    release: (id) => {
      if (!isThere(id) || isBroken()) return false
      const next = join(root, `.current-${id}-${process.hrtime.bigint()}`)
      symlinkSync(join('releases', id), next)
      renameSync(next, join(root, 'current'))
      return true
    },
  }
}

/** Of a release that the sandbox was born with, what a deployment of ours would have been labelled. */
function messageOf(root: string, id: string): string {
  const read = (name: string) => readFileSync(join(root, 'meta', name), 'utf8')
  try {
    return read(`${id}.message`)
  } catch {
    const {version, manifest, message} = metaSchema.parse(JSON.parse(read(`${id}.json`)))
    return `${version} ${message} sha256:${manifest}`
  }
}

const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path).toString('base64')]),
  )
