// What is in the release, for documents: the sentence, then everything that is listed, each commit with
// its authors and the issues that it names.

import {escapeProse, link} from '../../documents/escape.ts'
import {readSubject} from '../commit-subject.ts'
import type {Fact} from '../facts.ts'
import {recorded} from '../recorded.ts'
import {contentLines, releaseContent} from '../release-content.ts'
import {frenchCount, frenchNumber} from '../times.ts'
import type {ViewInput} from './input.ts'
import {fr} from './words.ts'

type Commit = Fact<'changes'>['commits'][number]

export function content({state}: ViewInput) {
  const changes = recorded(state, 'changes')
  const found = releaseContent(changes, state.checkpoint)
  const [head = ''] = contentLines(found)
  const entries = found.changelog.flatMap((part) => part.entries).length
  const commits = found.groups.flatMap((group) => group.commits).length
  return {
    head: fr(head),
    sentence: capitalised(fr(head)),
    first: [...found.first],
    any: entries + commits > 0,
    size: [
      frenchCount(entries, 'entrée du CHANGELOG', 'entrées du CHANGELOG', ''),
      frenchCount(commits, 'commit', 'commits', ''),
    ]
      .filter((each) => each !== '')
      .join(', '),
    changelog: found.changelog.map(({heading, entries: lines}) => ({heading, entries: [...lines]})),
    groups: found.groups.map((group) => ({
      title: fr(group.title),
      commits: group.commits.map(commitLine),
    })),
    more: found.more === 0 ? '' : frenchNumber(found.more),
  }
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function commitLine({sha, subject, authors = [], issues = []}: Commit) {
  const {scope, text} = readSubject(subject)
  // Forges end a squashed subject with its number, which stands behind it as a link.
  const own = issues.reduce((rest, each) => rest.replace(` (${each.text})`, ''), text)
  return {
    sha: sha.slice(0, 7),
    subject: scope === '' ? own : `${scope} : ${own}`,
    authors: authors.join(', '),
    issues: issues
      .map((each) => (each.link === null ? escapeProse(each.text) : link(each.text, each.link)))
      .join(', '),
  }
}
