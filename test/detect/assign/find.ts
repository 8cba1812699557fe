import type { Assignment } from '../../../src/detect/assign/assignment.ts';
import { readAssignments } from '../../../src/detect/assign/read.ts';
import { ASSIGNMENT_ANCHORS } from '../../../src/detect/assign/secret-name.ts';

const ANCHOR = new RegExp(ASSIGNMENT_ANCHORS.join('|'), 'gi');

/** Every assignment that a reader finds in a text, asked at each keyword, as latin1. */
export function findAssignments(text: string, read: typeof readAssignments = readAssignments): Assignment[] {
  const latin1 = Buffer.from(text, 'utf8').toString('latin1');
  const found = new Map<number, Assignment>();
  for (const match of latin1.matchAll(ANCHOR)) {
    for (const assignment of read(latin1, match.index, match.index + match[0].length)) {
      if (!found.has(assignment.valueStart)) found.set(assignment.valueStart, assignment);
    }
  }
  return [...found.values()];
}
