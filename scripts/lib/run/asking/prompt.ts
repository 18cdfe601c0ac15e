// Asking people. A prompt never defaults to Yes; leaving one is a pause, never an answer.

import type {Terminal} from '../../base/terminal.ts'
import {inLang, type Lang, type Text} from '../../domain/text.ts'
import {wrapped} from '../../words/wrap.ts'
import type {Answer} from './answers.ts'

export interface Prompter {
  /** null: the person left, or nobody is there. */
  readonly attest: (question: AttestQuestion) => Promise<Answer | null>
  /** The word typed, or null. */
  readonly type: (question: {message: Text; expected: string}) => Promise<string | null>
  readonly interactive: boolean
}

export interface AttestQuestion {
  readonly title: string
  readonly detail: string
  readonly roles: readonly string[]
  readonly optional: boolean
  /** What is already known, for an unknown that a person may settle. */
  readonly observed?: Text
  /** Asked beside something that goes on: whoever answers later does not stop it. */
  readonly meanwhile?: boolean
  /** Takes the question back. */
  readonly signal?: AbortSignal
}

export const nobody: Prompter = {
  attest: async () => null,
  type: async () => null,
  interactive: false,
}

/**
 * Prompts on the terminal; remembers who answered, as the default of the next question. What else is told
 * meanwhile is shown behind the answer.
 */
export function terminalPrompter(terminal: Pick<Terminal, 'lang' | 'hold'>): Prompter {
  const {lang} = terminal
  let last = {role: '', name: ''}
  const words = questions[lang]
  const alone = async <T>(question: () => Promise<T>): Promise<T> => {
    const release = terminal.hold()
    try {
      return await question()
    } finally {
      release()
    }
  }
  const attest = async (question: AttestQuestion): Promise<Answer | null> => {
    const {isCancel, log, select, text} = await import('@clack/prompts')
    const {title, detail, roles, optional, observed, meanwhile = false, signal} = question
    const until = {...(signal && {signal})}
    const told = [title, detail, ...(observed === undefined ? [] : [inLang(observed, lang)])]
    // Beside the frame's own columns.
    log.step(wrapped(told.join('\n'), (process.stdout.columns ?? 100) - 4))
    const answer = await select({
      ...until,
      message: words.holds,
      initialValue: 'no',
      options: [
        {value: 'no', label: words.no},
        {value: 'yes', label: words.yes},
        ...(optional ? [{value: 'not-applicable', label: words.notApplicable}] : []),
        {value: 'later', label: meanwhile ? words.laterBeside : words.later},
      ],
    })
    if (isCancel(answer) || answer === 'later') return null
    const required = (message: string, initialValue = '') =>
      text({
        ...until,
        message,
        initialValue,
        validate: (value) => (value?.trim() ? undefined : words.required),
      })
    const seen = await required(answer === 'not-applicable' ? words.why : words.observed)
    if (isCancel(seen)) return null
    const wanted = roles.length === 0 ? '' : ` (${roles.join(', ')})`
    const role = await required(`${words.role}${wanted}`, last.role)
    if (isCancel(role)) return null
    const name = await required(words.name, last.name)
    if (isCancel(name)) return null
    last = {role: role.trim(), name: name.trim()}
    const given = answer === 'yes' || answer === 'not-applicable' ? answer : 'no'
    return {by: last, answer: given, observed: seen.trim()}
  }
  return {
    interactive: true,
    attest: (question) => alone(() => attest(question)),
    type: ({message, expected}) =>
      alone(async () => {
        const {isCancel, text} = await import('@clack/prompts')
        const typed = await text({
          message: inLang(message, lang),
          validate: (value) =>
            value === expected || value === '' || value === undefined
              ? undefined
              : words.retype(expected),
        })
        return isCancel(typed) || typed === '' || typed === undefined ? null : typed
      }),
  }
}

/** Questions about a project's set-up; null: the person left. */
export interface TerminalQuestions {
  readonly text: (
    message: Text,
    options: {initial?: string; wrong: (answer: string) => Text | null},
  ) => Promise<string | null>
  readonly choose: (message: Text, choices: readonly string[]) => Promise<string | null>
  readonly confirm: (message: Text) => Promise<boolean>
}

export function terminalQuestions(lang: Lang): TerminalQuestions {
  const words = questions[lang]
  return {
    async text(message, {initial, wrong}) {
      const {isCancel, text} = await import('@clack/prompts')
      const said = await text({
        message: inLang(message, lang),
        ...(initial !== undefined && {initialValue: initial}),
        validate(value) {
          const answer = value?.trim() ?? ''
          if (answer === '') return words.required
          const why = wrong(answer)
          return why === null ? undefined : inLang(why, lang)
        },
      })
      return isCancel(said) ? null : said.trim()
    },
    async choose(message, choices) {
      const {isCancel, select} = await import('@clack/prompts')
      const options = choices.map((value) => ({value, label: value}))
      const said = await select({message: inLang(message, lang), options})
      return isCancel(said) ? null : said
    },
    async confirm(message) {
      const {confirm} = await import('@clack/prompts')
      return (await confirm({message: inLang(message, lang), initialValue: false})) === true
    },
  }
}

const questions = {
  fr: {
    holds: 'Cela tient-il ?',
    no: 'Non',
    yes: 'Oui',
    notApplicable: 'Sans objet (dire pourquoi)',
    later: 'Plus tard : mettre en pause',
    laterBeside: 'Plus tard : la surveillance continue',
    observed: 'Qu’avez-vous observé ?',
    why: 'Pourquoi est-ce sans objet ?',
    role: 'Votre rôle',
    name: 'Votre nom',
    required: 'Une réponse est nécessaire.',
    retype: (word: string) => `Écrire exactement ${word}, ou rien pour mettre en pause.`,
  },
  en: {
    holds: 'Does it hold?',
    no: 'No',
    yes: 'Yes',
    notApplicable: 'Not applicable (say why)',
    later: 'Later: pause the run',
    laterBeside: 'Later: the watch goes on',
    observed: 'What did you observe?',
    why: 'Why is it not applicable?',
    role: 'Your role',
    name: 'Your name',
    required: 'An answer is needed.',
    retype: (word: string) => `Type exactly ${word}, or nothing to pause.`,
  },
} as const
