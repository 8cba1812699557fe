import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that a failure is always that of a change. To search further:
 * `PROPERTY_SEED=$RANDOM npm test`.
 */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
