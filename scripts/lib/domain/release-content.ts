// What is in a release, from the journalled fact `changes`, in words: how much, whose, and the lines worth
// reading first. Plan, confirmation and report say the same.

import {type CommitKind, commitKinds, readSubject} from './commit-subject.ts'
import type {Fact} from './facts.ts'
import {inLang, type Lang, type Text} from './text.ts'
import {versionLabel} from './version-label.ts'

type Changes = Fact<'changes'>
type Commit = Changes['commits'][number]

export interface ContentGroup {
  readonly title: Text
  readonly commits: readonly Commit[]
}

export interface ReleaseContent {
  /** One sentence: how many commits since which version, by whom; or why that is not known. */
  readonly head: Text
  /** `2 nouveautés, 3 corrections`; '' where no subject has a type. */
  readonly kinds: Text
  /** The most telling lines, in the words of those who wrote them. */
  readonly first: readonly string[]
  readonly changelog: Changes['changelog'] & {}
  /** By type where types are used, else one group. */
  readonly groups: readonly ContentGroup[]
  /** Commits that are counted and not listed. */
  readonly more: number
}

const firstMost = 3

export function releaseContent(
  changes: Changes | undefined,
  checkpoint: {readonly commit: string},
): ReleaseContent {
  const commits = changes?.commits ?? []
  const changelog = changes?.changelog ?? []
  const typed = commits.some((each) => kindOf(each) !== 'other')
  const groups = (typed ? commitKinds : (['other'] as const)).map((kind) => ({
    title: typed ? titles[kind] : {fr: 'Commits', en: 'Commits'},
    commits: typed ? commits.filter((each) => kindOf(each) === kind) : commits,
  }))
  return {
    head: headOf(changes, checkpoint),
    kinds: typed ? kindsOf(changes?.kinds ?? countedKinds(commits)) : '',
    first: firstLines(commits, changelog),
    changelog,
    groups: groups.filter((group) => group.commits.length > 0),
    more: Math.max(0, (changes?.total ?? commits.length) - commits.length),
  }
}

const kindOf = ({kind, subject}: Commit): CommitKind => kind ?? readSubject(subject).kind

function countedKinds(commits: readonly Commit[]): NonNullable<Changes['kinds']> {
  const found: Partial<Record<CommitKind, number>> = {}
  for (const each of commits) found[kindOf(each)] = (found[kindOf(each)] ?? 0) + 1
  return found
}

/** What people wrote for people comes first; then new things and mended ones. */
function firstLines(commits: readonly Commit[], changelog: ReleaseContent['changelog']): string[] {
  const written = changelog.flatMap(({entries}) => entries)
  const telling = (['breaking', 'feat', 'fix', 'perf'] as const).flatMap((kind) =>
    commits.filter((each) => kindOf(each) === kind),
  )
  const subjects = (telling.length > 0 ? telling : commits).map(({subject}) => {
    const {scope, text} = readSubject(subject)
    return scope === '' ? text : `${scope} : ${text}`
  })
  return (written.length > 0 ? written : subjects).slice(0, firstMost)
}

function headOf(changes: Changes | undefined, {commit}: {readonly commit: string}): Text {
  if (changes === undefined)
    return {
      fr: 'contenu non relevé : l’historique ne se lit pas',
      en: 'contents not known: history cannot be read',
    }
  const {live, since} = changes
  if (live === null) {
    return {
      fr: 'première mise en ligne : aucune version n’était en ligne',
      en: 'first release: no version was live',
    }
  }
  const name =
    live === undefined
      ? (since ?? '')
      : versionLabel(live.version ?? live.tag, live.commit) || (live.id ?? '')
  if (live !== undefined && live.commit === null) {
    return {
      fr: `contenu inconnu : rien ici ne dit de quel commit vient la version en ligne (${name})`,
      en: `contents unknown: nothing here tells the commit of the live version (${name})`,
    }
  }
  if (live?.commit === commit) {
    return {
      fr: `aucun changement de code : le checkpoint est celui de la version en ligne, ${name}`,
      en: `no change of code: the checkpoint is that of the live version, ${name}`,
    }
  }
  if (live === undefined && since === null)
    return {fr: 'rien qui soit connu', en: 'nothing that is known'}
  const total = changes.total ?? changes.commits.length
  const gone = changes.gone ?? 0
  return {
    fr: `${plural(total, 'fr', ['commit', 'commits'])} depuis ${name}${byWhom(changes, 'fr')}${gone === 0 ? '' : ` ; ATTENTION : ${plural(gone, 'fr', ['commit', 'commits'])} de la version en ligne n’y ${gone === 1 ? 'est' : 'sont'} plus`}`,
    en: `${plural(total, 'en', ['commit', 'commits'])} since ${name}${byWhom(changes, 'en')}${gone === 0 ? '' : `; NOTE: ${plural(gone, 'en', ['commit', 'commits'])} of the live version ${gone === 1 ? 'is' : 'are'} no longer in it`}`,
  }
}

const authorsShown = 5

function byWhom({authors = []}: Changes, lang: Lang): string {
  if (authors.length === 0) return ''
  const shown = authors.slice(0, authorsShown).map(({name, commits}) => `${name} (${commits})`)
  const more = authors.length - shown.length
  return `, ${lang === 'fr' ? 'par' : 'by'} ${shown.join(', ')}${more > 0 ? `, … (+${more})` : ''}`
}

const plural = (count: number, lang: Lang, [one, many]: readonly [string, string]): string =>
  `${count} ${count === 1 || (lang === 'fr' && count === 0) ? one : many}`

function kindsOf(kinds: NonNullable<Changes['kinds']>): Text {
  const said = (lang: Lang) =>
    commitKinds
      .flatMap((kind) => {
        const count = kinds[kind] ?? 0
        return count === 0 ? [] : [plural(count, lang, counts[kind][lang])]
      })
      .join(', ')
  return {fr: said('fr'), en: said('en')}
}

const titles: Readonly<Record<CommitKind, Text>> = {
  breaking: {fr: 'Changements incompatibles', en: 'Breaking changes'},
  feat: {fr: 'Nouveautés', en: 'Features'},
  fix: {fr: 'Corrections', en: 'Fixes'},
  perf: {fr: 'Performances', en: 'Performance'},
  revert: {fr: 'Retraits', en: 'Reverts'},
  refactor: {fr: 'Remaniements', en: 'Refactoring'},
  docs: {fr: 'Documentation', en: 'Documentation'},
  test: {fr: 'Tests', en: 'Tests'},
  build: {fr: 'Construction et intégration', en: 'Build and CI'},
  chore: {fr: 'Entretien', en: 'Chores'},
  other: {fr: 'Autres', en: 'Others'},
}

type Count = readonly [one: string, many: string]

const counts: Readonly<Record<CommitKind, Readonly<Record<Lang, Count>>>> = {
  breaking: {
    fr: ['changement incompatible', 'changements incompatibles'],
    en: ['breaking change', 'breaking changes'],
  },
  feat: {fr: ['nouveauté', 'nouveautés'], en: ['feature', 'features']},
  fix: {fr: ['correction', 'corrections'], en: ['fix', 'fixes']},
  perf: {fr: ['gain de performance', 'gains de performance'], en: ['speed-up', 'speed-ups']},
  revert: {fr: ['retrait', 'retraits'], en: ['revert', 'reverts']},
  refactor: {fr: ['remaniement', 'remaniements'], en: ['refactoring', 'refactorings']},
  docs: {
    fr: ['changement de documentation', 'changements de documentation'],
    en: ['change of documentation', 'changes of documentation'],
  },
  test: {
    fr: ['changement de tests', 'changements de tests'],
    en: ['change of tests', 'changes of tests'],
  },
  build: {
    fr: ['changement de construction', 'changements de construction'],
    en: ['change of the build', 'changes of the build'],
  },
  chore: {fr: ['tâche d’entretien', 'tâches d’entretien'], en: ['chore', 'chores']},
  other: {fr: ['autre', 'autres'], en: ['other', 'others']},
}

/** The lines of a plan or a confirmation: short. */
export function contentLines(content: ReleaseContent): Text[] {
  const {head, kinds, first} = content
  const said = (lang: Lang) => {
    const what = inLang(kinds, lang)
    return `${inLang(head, lang)}${what === '' ? '' : lang === 'fr' ? ` : ${what}` : `: ${what}`}`
  }
  return [{fr: said('fr'), en: said('en')}, ...first.map((line) => `  - ${line}`)]
}
