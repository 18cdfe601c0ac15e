// The programs that stand in for ones too large to install, on a PATH of the sandbox's own.

import {cp} from 'node:fs/promises'
import {join} from 'node:path'
import type {SandboxPaths} from './paths.ts'

/** Copies them as the bundle has them now. */
export const installTools = (paths: SandboxPaths): Promise<void> =>
  cp(join(import.meta.dirname, 'bin'), paths.bin, {recursive: true, preserveTimestamps: true})
