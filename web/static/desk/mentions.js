/** Colleagues named in a note by `@`: who is being looked for at the caret, and who was named in the end. */

const AT = /(?:^|[\s，。,、：:])@([^\s@]*)$/u;

/** What is being looked for at the caret as `{"query","start"}`, or null. */
export function mentionAt(text, caret) {
  const found = AT.exec(text.slice(0, caret));
  return found ? { query: found[1], start: caret - found[1].length - 1 } : null;
}

/** The colleagues whose name or username has the query in it. */
export function findColleagues(agents, query) {
  const asked = query.toLowerCase();
  return agents.filter(({ name, username }) => name.toLowerCase().includes(asked) || username.toLowerCase().includes(asked));
}

/** The usernames of those whom the text names. */
export function mentionedIn(text, agents) {
  const named = ({ name, username }) => text.includes(`@${name}`) || text.includes(`@${username}`);
  return agents.filter(named).map(({ username }) => username);
}
