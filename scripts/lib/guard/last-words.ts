// What is said when everything else is closed already: a problem, or the stack of a defect. By then the
// session is gone, so the mask that it made is kept here.

import type {Mask} from './mask.ts'

let hide = (text: string): string => text

/** From now on the last words of this process pass through `mask`. */
export function rememberMask({mask}: Pick<Mask, 'mask'>): void {
  hide = mask
}

export const lastWordsOf = (text: string): string => hide(text)
