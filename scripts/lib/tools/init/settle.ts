// Brings flags, findings and answers together. What was found once is taken, what is ambiguous or missing
// is asked on a terminal, and named all at once where nobody is there.

import type {Environment} from '../../domain/event.ts'
import {problem} from '../../domain/problem.ts'
import {inLang, join, type Lang, type Text} from '../../domain/text.ts'
import type {TerminalQuestions} from '../../run/asking/prompt.ts'
import type {Findings} from './findings.ts'
import {type AnswerKey, type InitAnswers, type Question, questions} from './questions.ts'

export interface Settling {
  readonly found: Findings
  readonly environments: readonly Environment[]
  readonly given: InitAnswers
  /** null: nobody is at the terminal. */
  readonly ask: TerminalQuestions | null
  /** What can be done where a person leaves the questions. */
  readonly left: Text
}

/** Every answer. Throws a `Problem` that names all that are illegal or missing: 2 where one is illegal, else 4. */
export async function settleAnswers({
  found,
  environments,
  given,
  ask,
  left,
}: Settling): Promise<InitAnswers> {
  const answers: Partial<Record<AnswerKey, string>> = Object.fromEntries(
    Object.entries(given).filter(([key]) => key.includes(' ')),
  )
  const missing: Question[] = []
  const illegal: {readonly question: Question; readonly answer: string; readonly why: Text}[] = []
  for (const question of questions(found, environments, () => answers)) {
    const said = given[question.flag] ?? (await answered(question, ask, left))
    if (said === null) {
      missing.push(question)
      continue
    }
    const answer = valueIn(question, said)
    const why = question.wrong?.(answer) ?? null
    if (why === null) answers[question.flag] = answer
    else illegal.push({question, answer, why})
  }
  if (missing.length === 0 && illegal.length === 0) return answers
  const lines = (lang: Lang) =>
    [
      ...illegal.map(
        ({question, answer, why}) => `${flagOf(question)} ${answer}: ${inLang(why, lang)}`,
      ),
      ...missing.map((each) => told(each, lang)),
    ].join('\n')
  throw problem({
    what: illegal.length > 0 ? notLegal(illegal.length) : notGiven(missing.length),
    why: {fr: lines('fr'), en: lines('en')},
    next: {
      fr: `donner ces options${ask === null ? ', ou lancer la même commande dans un terminal' : ''}`,
      en: `give these flags${ask === null ? ', or run the same command on a terminal' : ''}`,
    },
    exit: illegal.length > 0 ? 2 : 4,
  })
}

const notLegal = (count: number): Text => ({
  fr: count > 1 ? `${count} réponses ne sont pas permises.` : 'Une réponse n’est pas permise.',
  en: count > 1 ? `${count} answers are not legal.` : 'One answer is not legal.',
})

const notGiven = (count: number): Text => ({
  fr: `Il manque ${count} ${count > 1 ? 'réponses' : 'réponse'}, et personne n’est au terminal.`,
  en: `${count} ${count > 1 ? 'answers are' : 'answer is'} missing, and nobody is at the terminal.`,
})

/** The word of postgate.yaml for one of either language. */
function valueIn({choices}: Question, said: string): string {
  const named = choices?.find(
    ({label}) => inLang(label, 'fr') === said || inLang(label, 'en') === said,
  )
  return named?.value ?? said
}

async function answered(
  question: Question,
  ask: TerminalQuestions | null,
  left: Text,
): Promise<string | null> {
  const {found, fallback, likely, text, choices, wrong} = question
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  if (ask === null) return only === undefined && fallback !== undefined ? fallback : null
  const initial = fallback ?? likely
  const options = others.length > 0 ? found.map((value) => ({value, label: value})) : choices
  const said =
    options === undefined
      ? await ask.text(text, {
          ...(initial !== undefined && {initial}),
          wrong: (answer) => wrong?.(answer) ?? null,
        })
      : await ask.choose(text, options)
  if (said !== null) return said
  throw problem({
    what: {fr: 'Rien n’a été écrit.', en: 'Nothing was written.'},
    next: left,
    exit: 4,
  })
}

/** As it is typed: `--staging-define NAME=VALUE` for one of the defines. */
function flagOf({flag, likely}: Question): string {
  const [name = '', define] = flag.split(' ')
  return define === undefined ? `--${name}` : `--${name} ${define}=${likely ?? ''}`
}

function told(question: Question, lang: Lang): string {
  const {text, found, choices, onlyWith} = question
  const legal = found.length > 1 ? found : (choices ?? []).map(({label}) => inLang(label, lang))
  const words = legal.length === 0 ? '' : ` (${legal.join(' | ')})`
  const when =
    onlyWith === undefined
      ? ''
      : inLang(
          join(
            [
              {fr: ' ; seulement avec', en: '; only with'},
              `--${onlyWith.flag} ${onlyWith.answers.join('|')}`,
            ],
            ' ',
          ),
          lang,
        )
  return `${flagOf(question)}: ${inLang(text, lang)}${words}${when}`
}
