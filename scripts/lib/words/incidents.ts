// An incident that somebody declared, in one line.

import type {Incident} from '../domain/run.ts'
import {join, type Text} from '../domain/text.ts'
import {utcMinute} from '../domain/times.ts'

export const severityWords = {
  minor: {fr: 'mineur', en: 'minor'},
  major: {fr: 'majeur', en: 'major'},
  critical: {fr: 'CRITIQUE', en: 'CRITICAL'},
} as const

export function incidentWords({what, severity, environment, by, at}: Incident): Text {
  const kind = severityWords[severity]
  const where = environment === null ? '' : ` ${environment.toUpperCase()}`
  const who = by ?? '?'
  const declared: Text = {
    fr: `incident ${kind.fr}${where} déclaré par ${who}, ${utcMinute(at)} :`,
    en: `${kind.en} incident${where} declared by ${who}, ${utcMinute(at)}:`,
  }
  return join([declared, what], ' ')
}
