import { describeProgramsOn } from '../helpers/programs-on-bench.ts';

// So short that each program has many, and as long as they can be.
describeProgramsOn('native', [17, 4096]);
