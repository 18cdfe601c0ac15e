// Asking people. A prompt never defaults to Yes; leaving one is a pause, never an answer. Who answers is
// chosen among those whom decision.md names: nothing of the person before stands in a field.

import type {Terminal} from '../../base/terminal.ts'
import {inLang, type Lang, type Text} from '../../domain/text.ts'
import {asking} from '../../words/asking.ts'
import type {Answer, DeclaredPerson} from './answers.ts'
import {type Asker, openAsker} from './ask.ts'

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
  /** Who may answer; anybody where none is named. */
  readonly roles: readonly string[]
  readonly optional: boolean
  /** It asks what, not whether: the answer is what is said. */
  readonly open: boolean
  /** The answer is a person. */
  readonly person: boolean
  /** Why an answer cannot stand, asked at once; null where it can. */
  readonly wrong: (observed: string) => Text | null
  readonly example: string | null
  /** Those of decision.md, and the roles that it knows. */
  readonly people: readonly DeclaredPerson[]
  readonly known: readonly string[]
  /** What is already known, for an unknown that a person may settle. */
  readonly observed?: Text
  /** Asked beside something that goes on: whoever answers later does not stop it. */
  readonly meanwhile?: boolean
  /** Takes the question back. */
  readonly signal?: AbortSignal
}

export const unattendedPrompter: Prompter = {
  attest: async () => null,
  type: async () => null,
  interactive: false,
}

interface Given {
  readonly terminal: Pick<Terminal, 'lang' | 'hold'>
  /** Who sits there, as git knows them: their name is offered first. */
  readonly operator?: string
  /** What Ctrl-C does beside leaving the question. */
  readonly interrupt?: () => void
  /** Commands in what is told, as they can be pasted. */
  readonly complete?: (text: string) => string
}

/** Prompts on the terminal. What else is told meanwhile is shown behind the answer. */
export function terminalPrompter({
  terminal,
  operator,
  interrupt = () => {},
  complete = (text) => text,
}: Given): Prompter {
  const {lang} = terminal
  const plain = askerOf(lang, interrupt)
  const asker: Asker = {
    ...plain,
    tell: (title, detail) => plain.tell(title, complete(detail)),
  }
  const alone = async <T>(question: () => Promise<T>): Promise<T> => {
    const release = terminal.hold()
    try {
      return await question()
    } finally {
      release()
    }
  }
  return {
    interactive: true,
    attest: (question) => alone(() => attest(asker, lang, question, operator)),
    type: ({message, expected}) =>
      alone(async () => {
        const typed = await asker.write({
          message: inLang(message, lang),
          wrong: (value) =>
            value === expected || value === '' ? undefined : asking[lang].retype(expected),
        })
        return typed === '' ? null : typed
      }),
  }
}

const askerOf = (lang: Lang, interrupt: () => void): Asker =>
  openAsker({
    ...{lang, interrupt, source: process.stdin, screen: process.stdout},
    coloured: (process.env.NO_COLOR ?? '') === '',
  })

async function attest(
  asker: Asker,
  lang: Lang,
  question: AttestQuestion,
  operator: string | undefined,
): Promise<Answer | null> {
  const {title, detail, observed, open, optional, person, signal} = question
  const words = asking[lang]
  const told = [detail, ...(observed === undefined ? [] : [inLang(observed, lang)])]
  asker.tell(title, told.filter((each) => each !== '').join('\n'))
  const until = {...(signal && {signal})}
  const how = open && !optional ? 'given' : await judged(asker, lang, question)
  if (how === null || how === 'later') return null
  const applies = how !== 'not-applicable'
  const said =
    person && applies
      ? await somebody(asker, lang, question, words.whom, operator)
      : await asker.write({
          ...until,
          message: applies ? (open ? words.answer : words.observed) : words.why,
          wrong: (value) => wrongWords(value, applies ? question : null, lang),
          ...(applies && question.example !== null && {hint: words.like(question.example)}),
        })
  if (said === null) return null
  const by = await who(asker, lang, question, operator)
  if (by === null) return null
  return {by, answer: how === 'given' ? 'yes' : how, observed: said}
}

function wrongWords(
  value: string,
  question: AttestQuestion | null,
  lang: Lang,
): string | undefined {
  if (value === '') return asking[lang].required
  const why = question?.wrong(value) ?? null
  return why === null ? undefined : inLang(why, lang)
}

/** Whether it holds, or how an open question is answered. */
function judged(
  asker: Asker,
  lang: Lang,
  {open, optional, meanwhile = false, signal}: AttestQuestion,
): Promise<'no' | 'yes' | 'given' | 'not-applicable' | 'later' | null> {
  const words = asking[lang]
  const later = {value: 'later', label: meanwhile ? words.laterBeside : words.later} as const
  const none = optional
    ? [{value: 'not-applicable', label: words.notApplicable} as const]
    : ([] as const)
  return asker.choose({
    ...(signal && {signal}),
    message: open ? words.give : words.holds,
    options: open
      ? [{value: 'given', label: words.given}, ...none, later]
      : [{value: 'no', label: words.no}, {value: 'yes', label: words.yes}, ...none, later],
  })
}

/** Who answers: one of those who may, or somebody else with a role and a name. */
async function who(
  asker: Asker,
  lang: Lang,
  question: AttestQuestion,
  operator: string | undefined,
): Promise<DeclaredPerson | null> {
  const words = asking[lang]
  const {roles, known, signal} = question
  const people = entitled(question)
  const until = {...(signal && {signal})}
  const message = roles.length === 0 ? words.who : words.whoOf(roles.join(', '))
  const picked = await pick(asker, {...until, message, people, other: words.somebodyElse, operator})
  if (picked !== 'other') return picked
  const role = await roleOf(asker, lang, {...until, roles: roles.length > 0 ? roles : known})
  if (role === null) return null
  const name = await asker.write({...until, message: words.name, wrong: requiredIn(lang)})
  return name === null ? null : {role, name}
}

const entitled = ({people, roles}: AttestQuestion): readonly DeclaredPerson[] =>
  people.filter(({role}) => roles.length === 0 || roles.includes(role))

const requiredIn = (lang: Lang) => (value: string) =>
  value === '' ? asking[lang].required : undefined

/** One of `people`, or "somebody else"; nobody to choose from is somebody else. */
async function pick(
  asker: Asker,
  {
    message,
    people,
    other,
    operator,
    signal,
  }: {
    readonly message: string
    readonly people: readonly DeclaredPerson[]
    readonly other: string
    readonly operator: string | undefined
    readonly signal?: AbortSignal
  },
): Promise<DeclaredPerson | 'other' | null> {
  if (people.length === 0) return 'other'
  const own = people.findIndex(({name}) => name === operator)
  const picked = await asker.choose({
    ...(signal && {signal}),
    message,
    options: [
      ...people.map(({name, role}, index) => ({value: `${index}`, label: `${name}, ${role}`})),
      {value: 'other', label: other},
    ],
    initial: own < 0 ? '0' : `${own}`,
  })
  if (picked === null || picked === 'other') return picked
  const person = people[Number(picked)]
  return person === undefined ? null : {name: person.name, role: person.role}
}

async function roleOf(
  asker: Asker,
  lang: Lang,
  {roles, signal}: {readonly roles: readonly string[]; readonly signal?: AbortSignal},
): Promise<string | null> {
  const words = asking[lang]
  const until = {...(signal && {signal})}
  const [only] = roles
  if (only !== undefined && roles.length === 1) return only
  if (roles.length === 0)
    return asker.write({...until, message: words.role, wrong: requiredIn(lang)})
  return asker.choose({
    ...until,
    message: words.role,
    options: roles.map((role) => ({value: role, label: role})),
  })
}

/** A person as an answer: `Name, Role`. */
async function somebody(
  asker: Asker,
  lang: Lang,
  question: AttestQuestion,
  message: string,
  operator: string | undefined,
): Promise<string | null> {
  const words = asking[lang]
  const until = {...(question.signal && {signal: question.signal})}
  const people = question.people
  const picked = await pick(asker, {
    ...until,
    message,
    people,
    other: words.anotherPerson,
    operator,
  })
  if (picked === null) return null
  if (picked !== 'other') return `${picked.name}, ${picked.role}`
  return asker.write({
    ...until,
    message: words.answer,
    wrong: (value) => wrongWords(value, question, lang),
  })
}

/** Questions about a project's set-up; null: the person left. */
export interface TerminalQuestions {
  readonly text: (
    message: Text,
    options: {initial?: string; wrong: (answer: string) => Text | null},
  ) => Promise<string | null>
  readonly choose: (
    message: Text,
    choices: readonly {readonly value: string; readonly label: Text}[],
  ) => Promise<string | null>
  readonly confirm: (message: Text) => Promise<boolean>
}

/** `interrupt`: what Ctrl-C does beside the end of the question. */
export function terminalQuestions(lang: Lang, interrupt: () => void = () => {}): TerminalQuestions {
  const words = asking[lang]
  const asker = askerOf(lang, interrupt)
  return {
    text: (message, {initial, wrong}) =>
      asker.write({
        message: inLang(message, lang),
        ...(initial !== undefined && {initial}),
        wrong(value) {
          if (value === '') return words.required
          const why = wrong(value)
          return why === null ? undefined : inLang(why, lang)
        },
      }),
    choose: (message, choices) =>
      asker.choose({
        message: inLang(message, lang),
        options: choices.map(({value, label}) => ({value, label: inLang(label, lang)})),
      }),
    confirm: async (message) =>
      (await asker.choose({
        message: inLang(message, lang),
        options: [
          {value: 'no', label: words.no},
          {value: 'yes', label: words.yes},
        ],
      })) === 'yes',
  }
}
