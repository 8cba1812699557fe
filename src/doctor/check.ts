/** One line of `leakgate doctor`. */
export interface Check {
  /** 'fail': a gate would not work, or would always end incomplete. 'note': worth knowing. */
  readonly level: 'ok' | 'note' | 'fail';
  /** What is, and behind a colon what to do about it. */
  readonly text: string;
}

export const ok = (text: string): Check => ({ level: 'ok', text });
export const note = (text: string): Check => ({ level: 'note', text });
export const fail = (text: string): Check => ({ level: 'fail', text });
