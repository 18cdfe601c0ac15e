// Brings flags, findings and answers together. What was found once is taken, what is ambiguous or missing
// is asked on a terminal, and named all at once where nobody is there.

import {usage} from '../../base/flags.ts'
import type {Environment} from '../../domain/event.ts'
import {problem} from '../../domain/problem.ts'
import {inLang, type Lang} from '../../domain/text.ts'
import type {TerminalQuestions} from '../../run/asking/prompt.ts'
import type {Findings} from './findings.ts'
import {type AnswerFlag, type InitAnswers, type Question, questions} from './questions.ts'

export interface Settling {
  readonly found: Findings
  readonly environments: readonly Environment[]
  readonly given: InitAnswers
  /** null: nobody is at the terminal. */
  readonly ask: TerminalQuestions | null
}

/** Every answer. Throws a `Problem`: 2 for an illegal one, 4 naming all that are missing. */
export async function settleAnswers({
  found,
  environments,
  given,
  ask,
}: Settling): Promise<InitAnswers> {
  const answers: Partial<Record<AnswerFlag, string>> = {}
  const missing: Question[] = []
  for (const question of questions(found, environments, () => answers)) {
    const answer = given[question.flag] ?? (await answered(question, ask))
    if (answer === null) {
      missing.push(question)
      continue
    }
    const wrong = question.wrong?.(answer) ?? null
    if (wrong !== null) throw usage(`--${question.flag} ${answer}`, wrong)
    answers[question.flag] = answer
  }
  if (missing.length === 0) return answers
  throw problem({
    what: {
      fr: `Il manque ${missing.length} réponse(s), et personne n’est au terminal.`,
      en: `${missing.length} answer(s) are missing, and nobody is at the terminal.`,
    },
    why: {fr: told(missing, 'fr'), en: told(missing, 'en')},
    next: {
      fr: 'donner ces options, ou lancer la même commande dans un terminal',
      en: 'give these flags, or run the same command on a terminal',
    },
    exit: 4,
  })
}

async function answered(question: Question, ask: TerminalQuestions | null): Promise<string | null> {
  const {found, fallback, text, choices, wrong} = question
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  if (ask === null) return only === undefined && fallback !== undefined ? fallback : null
  const options = others.length > 0 ? found : choices
  const said =
    options === undefined
      ? await ask.text(text, {
          ...(fallback !== undefined && {initial: fallback}),
          wrong: (answer) => wrong?.(answer) ?? null,
        })
      : await ask.choose(text, options)
  if (said !== null) return said
  throw problem({
    what: {fr: 'Rien n’a été écrit.', en: 'Nothing was written.'},
    next: {fr: 'relancer la même commande', en: 'run the same command again'},
    exit: 4,
  })
}

function told(missing: readonly Question[], lang: Lang): string {
  return missing
    .map(({flag, text, found, choices}) => {
      const legal = found.length > 1 ? found : (choices ?? [])
      const words = legal.length === 0 ? '' : ` (${legal.join(' | ')})`
      return `--${flag}: ${inLang(text, lang)}${words}`
    })
    .join('\n')
}
