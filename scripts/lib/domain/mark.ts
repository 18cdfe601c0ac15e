// The mark of a trial: it stands before what people are shown, and in all that such a run leaves.

/** `SANDBOX` for a trial, '' for the real thing. */
export const markOf = ({sandbox}: {readonly sandbox: boolean}): string => (sandbox ? 'SANDBOX' : '')

/** `SANDBOX · text`. */
export const marked = (mark: string, text: string): string =>
  mark === '' ? text : `${mark} · ${text}`

/** `[SANDBOX] text`, for a line among others: a commit's subject, a chat's message. */
export const bracketed = (mark: string, text: string): string =>
  mark === '' ? text : `[${mark}] ${text}`
