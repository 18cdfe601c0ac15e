// What GitHub itself says of a workflow file: its own parser, that of its editor's language server.

import * as nodeModule from 'node:module'

interface Loaded {
  readonly importAttributes?: object
}
type Load = (
  url: string,
  context: Loaded,
  next: (url: string, context: Loaded) => unknown,
) => unknown

/** The package imports its schema without saying that it is JSON, as bundlers take it and Node does not. */
const load: Load = (url, context, next) =>
  next(url, url.endsWith('.json') ? {...context, importAttributes: {type: 'json'}} : context)

// Node 20 has hooks on a thread of their own only, and its types do not know the newer ones.
const registerHooks: unknown = Reflect.get(nodeModule, 'registerHooks')
if (typeof registerHooks === 'function') registerHooks({load})
else
  nodeModule.register(
    `data:text/javascript,${encodeURIComponent(`export const load = async (...a) => (${load})(...a)`)}`,
  )

/** Its complaints; empty where GitHub takes the file. */
export async function workflowErrors(name: string, content: string): Promise<string[]> {
  const {NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow} = await import(
    '@actions/workflow-parser'
  )
  const {context, value} = parseWorkflow({name, content}, new NoOperationTraceWriter())
  if (value !== undefined) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({message}) => message)
}
