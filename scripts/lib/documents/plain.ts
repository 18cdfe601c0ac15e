// Rendered Markdown for a place that shows plain text, such as a chat: without the backslashes that keep
// values from being read as Markdown, and with addresses that can be followed.

/** Entities stay, and so does what keeps `@name` from calling people: chats read those themselves. */
export function chatText(markdown: string): string {
  return markdown
    .replace(/\\([\\`*_~[\]#!+=:.)(-])/g, '$1')
    .replaceAll('&#96;', '`')
    .replace(/:\u2060(?=\/\/)/g, ':')
}
