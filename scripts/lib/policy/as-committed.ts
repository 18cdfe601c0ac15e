// A policy document on disk may have other line endings than what is committed (`core.autocrlf`): what
// counts, on every machine, is the committed text.

/** The committed text of the file at this path, where git says that only a filter made the difference. */
export type AsCommitted = (absolute: string, text: string) => Promise<string>

/** Where there is no repository to ask. */
export const asItIs: AsCommitted = async (_absolute, text) => text
