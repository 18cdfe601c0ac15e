// The bundle itself: where it lies, and which version it is.

import {readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

/** The folder that holds the bundle's package.json. */
export const bundleFolder = (): string => join(dirname(fileURLToPath(import.meta.url)), '../../..')

/** The version that its package.json says. */
export function bundleVersion(folder: string = bundleFolder()): string {
  const read: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const version =
    typeof read === 'object' && read !== null && 'version' in read ? read.version : undefined
  if (typeof version !== 'string') throw new Error(`${folder}/package.json says no version`)
  return version
}
