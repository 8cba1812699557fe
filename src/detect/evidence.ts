import type { Confidence } from '../types.ts';
import { foldWord } from './rules/words.ts';

/**
 * How a value of a common form stands to the context word before it.
 * given: it is given to a name that says credential, with the word in the name or before it ·
 * direct: it is given to the word itself · near: the word merely stands before it · beside: no word, but the id that it
 * belongs to stands right before it.
 */
export type Evidence = 'given' | 'direct' | 'near' | 'beside';

const CREDENTIAL =
  /key|token|secret|pass(?:w|phrase|code|$)|pwd|auth|cred|bearer|jwt|pat$|hmac|sign|session|cookie|licen[cs]e|dsn|sid$|api/i;
/** Names that say nothing: the credential's name is the one before. */
const PLAIN_NAME = /^(?:value|default|content|data|string|text|const|val|defaultvalue)$/i;
/** A name, what may close it, what gives, and what may open the value. */
const GIVEN =
  /([A-Za-z_$][\w$.-]{0,80})["'`\])}]{0,3}(?:\s*:\s*[A-Za-z][\w.<>]{0,20}\??)?\s{0,8}(?:=>|:=|\|\|=|\?\?=|->|={1,3}|[:,(>]|\s)\s{0,8}(?:[A-Za-z_][\w.]{0,30}\()?(?:Bearer |Basic |Token |token )?[a-zA-Z]{0,2}["'`]{0,3}$/;

/**
 * @param before the text of the line left of the value, from the context word's line start at most 120 characters
 * @param word the context word as it stands there
 */
export const evidenceOf = (before: string, word: string): Evidence => {
  const match = GIVEN.exec(before);
  if (!match) return 'near';
  const name = match[1]!;
  const folded = foldWord(word);
  if (PLAIN_NAME.test(name)) {
    // <add key="acmeApiKey" value="…">, variable "acme_api_key" { default = "…" }
    // The attributes `key` and `name` of XML say nothing themselves.
    const outer = before.slice(0, match.index).replace(/\b(?:key|name)\s*=/gi, '');
    return foldWord(outer).includes(folded) && CREDENTIAL.test(outer) ? 'given' : 'near';
  }
  if (CREDENTIAL.test(name)) return 'given';
  return foldWord(name).includes(folded) ? 'direct' : 'near';
};

const STEP_DOWN: Readonly<Record<Confidence, Confidence>> = { high: 'medium', medium: 'low', low: 'low' };

/** The confidence of a context rule's match: what is given to a credential's name is at least medium. */
export const weighed = (confidence: Confidence, evidence: Evidence): Confidence =>
  evidence === 'near'
    ? STEP_DOWN[confidence]
    : (evidence === 'given' || evidence === 'beside') && confidence === 'low'
      ? 'medium'
      : confidence;

export const EVIDENCE_REASON: Readonly<Record<Evidence, string>> = {
  given: 'it is given to a name that says credential, beside the name of the service',
  direct: 'it is given to the name of the service',
  near: 'the name of the service stands near',
  beside: 'it stands right behind the id that it belongs to',
};
