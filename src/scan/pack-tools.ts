import type { Detector } from '../detect/detector.ts';
import { createVersionScanner } from '../detect/versions/versions.ts';
import { capacityOf, type ItemScanner, ZONE } from './item-scanner.ts';
import { isPlain, type PackTools } from './scan-pack.ts';
import type { Keeping } from './version-report.ts';

/** Bytes of versions that are held at a time: a few dozen of the largest entries. */
const ROOM = 128 << 20;
/** An item and all that is decoded from it: four times its bytes, and then some. */
const SPARE = 6;

/** Sets up what packs are scanned with, on the detector that the scanner uses too. */
export const createPackTools = (detector: Detector, scanner: ItemScanner, keeping: Keeping): PackTools => ({
  scanner,
  keeping,
  versions: createVersionScanner(detector, {
    spare: capacityOf(detector) * SPARE,
    room: ROOM,
    longest: ZONE,
    isPlain,
  }),
});
