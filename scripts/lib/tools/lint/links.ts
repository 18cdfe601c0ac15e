// Links inside the project lead somewhere: the file is there, and so is the heading.

import {existsSync, readdirSync} from 'node:fs'
import {readFile, stat} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {type Document, positionAt} from '../../documents/document.ts'
import {nearest} from '../../documents/nearest.ts'
import {parse} from '../../documents/parse.ts'
import {plainText, rangeOf, walk} from '../../documents/walk.ts'
import type {LintFinding} from '../../lint/finding.ts'

/** `absolute`: where the document lies; relative links start there. */
export async function linkFindings(document: Document, absolute: string): Promise<LintFinding[]> {
  const links: {url: string; at: {line: number; column: number}}[] = []
  walk(document.tree, (node) => {
    if (node.type !== 'link' && node.type !== 'image' && node.type !== 'definition') return
    const {line, column} = positionAt(document, rangeOf(node).start)
    if (!/^([a-z][a-z\d+.-]*:|\/\/)/i.test(node.url))
      links.push({url: node.url, at: {line, column}})
  })
  const findings = await Promise.all(
    links.map(async ({url, at}) => {
      const wrong = await broken(url, {document, absolute})
      return wrong === null ? [] : [{at, rule: 'link', ...wrong}]
    }),
  )
  return findings.flat()
}

async function broken(
  url: string,
  {document, absolute}: {document: Document; absolute: string},
): Promise<Pick<LintFinding, 'reason' | 'note'> | null> {
  const [path = '', anchor] = url.split('#')
  const target = join(dirname(absolute), decode(path.split('?')[0] ?? ''))
  if (path !== '' && !existsSync(target)) return noFile(url, path, target)
  if (anchor === undefined || anchor === '') return null
  const known = path === '' ? anchorsOf(document) : await anchorsAt(target)
  if (known === null || known.has(decode(anchor).toLowerCase())) return null
  const near = nearest(decode(anchor), [...known], 6)
  return {
    reason: {
      fr: `le lien ne mène à aucun titre : ${url}`,
      en: `the link leads to no heading: ${url}`,
    },
    ...meant(near === undefined ? undefined : `#${near}`),
  }
}

function noFile(url: string, path: string, target: string) {
  const names = existsSync(dirname(target)) ? readdirSync(dirname(target)) : []
  const near = nearest(basename(target), names, 3)
  const slash = path.lastIndexOf('/') + 1
  return {
    reason: {
      fr: `le lien ne mène à aucun fichier : ${url}`,
      en: `the link leads to no file: ${url}`,
    },
    ...meant(near === undefined ? undefined : `${path.slice(0, slash)}${near}`),
  }
}

const meant = (near: string | undefined): Pick<LintFinding, 'note'> =>
  near === undefined ? {} : {note: {fr: `écrire ${near} ?`, en: `did you mean ${near}?`}}

/** Anchors of another Markdown file; null for what has none that we know. */
async function anchorsAt(path: string): Promise<ReadonlySet<string> | null> {
  if (!path.endsWith('.md') || !(await stat(path)).isFile()) return null
  return anchorsOf(await parse(await readFile(path, 'utf8'), path))
}

/** As forges make them: lower case, without punctuation, a second equal one ends in `-1`. */
export function anchorsOf(document: Document): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const anchors = new Set<string>()
  walk(document.tree, (node) => {
    if (node.type === 'html') {
      for (const [, id = ''] of node.value.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id)
    }
    if (node.type !== 'heading') return
    const base = plainText(node)
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-')
    const times = seen.get(base) ?? 0
    seen.set(base, times + 1)
    anchors.add(times === 0 ? base : `${base}-${times}`)
  })
  return anchors
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
