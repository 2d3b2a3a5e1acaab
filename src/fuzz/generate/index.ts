/** Programs and images that nobody would write, as fast-check arbitraries: they shrink. */
export { fuzzCase } from './fuzz-case.ts';
export { mutatedImage, type MutatedImage } from './images.ts';
export { lowerSoup, soupNumber, withOperands } from './soup.ts';
