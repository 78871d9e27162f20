// The keys of a sandbox, while the focus is inside it.

/** What each does; the help shows this table. */
export const KEYS = [
  { keys: [' ', 'k'], act: 'toggle', says: 'Play or pause' },
  { keys: ['.'], act: 'forward', says: 'One event forward' },
  { keys: [','], act: 'backward', says: 'One event back' },
  { keys: ['ArrowRight'], act: 'skip', arg: 5, says: '5 seconds forward' },
  { keys: ['ArrowLeft'], act: 'skip', arg: -5, says: '5 seconds back' },
  { keys: [']'], act: 'next', says: 'To the next milestone' },
  { keys: ['['], act: 'back', says: 'To the milestone before' },
  { keys: [...'0123456789'], act: 'tenth', says: 'To that tenth of the run' },
  { keys: ['>'], act: 'faster', says: 'Twice the speed' },
  { keys: ['<'], act: 'slower', says: 'Half the speed' },
  { keys: ['r'], act: 'restart', says: 'Restart' },
  { keys: ['Shift+R'], act: 'seed', says: 'Restart with a new seed' },
  { keys: ['f'], act: 'fork', says: 'Fork the run here' },
  { keys: ['d'], act: 'describe', says: 'Describe the picture aloud' },
  { keys: ['t'], act: 'table', says: 'The stage as a table' },
  { keys: ['?'], act: 'help', says: 'This help' },
  { keys: ['Enter'], act: 'select', says: 'On a node: what it holds, and what can be done to it' },
  { keys: ['Escape'], act: 'close', says: 'Close what is open' },
];
const MEANING = new Map(KEYS.flatMap((row) => row.keys.map((key) => [key, row])));

/** What a key means here: an act and its argument, or null. Never those that the focused control needs itself. */
export function meaning(event, target, off) {
  const { key } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || target.closest?.('dialog')) return null;
  if (key === 'Escape') return ['close'];
  const press = key === ' ' || key === 'Enter';
  const node = target.closest?.('[data-node]')?.dataset.node;
  if (press && node) return ['select', node];
  const slider = target.type === 'range';
  if (target.matches?.('select, textarea, input:not([type=range], [type=checkbox])') || (press && target.matches?.('button, summary, input[type=checkbox]'))) return null;
  if (off) return null;
  const low = key.length === 1 ? key.toLowerCase() : key;
  const row = (event.shiftKey && MEANING.get(`Shift+${key}`)) || MEANING.get(low);
  if (!row || row.act === 'select' || ((slider || target.matches?.('.scroll')) && row.act === 'skip')) return null;
  return [row.act, row.arg ?? (row.act === 'tenth' ? key : '')];
}
