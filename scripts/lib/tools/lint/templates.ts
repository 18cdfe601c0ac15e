// Every template renders: each placeholder and filter is known, tried on a run where everything happened.

import {DocumentError} from '../../documents/document.ts'
import {renderTemplate, type View} from '../../documents/template.ts'
import {documentViews} from '../../domain/documents.ts'
import {nightlyPostMortemView, releaseGateView} from '../../domain/views/gate.ts'
import {notificationView} from '../../domain/views/notification.ts'
import type {Policy} from '../../policy/policy.ts'
import {sampleInput} from './sample.ts'

const sample = sampleInput()
const at = '2026-01-23T09:00:00.000Z'
const sha = '0'.repeat(40)
const nightly = {id: '1', at, conclusion: 'failure', sha, link: 'https://ci.example.org/1'}

/** What each template is filled from; a template of another name is the project's own affair. */
export const templateViews: Readonly<Record<string, () => View>> = {
  ...Object.fromEntries(
    [...documentViews(sample)].map(([path, view]) => [path.replace('templates/', ''), () => view]),
  ),
  'notification.md': () =>
    notificationView(sample, {
      ...{occasion: 'rollback', text: 'text', asked: ['A question']},
      links: [{name: 'Site', address: 'https://app.example.org'}],
    }),
  'post-mortem-nightly.md': () =>
    nightlyPostMortemView({
      ...{at, branch: 'main', tag: 'v1', runs: [nightly]},
      commits: [{sha, subject: 'A change'}],
    }),
  'release-gate.md': () =>
    releaseGateView({
      ...{at, tag: 'v1', commit: sha, author: 'Alice', committedAt: at, operator: 'camille'},
      database: true,
      changes: 1,
    }),
}

/** The first thing wrong with each template. */
export async function lintTemplates(policy: Policy): Promise<DocumentError[]> {
  const found = await Promise.all(
    [...(await policy.templates())].map(async ([name, {source, path}]) => {
      const view = templateViews[name]
      if (view === undefined) return []
      try {
        await renderTemplate(source, path, view())
        return []
      } catch (error) {
        if (error instanceof DocumentError) return [error]
        throw error
      }
    }),
  )
  return found.flat()
}
