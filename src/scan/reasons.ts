/** Reasons in the receipt that more than one place knows. */

/** Objects that an earlier scan with the same rules has read, and that held nothing. */
export const KNOWN_CLEAN = 'known clean';
