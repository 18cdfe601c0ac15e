// The nonce by which a clone recognises its own lease after a crash: kept under the git directory,
// written whole before the push that makes it count.

import {randomBytes} from 'node:crypto'
import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Repository} from '../git/repository.ts'
import {type LeaseHolder, readHolder} from './record.ts'

const fileOf = ({gitDirectory}: Repository) => join(gitDirectory, 'postgate', 'lease.json')

export async function rememberNonce(repository: Repository, holder: LeaseHolder): Promise<void> {
  const file = fileOf(repository)
  await mkdir(join(repository.gitDirectory, 'postgate'), {recursive: true})
  const aside = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(aside, `${JSON.stringify(holder, null, 2)}\n`, {flush: true})
  await rename(aside, file)
}

/** null: this clone never held a lease, or has let go of it. */
export async function rememberedNonce(repository: Repository): Promise<LeaseHolder | null> {
  const text = await readFile(fileOf(repository), 'utf8').catch(() => null)
  const holder = readHolder(text)
  return holder.nonce === '' ? null : holder
}

export const forgetNonce = (repository: Repository): Promise<void> =>
  rm(fileOf(repository), {force: true})
