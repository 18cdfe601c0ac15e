// JSON that comes from outside.

/** undefined for what is no JSON, or is not there: a schema then says what is wrong. */
export function parsedJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
