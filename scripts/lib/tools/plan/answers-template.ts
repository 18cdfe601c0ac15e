// `--answers-template`: an answers file to fill in, made from the plan. What is left empty in it is asked
// on a terminal, or awaited; what may be asked stands in comments.

import {stringify} from 'yaml'
import {inLang, type Lang} from '../../domain/text.ts'
import {answersMaxAge} from '../../policy/rules.ts'
import type {Session} from '../../run/session.ts'
import {answersTemplateWords, type TemplateWords} from '../../words/answers-template.ts'
import {wrapped} from '../../words/wrap.ts'
import type {AskedItem} from './asked.ts'

export interface TemplateGiven {
  readonly asked: readonly AskedItem[]
  /** Ids of the phases that are confirmed, with what is typed for each. */
  readonly confirmations: readonly {readonly phase: string; readonly expected: string}[]
  /** The operator's role, where decision.md names them. */
  readonly role: string
  readonly command: string
}

export async function answersTemplate(session: Session, given: TemplateGiven): Promise<string> {
  const {checkpoint, world, runbook, terminal} = session
  const hours = Math.round((await answersMaxAge(session)) / 3_600_000)
  const words = answersTemplateWords[terminal.lang]
  const date = world.clock.now().toISOString().slice(0, 19)
  const will = given.asked.filter(({when}) => when === 'will')
  const may = given.asked.filter(({when}) => when === 'may')
  return [
    ...comment(words.head(runbook.title, given.command, hours)),
    `tag: ${scalar(checkpoint.tag)}`,
    `date: ${date}Z`,
    ...comment(words.operator),
    `operator: {role: ${scalar(given.role)}, name: ${scalar(world.operator)}}`,
    'answers:',
    ...will.flatMap((item) => indented(entry(item, words, terminal.lang))),
    ...(may.length === 0 ? [] : indented(comment(words.may))),
    ...may.flatMap((item) => indented(commented(entry(item, words, terminal.lang)))),
    ...comment(words.confirm),
    given.confirmations.length === 0 ? 'confirmations: {}' : 'confirmations:',
    ...given.confirmations.map(
      ({phase, expected}) => `  ${scalar(phase)}: ""  # ${words.type(expected)}`,
    ),
    '',
  ].join('\n')
}

function entry(item: AskedItem, words: TemplateWords, lang: Lang): string[] {
  const {title, detail, roles, optional, open, example} = item
  const legal = [...(open ? [] : ['no']), ...(optional ? ['not-applicable'] : [])]
  return [
    ...comment(inLang(detail, lang)),
    ...(roles.length === 0 ? [] : comment(words.roles(roles.join(', ')))),
    `${scalar(title)}:`,
    '  by: {role: "", name: ""}',
    `  answer: yes${legal.length === 0 ? '' : `  # ${words.or(legal.join(', '))}`}`,
    `  observed: ""${example === null ? '' : `  # ${words.like(example)}`}`,
  ]
}

/** One word or sentence as YAML, quoted. */
const scalar = (text: string): string =>
  stringify(text, {defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0}).trim()

const comment = (text: string): string[] =>
  wrapped(text, 90)
    .split('\n')
    .map((line) => `# ${line}`)

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

const commented = (lines: readonly string[]): string[] =>
  lines.map((line) => (line.startsWith('#') ? line : `# ${line}`))
