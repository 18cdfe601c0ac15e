// A disk that is full, read-only or broken is no defect of ours: it is told as what it is (3).

import {constants} from 'node:os'
import {type Problem, problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'

const full: Text = {fr: 'le disque est plein', en: 'the disk is full'}
const quota: Text = {fr: 'le quota du disque est atteint', en: 'the disk quota is used up'}
const forbidden: Text = {fr: 'l’écriture n’y est pas permise', en: 'writing there is not allowed'}
const inTheWay: Text = {
  fr: 'un fichier est là où un dossier est attendu, ou l’inverse',
  en: 'a file stands where a folder is expected, or the other way round',
}

const reasons: Readonly<Record<string, Text>> = {
  ENOSPC: full,
  EDQUOT: quota,
  EFBIG: {fr: 'la taille de fichier permise est atteinte', en: 'the file size limit is reached'},
  EROFS: {fr: 'le disque est en lecture seule', en: 'the disk is read-only'},
  EACCES: forbidden,
  EPERM: forbidden,
  ENOTDIR: inTheWay,
  EISDIR: inTheWay,
  EEXIST: inTheWay,
  EIO: {fr: 'le disque ne répond pas comme il doit', en: 'the disk does not answer as it should'},
  EMFILE: {fr: 'trop de fichiers ouverts', en: 'too many open files'},
  ENFILE: {fr: 'trop de fichiers ouverts', en: 'too many open files'},
  ESTALE: {
    fr: 'le disque du réseau ne connaît plus ce fichier',
    en: 'the network’s disk no longer knows this file',
  },
  EBUSY: {fr: 'un autre programme le tient', en: 'another program holds it'},
}

/** Calls that have the same codes for reasons of their own. */
const overNetwork = /^(?:connect|listen|bind|accept|send|recv|getaddrinfo)/

/** As libc says it in English and in French, Node by its code, and a command of ours that it ended. */
const noSpace =
  /no space left on device|disk quota exceeded|aucun espace disponible sur le périphérique|quota (?:de )?disque dépassé|the disk is full|the disk quota is used up|\b(?:ENOSPC|EDQUOT)\b/i

/** What a program printed says that there is no room left: no fault of what it was to do. */
export const saysNoSpace = (printed: string): boolean => noSpace.test(printed)

/** What a person does about it. */
export const makeRoom: Text = {
  fr: 'faire de la place sur le disque, puis relancer la même commande',
  en: 'make room on the disk, then run the same command again',
}

/** The `Problem` (3) that a failed call to the file system is for people; null for anything else. */
export function diskProblem(error: unknown): Problem | null {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return null
  const reason = reasonOf(error)
  if (reason === undefined || overNetwork.test(String(error.syscall))) return null
  const lacksRoom = reason === full || reason === quota
  const path = 'path' in error && typeof error.path === 'string' ? error.path : ''
  const where = path === '' ? String(error.syscall) : path
  return problem({
    what: {fr: `Le disque a refusé : ${where}`, en: `The disk refused: ${where}`},
    why: reason,
    ...(lacksRoom && {lacksRoom}),
    next: {
      fr: 'rétablir l’écriture (place, droits), puis relancer la même commande : le journal reprend à son dernier événement',
      en: 'restore writing (space, rights), then run the same command again: the journal goes on from its last event',
    },
    exit: 3,
  })
}

/** Node calls UNKNOWN what its own list of errors lacks, such as a quota: the number still says it. */
function reasonOf(error: Error & {readonly code: unknown}): Text | undefined {
  if (error.code !== 'UNKNOWN' || !('errno' in error)) return reasons[String(error.code)]
  const name = Object.entries(constants.errno).find(([, number]) => number === -Number(error.errno))
  const code = name?.[0] ?? String(error.errno)
  return reasons[code] ?? {fr: `le système répond ${code}`, en: `the system answers ${code}`}
}
