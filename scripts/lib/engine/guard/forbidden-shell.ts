import type {ForbiddenAct, ForbiddenOptions} from './forbidden.ts'

export async function findForbidden(
  _commandText: string,
  _options: ForbiddenOptions,
): Promise<readonly ForbiddenAct[]> {
  return []
}
