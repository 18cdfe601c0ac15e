// Pages asked for by HTTP: the status, the type and the words that have to be there.

import {fail, type Judgement, pass} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {request} from './request.ts'

export interface SmokePage {
  readonly path: string
  readonly title: string
  readonly contains?: string | undefined
}

/** One after another, as a person would. */
export async function visitByHttp(
  context: Context,
  pages: readonly SmokePage[],
): Promise<readonly {title: string; judgement: Judgement}[]> {
  const tried: {title: string; judgement: Judgement}[] = []
  for (const page of pages) tried.push({title: page.title, judgement: await one(context, page)})
  return tried
}

async function one(context: Context, page: SmokePage): Promise<Judgement> {
  const answer = await request(context, pageUrl(context, page))
  if ('verdict' in answer) return answer
  if (answer.status !== 200) return fail(`HTTP ${answer.status}`)
  if (page.contains !== undefined && !answer.text.includes(page.contains)) {
    return fail({
      fr: `« ${page.contains} » n’y figure pas`,
      en: `"${page.contains}" is not on it`,
    })
  }
  return pass('HTTP 200')
}

export const pageUrl = (context: Context, page: SmokePage): string =>
  `${context.settings().url.replace(/\/+$/, '')}/${page.path.replace(/^\/+/, '')}`
