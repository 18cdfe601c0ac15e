// Gathers the backlog from what exists: the gate's and the runs' remarks, TODO and FIXME in the
// checkpoint's code, open issues of the forge. People give each item an owner and a priority.

import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Fact} from '../domain/facts.ts'
import {Problem} from '../domain/problem.ts'
import {inLang, type Text} from '../domain/text.ts'
import {type Judgement, pass} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {counted, words} from '../words/observed.ts'

type BacklogItem = Fact<'backlog'>['items'][number]
type Part = BacklogItem['part']

const mostOfCode = 200

/** Step `backlog`: what was found, as the fact `backlog`; the document is derived from it. */
export async function gatherBacklog(context: Context): Promise<Judgement> {
  const remarks: Text[] = []
  const items = [
    ...gateRemarks(context),
    ...(await runIncidents(context)),
    ...(await codeMarks(context)),
    ...(await forgeIssues(context, remarks)),
  ]
  const count = (part: Part) => items.filter((item) => item.part === part).length
  const observed = words`${counted(count('improvements'), ['amélioration', 'améliorations'], ['improvement', 'improvements'])}, ${counted(count('bugs'), ['bug', 'bugs'], ['bug', 'bugs'])}, ${counted(count('optimisations'), ['optimisation', 'optimisations'], ['optimisation', 'optimisations'])}, ${counted(count('features'), ['fonctionnalité', 'fonctionnalités'], ['feature', 'features'])}`
  return pass(remarks.length === 0 ? observed : words`${observed} ; ${remarks[0] ?? ''}`, {
    facts: {backlog: {items}},
  })
}

/** Which of the backlog's four parts a sentence belongs to, by the words that people use. */
export function partOf(text: string): Part {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  if (/\b(bug|fixme|erreur|error|crash|incident|defaut|regression|corriger|fix)/.test(plain))
    return 'bugs'
  if (/\b(perf|lent|slow|optimi|cache|accelerer|faster)/.test(plain)) return 'optimisations'
  if (/\b(feature|fonctionnalite|evolution|nouveau|nouvelle|futur|later|plus tard)/.test(plain))
    return 'features'
  return 'improvements'
}

const remarkWords =
  /non bloquant|remarque|réserve|dette|à améliorer|à prévoir|plus tard|non[- ]blocking|remark|follow[- ]up/i

/** Bullets under a heading of remarks in the gate, and lines that say they do not block. */
function gateRemarks({gate}: Context): BacklogItem[] {
  const items: BacklogItem[] = []
  let inside = false
  for (const [index, line] of gate.source.split(/\r?\n/).entries()) {
    const heading = /^#{1,6}\s+(.*)$/.exec(line)?.[1]
    if (heading !== undefined) inside = remarkWords.test(heading)
    const text = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*\S)/.exec(line)?.[1]
    if (text === undefined || (!inside && !remarkWords.test(text))) continue
    const title = text.replace(/\*\*|`/g, '').trim()
    items.push({part: partOf(title), title, origin: `${gate.path}:${index + 1}`, link: null})
  }
  return items
}

/** Incidents of the recorded runs of this checkpoint, however minor. */
async function runIncidents(context: Context): Promise<BacklogItem[]> {
  const {runs} = await context.records()
  const items: BacklogItem[] = []
  for (const run of runs) {
    if (run.tag !== context.checkpoint.tag) continue
    for (const {what, severity} of (await run.load()).incidents) {
      items.push({
        part: 'bugs',
        title: inLang(what, 'fr'),
        origin: `incident (${severity}), ${run.run}`,
        link: null,
      })
    }
  }
  return items
}

/** TODO and FIXME with file and line, ignore files respected. */
async function codeMarks({project, world}: Context): Promise<BacklogItem[]> {
  const {globby} = await import('globby')
  const files = await globby(project.backlog.code, {
    cwd: world.project,
    gitignore: true,
    ignore: ['**/node_modules/**'],
  })
  const items: BacklogItem[] = []
  for (const file of files.sort()) {
    const source = await readFile(join(world.project, file), 'utf8')
    for (const [index, line] of source.split(/\r?\n/).entries()) {
      const found = /\b(TODO|FIXME)\b(?:\([^)]*\))?[:\s-]*(.*)$/.exec(line)
      if (found?.[1] === undefined || items.length >= mostOfCode) continue
      const title = (found[2] ?? '').replace(/\s*(\*\/|-->)\s*$/, '').trim() || found[1]
      items.push({
        part: found[1] === 'FIXME' ? 'bugs' : partOf(title),
        title,
        origin: `${file}:${index + 1}`,
        link: null,
      })
    }
  }
  return items
}

/** Open issues by the labels of postgate.yaml; where the forge cannot be asked, that is said. */
async function forgeIssues({adapters, project}: Context, remarks: Text[]): Promise<BacklogItem[]> {
  const ci = await adapters.ci()
  const {labels} = project.backlog
  if (ci === null || labels.length === 0) return []
  try {
    const issues = await ci.issues(labels)
    if (issues === null) {
      remarks.push({fr: 'forge non lue : aucun jeton', en: 'forge not read: no token'})
      return []
    }
    return issues.map(({title, number, link, labels: own}) => ({
      part: partOf(`${own.join(' ')} ${title}`),
      title,
      origin: `#${number}`,
      link,
    }))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    remarks.push({fr: 'forge non lue', en: 'forge not read'})
    return []
  }
}
